/**
 * The tensor engine: ND4J-backed off-heap float32 memory, matrix products by the OpenBLAS that ND4J runs on, and
 * row kernels in the Vector API. Everything works on one {@link org.commissure.models.tensor.Workspace} and addresses
 * it by float offsets; matrices are row-major. One thread per workspace, no allocation after it is built.
 *
 * <p>Kernels repeat bit for bit on the same machine: no reduction is left to an order that the JIT may choose.
 *
 * <p>Natives: ND4J's build for AVX2 is preferred to the plain one when both are on the classpath, without asking the
 * processor. A machine without AVX2 takes the plain one by {@code -Dorg.bytedeco.javacpp.platform.extension=} (empty).
 * OpenBLAS and the Vector API choose their kernels for the processor by themselves. JavaCPP limits off-heap memory to
 * the heap's maximum unless {@code -Dorg.bytedeco.javacpp.maxbytes} says otherwise.
 */
@NullMarked
package org.commissure.models.tensor;

import org.jspecify.annotations.NullMarked;
