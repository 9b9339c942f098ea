package org.commissure.models.brainlm;

import java.util.OptionalDouble;

/**
 * A model that also tells how what it says depends on each value of its window, for attribution. Like the model itself:
 * one instance, one thread; arrays of another length are refused with an {@link IllegalArgumentException}.
 */
public interface InputGradients {

    /**
     * Gradient of the loss over the masked values with respect to the visible ones; the masked values are what is
     * predicted, and stay what they are. No dropout.
     *
     * @param windowGradientOut {@code [parcels, windowFrames]}, overwritten; 0 where the model saw nothing
     * @return the loss
     */
    double inputGradient(Example example, float[] windowGradientOut);

    /**
     * Gradient of {@code Σ dEmbedding · embedding} with respect to a fully visible window.
     *
     * @param repetitionTimeSeconds as in {@link Example}
     * @param dEmbedding {@code [width]}
     * @param windowGradientOut {@code [parcels, windowFrames]}, overwritten
     */
    void embeddingInputGradient(
            float[] window,
            OptionalDouble repetitionTimeSeconds,
            Pooling pooling,
            float[] dEmbedding,
            float[] windowGradientOut);
}
