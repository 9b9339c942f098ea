package org.commissure.models.brainlm;

import org.commissure.models.tensor.LayerNorm;
import org.commissure.models.tensor.Workspace;

/**
 * A layer norm's place in the workspace.
 *
 * @param statistics {@code [rows, 2]}, from the forward pass
 * @param partials each team member's sums for the gradients of scale and shift
 */
record Norm(
        int width,
        double epsilon,
        long scale,
        long shift,
        long scaleGradient,
        long shiftGradient,
        long statistics,
        long partials) {

    /** @param partials room for {@link LayerNorm#partialFloats} floats a member, zero between passes; may be shared */
    static Norm reserve(
            Workspace.Plan plan,
            ParameterMemory parameters,
            String name,
            int width,
            double epsilon,
            int maximumRows,
            long partials) {
        return new Norm(
                width,
                epsilon,
                parameters.value(name + ".weight"),
                parameters.value(name + ".bias"),
                parameters.gradient(name + ".weight"),
                parameters.gradient(name + ".bias"),
                plan.reserve(2L * maximumRows),
                partials);
    }

    /** Normalises {@code rows} rows from row {@code from}; {@code x} and {@code y} are those of row 0. */
    void forward(Workspace w, long x, int from, int rows, long y) {
        long skip = (long) from * width;
        LayerNorm.forward(w, x + skip, rows, width, epsilon, scale, shift, y + skip, statistics + 2L * from);
    }

    /** Adds the input's gradient to {@code dx}, or overwrites it; parameters' gradients wait in the partial sums. */
    void backward(Workspace w, long x, int from, int rows, long dy, long dx, boolean add, int member) {
        long skip = (long) from * width;
        LayerNorm.backward(
                w,
                x + skip,
                rows,
                width,
                scale,
                statistics + 2L * from,
                dy + skip,
                dx + skip,
                add,
                partials + (long) member * LayerNorm.partialFloats(width));
    }

    /** Adds the partial sums of all members to the parameters' gradients. */
    void reduce(Machine machine) {
        LayerNorm.reduce(machine.memory(), partials, machine.team().size(), width, scaleGradient, shiftGradient);
    }
}
