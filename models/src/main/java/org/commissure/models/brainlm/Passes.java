package org.commissure.models.brainlm;

import org.commissure.models.tensor.Workspace;

/**
 * Forward and backward passes of one architecture, one example at a time, on parameters and buffers that it reserved in
 * a model's memory. {@link BrainLm} checks what it passes on: windows are finite and of the right length, parameters are
 * loaded. Not thread-safe, like the machine; nothing is allocated between two passes but results.
 */
interface Passes {
    /** Writes what is fixed by the configuration; called once, before any pass. */
    void fill(Workspace memory);

    /** Values of an embedding. */
    int embeddingWidth();

    /** Whether no output depends on the tensor. */
    boolean isUnused(String tensor);

    /** @throws IllegalArgumentException if this architecture cannot use the mask */
    void check(Mask mask);

    /**
     * Adds {@code weight} times the gradient of the example's loss to the gradients.
     *
     * @param training whether dropout is active
     * @param seed of dropout
     * @return the loss, unweighted
     */
    double addGradient(Machine machine, Example example, float weight, boolean training, long seed);

    /** See {@link MaskedAutoencoder#reconstruct}. */
    double reconstruct(Machine machine, Example example, float[] predictionOut);

    /** See {@link TrainableModel#logits}. */
    void logits(Machine machine, Example example, float[] out);

    /** @param visible whose mask hides nothing, tokens in natural order; likewise below */
    Embedding embed(Machine machine, Example visible);

    /** Adds the gradient of {@code Σ dEmbedding · embedding} to the gradients. */
    void addEmbeddingGradient(Machine machine, Example visible, Pooling pooling, float[] dEmbedding);

    /**
     * Right after {@link #addGradient} without dropout, or {@link #addEmbeddingGradient}, of the same example with
     * nothing between: the gradient with respect to what the encoder saw.
     *
     * @param windowGradientOut {@code [parcels, windowFrames]}, overwritten; 0 where nothing was seen
     */
    void inputGradient(Machine machine, Example example, float[] windowGradientOut);

    /** @throws IllegalArgumentException if there is no such encoder layer */
    AttentionMaps attention(Machine machine, Example visible, int layer);
}
