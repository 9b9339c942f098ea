/**
 * Privacy loss distributions: the loss of one step on a grid (connect the dots), composed by Fourier transform
 * under an exponential tilt, and ε read off as an upper bound with its own error.
 */
@NullMarked
package org.commissure.privacy.dp.pld;

import org.jspecify.annotations.NullMarked;
