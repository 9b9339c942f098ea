package org.commissure.models.brainlm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.commissure.models.tensor.Workspace;

/**
 * Layers one after the other. With recomputation all layers share one set of buffers: each forward pass but the last is
 * run again before its backward pass, which costs a third more time and saves most of the activations' memory.
 */
final class LayerStack {
    private final int width;
    private final boolean recompute;
    private final List<TransformerLayer> layers = new ArrayList<>();
    private final long[] inputs;

    /** @param names of layer i */
    LayerStack(
            Workspace.Plan plan,
            ParameterMemory parameters,
            IntFunction<LayerNames> names,
            Stack stack,
            double epsilon,
            int maximumRows,
            Scratch scratch,
            boolean recompute) {
        width = stack.width();
        this.recompute = recompute;
        inputs = new long[stack.layers()];
        TransformerLayer.Buffers shared = TransformerLayer.Buffers.reserve(plan, stack, maximumRows);
        for (int i = 0; i < stack.layers(); i++) {
            var own = recompute || i == 0 ? shared : TransformerLayer.Buffers.reserve(plan, stack, maximumRows);
            layers.add(
                    new TransformerLayer(plan, parameters, names.apply(i), stack, epsilon, maximumRows, own, scratch));
        }
    }

    /**
     * @param x {@code [rows, width]}, kept unchanged until {@link #backward}
     * @param lastFirst first row that anybody reads of the last layer's output
     * @param order row at each position of the sequence
     * @return offset of the last layer's output
     */
    long forward(Machine machine, long x, int rows, int lastFirst, int[] order) {
        return forward(machine, x, rows, lastFirst, order, layers.size());
    }

    /** As above, through the first {@code count} layers only; all of them compute all rows unless it is the last. */
    long forward(Machine machine, long x, int rows, int lastFirst, int[] order, int count) {
        long at = x;
        for (int i = 0; i < count; i++) {
            inputs[i] = at;
            at = layers.get(i).forward(machine, at, rows, first(i, lastFirst), order);
        }
        return at;
    }

    /** @param dx on entry the gradient of the output, 0 in rows before {@code lastFirst}; on return that of the input */
    void backward(Machine machine, int rows, int lastFirst, int[] order, long dx) {
        for (int i = layers.size() - 1; i >= 0; i--) {
            int first = first(i, lastFirst);
            if (recompute && i < layers.size() - 1) {
                layers.get(i).forward(machine, inputs[i], rows, first, order);
            }
            layers.get(i).backward(machine, inputs[i], rows, first, order, dx);
        }
    }

    /** The layer whose attention {@link TransformerLayer#probabilities} may be asked for after a forward pass to it. */
    TransformerLayer layer(int i) {
        return layers.get(i);
    }

    /** @throws IllegalArgumentException if there is no such layer */
    void requireLayer(int i) {
        if (i < 0 || i >= layers.size()) {
            throw new IllegalArgumentException(
                    "layer " + i + " does not exist; the encoder has layers 0 to " + (layers.size() - 1));
        }
    }

    int width() {
        return width;
    }

    private int first(int layer, int lastFirst) {
        return layer == layers.size() - 1 ? lastFirst : 0;
    }
}
