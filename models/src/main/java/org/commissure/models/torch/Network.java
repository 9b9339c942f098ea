package org.commissure.models.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.AttentionMaps;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;

/**
 * The forward pass of one architecture. Every call happens within a pointer scope; whether it is recorded for autograd
 * is the caller's choice.
 */
interface Network extends AutoCloseable {

    /** Whether no output depends on the tensor. */
    boolean isUnused(String tensor);

    /** @throws IllegalArgumentException if this architecture cannot use the mask */
    void check(Mask mask);

    /**
     * The configured loss of each example.
     *
     * @param examples whose masks have equally many visible and equally many masked tokens
     * @param training whether dropout is active
     * @return {@code [examples]}, float32
     */
    Tensor losses(List<Example> examples, boolean training);

    /** See {@link org.commissure.models.brainlm.MaskedAutoencoder#reconstruct}. */
    double reconstruct(Example example, float[] predictionOut);

    /** See {@link org.commissure.models.brainlm.TrainableModel#logits}. */
    void logits(Example example, float[] out);

    /**
     * The encoder's rows after its final norm, CLS first.
     *
     * @param visible whose mask hides nothing; likewise below
     * @return {@code [1 + tokens, width]}
     */
    Tensor encode(Example visible);

    /** See {@link org.commissure.models.brainlm.TrainableModel#attention}. */
    AttentionMaps attention(Example visible, int layer);

    /** An upper estimate of the memory that a training step holds for one example, in bytes. */
    long bytesPerExample(int visible, int masked);

    @Override
    void close();
}
