package org.commissure.models.tensor;

/**
 * A fully connected layer {@code y = x·Wᵀ + b} at fixed places of a workspace. Gradients are added to, so that a batch
 * may be summed example by example.
 *
 * @param weight offset of W, {@code [out, in]}; {@code weightGradient} likewise
 * @param bias offset of b, {@code [out]}; {@code biasGradient} likewise
 */
public record Linear(int in, int out, long weight, long bias, long weightGradient, long biasGradient) {

    /** {@code y = x·Wᵀ + b}; {@code x} is {@code [rows, in]}, {@code y} is {@code [rows, out]}. */
    public void forward(Workspace w, long x, int rows, long y) {
        for (int row = 0; row < rows; row++) {
            w.copy(bias, y + (long) row * out, out);
        }
        addProduct(w, x, rows, y);
    }

    /** {@code y ← y + x·Wᵀ}, where {@code y} already holds the bias or something to add to. */
    public void addProduct(Workspace w, long x, int rows, long y) {
        Gemm.multiply(w, false, true, rows, out, in, 1, x, in, weight, in, 1, y, out);
    }

    /** Columns {@code [first, out)} of {@code y = x·Wᵀ + b}; the others are left alone. */
    public void forwardFrom(Workspace w, int first, long x, int rows, long y) {
        int columns = out - first;
        for (int row = 0; row < rows; row++) {
            w.copy(bias + first, y + (long) row * out + first, columns);
        }
        Gemm.multiply(w, false, true, rows, columns, in, 1, x, in, weight + (long) first * in, in, 1, y + first, out);
    }

    /** Adds the gradients of W and b, whose outputs the team's members share out. */
    public void addParameterGradients(Workspace w, Team team, long x, int rows, long dy) {
        team.run(out, Workspace.ALIGNMENT, (from, to, member) -> addParameterGradients(w, x, rows, dy, from, to));
    }

    /** Adds the gradients of the outputs {@code [from, to)} of W and b. */
    public void addParameterGradients(Workspace w, long x, int rows, long dy, int from, int to) {
        addWeightGradient(w, x, rows, dy, from, to);
        Elementwise.addColumnSums(w, dy, rows, out, from, to, biasGradient);
    }

    /** Adds the gradient of W alone. */
    public void addWeightGradient(Workspace w, long x, int rows, long dy, int from, int to) {
        Gemm.multiply(
                w,
                true,
                false,
                to - from,
                in,
                rows,
                1,
                dy + from,
                out,
                x,
                in,
                1,
                weightGradient + (long) from * in,
                in);
    }

    /** {@code dx = dy·W + keep·dx}. */
    public void inputGradient(Workspace w, long dy, int rows, float keep, long dx) {
        Gemm.multiply(w, false, false, rows, in, out, 1, dy, out, weight, in, keep, dx, in);
    }
}
