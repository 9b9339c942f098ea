package org.commissure.models.tensor;

/**
 * A fully connected layer {@code y = x·Wᵀ + b} at fixed places of a workspace. Gradients are overwritten, not added to:
 * every layer is used once per pass.
 *
 * @param weight offset of W, {@code [out, in]}; {@code weightGradient} likewise
 * @param bias offset of b, {@code [out]}; {@code biasGradient} likewise
 * @param ones offset of as many ones as any call has rows; a bias' gradient is a product with them
 */
public record Linear(int in, int out, int weight, int bias, int weightGradient, int biasGradient, int ones) {

    /** {@code y = x·Wᵀ + b}; {@code x} is {@code [rows, in]}, {@code y} is {@code [rows, out]}. */
    public void forward(Workspace w, int x, int rows, int y) {
        for (int row = 0; row < rows; row++) {
            w.copy(bias, y + row * out, out);
        }
        addProduct(w, x, rows, y);
    }

    /** {@code y ← y + x·Wᵀ}, where {@code y} already holds the bias or something to add to. */
    public void addProduct(Workspace w, int x, int rows, int y) {
        Gemm.multiply(w, false, true, rows, out, in, 1, x, in, weight, in, 1, y, out);
    }

    /** Gradients of W and b. */
    public void parameterGradients(Workspace w, int x, int rows, int dy) {
        weightGradient(w, x, rows, dy);
        columnSums(w, dy, rows, biasGradient);
    }

    /** Gradient of W alone. */
    public void weightGradient(Workspace w, int x, int rows, int dy) {
        Gemm.multiply(w, true, false, out, in, rows, 1, dy, out, x, in, 0, weightGradient, in);
    }

    /** {@code to = Σ dy} over rows of {@code [rows, out]}. */
    public void columnSums(Workspace w, int dy, int rows, int to) {
        Gemm.multiply(w, true, false, out, 1, rows, 1, dy, out, ones, 1, 0, to, 1);
    }

    /** {@code dx = dy·W}. */
    public void inputGradient(Workspace w, int dy, int rows, int dx) {
        Gemm.multiply(w, false, false, rows, in, out, 1, dy, out, weight, in, 0, dx, in);
    }
}
