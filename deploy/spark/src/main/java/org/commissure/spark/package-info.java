/** Fits of many subjects on a Spark cluster. Depends on {@code models} and Spark only. */
@NullMarked
package org.commissure.spark;

import org.jspecify.annotations.NullMarked;
