/**
 * The BrainLM family on libtorch: the second implementation of {@link org.commissure.models.brainlm.TrainableModel}. On
 * an NVIDIA GPU it is the training engine; on the CPU its automatic differentiation is the oracle for the engine in
 * {@code models.brainlm}, and the peer in benchmarks. Nothing outside this package touches a libtorch class, so that
 * the native libraries (which Commissure does not ship) are needed only by those who choose this engine.
 *
 * <p>Native memory: every public method opens a {@code PointerScope}, so that each intermediate tensor is freed when it
 * returns and not when the garbage collector notices. What lives longer is counted by {@link
 * org.commissure.models.torch.Kept}.
 */
@NullMarked
package org.commissure.models.torch;

import org.jspecify.annotations.NullMarked;
