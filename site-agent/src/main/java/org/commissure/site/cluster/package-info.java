/** Fits of many subjects on the hospital's own cluster: Spark, or Slurm. */
@NullMarked
package org.commissure.site.cluster;

import org.jspecify.annotations.NullMarked;
