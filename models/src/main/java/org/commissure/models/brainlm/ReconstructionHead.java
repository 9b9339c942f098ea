package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/** The decoder's end: norm, {@code decoder_pred1} to half the width, LeakyReLU, {@code decoder_pred2} to a patch. */
final class ReconstructionHead {
    private final BrainLmConfiguration c;
    private final TransformerLayer.Norm norm;
    private final Linear first;
    private final Linear second;
    private final int normalised;
    private final int activated;
    private final int predicted;
    private final int wide;
    private final int narrow;

    ReconstructionHead(
            Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, TransformerLayer.Scratch scratch) {
        this.c = c;
        int tokens = c.tokens();
        norm = TransformerLayer.Norm.reserve(
                plan, parameters, "decoder.decoder_norm", c.encoder().width(), tokens);
        first = parameters.linear(
                "decoder.decoder_pred1", c.encoder().width(), c.encoder().width() / 2);
        second = parameters.linear("decoder.decoder_pred2", c.encoder().width() / 2, c.patchFrames());
        normalised = plan.reserve((long) tokens * c.encoder().width());
        activated = plan.reserve((long) tokens * (c.encoder().width() / 2));
        predicted = plan.reserve((long) tokens * c.patchFrames());
        wide = scratch.wide();
        narrow = scratch.narrow();
    }

    /**
     * Predicts the masked patches.
     *
     * @param x {@code [masked, hidden]}, the decoder's rows of the masked tokens
     * @return offset of {@code [masked, patchFrames]}
     */
    int forward(Workspace w, int x, int masked) {
        norm.forward(w, x, masked, normalised);
        first.forward(w, normalised, masked, activated);
        Elementwise.leakyRelu(w, activated, masked * (c.encoder().width() / 2));
        second.forward(w, activated, masked, predicted);
        return predicted;
    }

    /**
     * @param dPredicted gradient of the predictions
     * @param dx the gradient of {@code x} is added to it
     */
    void backward(Workspace w, int x, int masked, int dPredicted, int dx) {
        second.parameterGradients(w, activated, masked, dPredicted);
        second.inputGradient(w, dPredicted, masked, wide);
        Elementwise.leakyReluBackward(w, activated, wide, masked * (c.encoder().width() / 2));
        first.parameterGradients(w, normalised, masked, wide);
        first.inputGradient(w, wide, masked, narrow);
        norm.backward(w, x, masked, narrow, dx);
    }
}
