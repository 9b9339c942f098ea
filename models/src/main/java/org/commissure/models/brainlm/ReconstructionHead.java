package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/** The decoder's end: norm, {@code decoder_pred1} to half the width, LeakyReLU, {@code decoder_pred2} to a patch. */
final class ReconstructionHead {
    private final int width;
    private final Norm norm;
    private final Linear first;
    private final Linear second;
    private final long normalised;
    private final long activated;
    private final long predicted;
    private final Scratch scratch;

    ReconstructionHead(Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, Scratch scratch) {
        int tokens = c.tokens();
        width = c.decoder().width();
        norm = Norm.reserve(
                plan, parameters, "decoder.decoder_norm", width, c.layerNormEpsilon(), tokens, scratch.firstPartials());
        first = parameters.linear("decoder.decoder_pred1", width, width / 2);
        second = parameters.linear("decoder.decoder_pred2", width / 2, c.patchFrames());
        normalised = plan.reserve((long) tokens * width);
        activated = plan.reserve((long) tokens * (width / 2));
        predicted = plan.reserve((long) tokens * c.patchFrames());
        this.scratch = scratch;
    }

    /**
     * Predicts the masked patches.
     *
     * @param x {@code [masked, width]}, the decoder's rows of the masked tokens
     * @return offset of {@code [masked, patchFrames]}
     */
    long forward(Machine machine, long x, int masked) {
        Workspace w = machine.memory();
        machine.team().run(masked, Workspace.ALIGNMENT, (from, to, member) -> {
            int n = to - from;
            long half = activated + (long) from * (width / 2);
            norm.forward(w, x, from, n, normalised);
            first.forward(w, normalised + (long) from * width, n, half);
            Elementwise.leakyRelu(w, half, (long) n * (width / 2));
            second.forward(w, half, n, predicted + (long) from * second.out());
        });
        return predicted;
    }

    /**
     * @param dPredicted gradient of the predictions
     * @param dx the gradient of {@code x} is added to it
     */
    void backward(Machine machine, long x, int masked, long dPredicted, long dx) {
        Workspace w = machine.memory();
        long dActivated = scratch.wide();
        second.addParameterGradients(w, machine.team(), activated, masked, dPredicted);
        machine.team().run(masked, Workspace.ALIGNMENT, (from, to, member) -> {
            int n = to - from;
            long half = (long) from * (width / 2);
            second.inputGradient(w, dPredicted + (long) from * second.out(), n, 0, dActivated + half);
            Elementwise.leakyReluBackward(w, activated + half, dActivated + half, (long) n * (width / 2));
            first.inputGradient(w, dActivated + half, n, 0, scratch.narrow() + (long) from * width);
            norm.backward(w, x, from, n, scratch.narrow(), dx, true, member);
        });
        norm.reduce(machine);
        first.addParameterGradients(w, machine.team(), normalised, masked, dActivated);
    }
}
