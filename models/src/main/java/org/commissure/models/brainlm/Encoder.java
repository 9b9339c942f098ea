package org.commissure.models.brainlm;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.commissure.models.tensor.Workspace;

/** The encoder's layers and its final norm, {@code vit.layernorm}; and what can be read from a fully visible window. */
final class Encoder {
    private final LayerStack layers;
    private final Norm norm;
    private final EncoderReadout readout;
    private final long encoded;
    private final int[] natural;
    private long output;

    /**
     * @param names of layer i
     * @param groups of tokens, see {@link EncoderReadout}
     */
    Encoder(
            Workspace.Plan plan,
            ParameterMemory parameters,
            IntFunction<LayerNames> names,
            Stack stack,
            double epsilon,
            Scratch scratch,
            boolean recompute,
            int[] groups) {
        int rows = groups.length + 1;
        layers = new LayerStack(plan, parameters, names, stack, epsilon, rows, scratch, recompute);
        norm = Norm.reserve(plan, parameters, "vit.layernorm", stack.width(), epsilon, rows, scratch.firstPartials());
        readout = new EncoderReadout(plan, stack, layers, groups);
        encoded = plan.reserve((long) rows * stack.width());
        natural = IntStream.range(0, rows).toArray();
    }

    int width() {
        return layers.width();
    }

    /**
     * @param x {@code [rows, width]}, kept unchanged until {@link #backward}
     * @return offset of the normalised output, {@code [rows, width]}
     */
    long forward(Machine machine, long x, int rows) {
        output = layers.forward(machine, x, rows, 0, natural);
        machine.team()
                .run(
                        rows,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> norm.forward(machine.memory(), output, from, to - from, encoded));
        return encoded;
    }

    /** @param dx on entry the gradient of the normalised output; on return that of the input */
    void backward(Machine machine, int rows, long dx) {
        machine.team()
                .run(
                        rows,
                        Workspace.ALIGNMENT,
                        (from, to, member) ->
                                norm.backward(machine.memory(), output, from, to - from, dx, dx, false, member));
        norm.reduce(machine);
        layers.backward(machine, rows, 0, natural, dx);
    }

    /** After a forward pass of all tokens. */
    Embedding embedding(Workspace w) {
        return readout.embedding(w, encoded);
    }

    /** Writes the gradient of all normalised rows, given that of the pooled one. */
    void spread(Workspace w, Pooling pooling, float[] dEmbedding, long dEncoded) {
        readout.spread(w, pooling, dEmbedding, dEncoded);
    }

    /** @throws IllegalArgumentException if there is no such layer */
    void requireLayer(int layer) {
        layers.requireLayer(layer);
    }

    /**
     * Runs the layers up to one and reads its attention.
     *
     * @param x rows of CLS and all tokens
     * @return with groups in the place of parcels
     */
    AttentionMaps attention(Machine machine, long x, int layer) {
        layers.forward(machine, x, natural.length, 0, natural, layer + 1);
        return readout.attention(machine.memory(), layer);
    }
}
