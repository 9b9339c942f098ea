/** Fits of many subjects as tasks in a folder that every worker of a cluster sees. */
@NullMarked
package org.commissure.models.meanfield.cluster;

import org.jspecify.annotations.NullMarked;
