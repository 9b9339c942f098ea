package org.commissure.models.brainlm;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A masked autoencoder that also trains in place and shows its inside: parameters, gradients and optimiser state live
 * where the model computes. Contracts of {@link MaskedAutoencoder} hold; {@link #step} and what follows it need {@link
 * #beginTraining} first where they say so.
 */
public interface TrainableModel extends MaskedAutoencoder {

    /** Names the engine and what it runs on, for example {@code cpu, 2 threads}. */
    String device();

    /**
     * The decoder's output at every token that the mask names, visible ones too; no dropout.
     *
     * @param out {@code [parcels, windowFrames]}; values of tokens that the mask does not name are left alone
     */
    void logits(Example example, float[] out);

    /** The same for a window whose repetition time is not known. */
    default void logits(float[] window, Mask mask, float[] out) {
        logits(new Example(window, mask), out);
    }

    @Override
    default double gradient(float[] window, Mask mask, float[] gradientOut) {
        return gradient(new Example(window, mask), gradientOut);
    }

    @Override
    double gradient(Example example, float[] gradientOut);

    @Override
    default double reconstruct(float[] window, Mask mask, float[] predictionOut) {
        return reconstruct(new Example(window, mask), predictionOut);
    }

    @Override
    double reconstruct(Example example, float[] predictionOut);

    /** Copies the parameters out, in layout order. */
    void readParameters(float[] out);

    /**
     * Takes the loaded parameters as the start (and as FedProx's w₀) and allocates optimiser state. May be called again
     * to begin anew.
     */
    void beginTraining(AdamSettings settings);

    /**
     * One step on the mean loss of a batch. Needs {@link #beginTraining}.
     *
     * @throws ArithmeticException if loss or gradient is NaN or infinite; parameters are then unchanged and the
     *     message names the example by its index in the batch
     */
    StepResult step(List<Example> batch, StepSettings settings);

    /** A copy of the optimiser's state. Needs {@link #beginTraining}. */
    OptimiserState optimiserState();

    /** Goes on from a checkpoint: load its parameters, begin training, then load its state. */
    void loadOptimiserState(OptimiserState state);

    /** Sets FedProx's w₀ to something other than the parameters that training began with. */
    void setAnchor(float[] parameters);

    /**
     * Embeds a fully visible window (tokens in natural order, no dropout).
     *
     * @param repetitionTimeSeconds as in {@link Example}; likewise below
     */
    Embedding embed(float[] window, OptionalDouble repetitionTimeSeconds);

    /** The same for a window whose repetition time is not known. */
    default Embedding embed(float[] window) {
        return embed(window, OptionalDouble.empty());
    }

    /**
     * Gradient of {@code Σ dEmbedding · embedding} with respect to the parameters, for heads that train the encoder.
     *
     * @param dEmbedding {@code [width]}
     * @param gradientOut overwritten; 0 where the embedding does not depend on a parameter
     */
    void embeddingGradient(
            float[] window,
            OptionalDouble repetitionTimeSeconds,
            Pooling pooling,
            float[] dEmbedding,
            float[] gradientOut);

    /** The same for a window whose repetition time is not known. */
    default void embeddingGradient(float[] window, Pooling pooling, float[] dEmbedding, float[] gradientOut) {
        embeddingGradient(window, OptionalDouble.empty(), pooling, dEmbedding, gradientOut);
    }

    /**
     * Attention of one encoder layer for a fully visible window; computed block by block, nothing of tokens² is stored.
     *
     * @param layer 0 is the first
     */
    AttentionMaps attention(float[] window, OptionalDouble repetitionTimeSeconds, int layer);

    /** The same for a window whose repetition time is not known. */
    default AttentionMaps attention(float[] window, int layer) {
        return attention(window, OptionalDouble.empty(), layer);
    }
}
