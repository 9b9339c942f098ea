/** Arrays in NumPy's {@code .npy} format. */
@NullMarked
package org.commissure.models.npy;

import org.jspecify.annotations.NullMarked;
