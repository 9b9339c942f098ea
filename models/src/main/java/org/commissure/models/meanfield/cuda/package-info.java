/**
 * The regional mean-field model on an NVIDIA GPU: one kernel source ({@code meanfield.cu}), compiled at run time for the
 * GPU and the size of the connectome.
 *
 * <p>The driver and the compiler are called through Java's foreign function interface: eighteen functions of
 * {@code libcuda.so.1} and ten of {@code libnvrtc.so}. Bindings would add jars to every site for these, and tie the
 * program to one release of CUDA.
 */
@NullMarked
package org.commissure.models.meanfield.cuda;

import org.jspecify.annotations.NullMarked;
