package org.commissure.models.brainlm;

import java.util.List;

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
    void logits(float[] window, Mask mask, float[] out);

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

    /** Embeds a fully visible window (tokens in natural order, no dropout). */
    Embedding embed(float[] window);

    /**
     * Gradient of {@code Σ dEmbedding · embedding} with respect to the parameters, for heads that train the encoder.
     *
     * @param dEmbedding {@code [width]}
     * @param gradientOut overwritten; 0 where the embedding does not depend on a parameter
     */
    void embeddingGradient(float[] window, Pooling pooling, float[] dEmbedding, float[] gradientOut);

    /**
     * Attention of one encoder layer for a fully visible window; computed block by block, nothing of tokens² is stored.
     *
     * @param layer 0 is the first
     */
    AttentionMaps attention(float[] window, int layer);
}
