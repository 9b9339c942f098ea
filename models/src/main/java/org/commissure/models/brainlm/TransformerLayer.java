package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.LayerNorm;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * A pre-norm Transformer layer: {@code a = x + attention(norm(x)); out = a + feedForward(norm(a))}, with GELU in
 * between. Only output rows {@code [first, rows)} are computed: the last decoder layer's other rows are read by nobody.
 */
final class TransformerLayer {
    private final int hidden;
    private final int feedForward;
    private final Attention attention;
    private final Linear queryKeyValue;
    private final Linear attentionOutput;
    private final Linear intermediate;
    private final Linear output;
    private final Norm before;
    private final Norm after;
    private final int normalisedBefore;
    private final int projected;
    private final int attended;
    private final int residual;
    private final int normalisedAfter;
    private final int slope;
    private final int activated;
    private final int out;
    private final Scratch scratch;

    /** Buffers that hold nothing between calls, shared by all layers. */
    record Scratch(int wide, int narrow, int attentionBlock) {
        static Scratch reserve(Workspace.Plan plan, BrainLmConfiguration c, int maximumRows) {
            return new Scratch(
                    plan.reserve((long) maximumRows
                            * Math.max(3 * c.encoder().width(), c.encoder().feedForward())),
                    plan.reserve((long) maximumRows * c.encoder().width()),
                    plan.reserve(Attention.blockFloats(maximumRows)));
        }
    }

    TransformerLayer(
            Workspace.Plan plan,
            ParameterMemory parameters,
            String prefix,
            BrainLmConfiguration c,
            int maximumRows,
            Scratch scratch) {
        hidden = c.encoder().width();
        feedForward = c.encoder().feedForward();
        this.scratch = scratch;
        attention = new Attention(plan, c, maximumRows, scratch.attentionBlock());
        String self = prefix + ".attention.self.query";
        queryKeyValue = parameters.linear(self + ".weight", self + ".bias", hidden, 3 * hidden);
        attentionOutput = parameters.linear(prefix + ".attention.output.dense", hidden, hidden);
        intermediate = parameters.linear(prefix + ".intermediate.dense", hidden, feedForward);
        output = parameters.linear(prefix + ".output.dense", feedForward, hidden);
        before = Norm.reserve(plan, parameters, prefix + ".layernorm_before", hidden, maximumRows);
        after = Norm.reserve(plan, parameters, prefix + ".layernorm_after", hidden, maximumRows);
        long narrow = (long) maximumRows * hidden;
        long wide = (long) maximumRows * feedForward;
        normalisedBefore = plan.reserve(narrow);
        projected = plan.reserve(3 * narrow);
        attended = plan.reserve(narrow);
        residual = plan.reserve(narrow);
        normalisedAfter = plan.reserve(narrow);
        slope = plan.reserve(wide);
        activated = plan.reserve(wide);
        out = plan.reserve(narrow);
    }

    /**
     * @param x {@code [rows, hidden]}, kept unchanged until {@link #backward}
     * @return offset of the output, {@code [rows, hidden]}; rows before {@code first} are undefined
     */
    int forward(Workspace w, int x, int rows, int first) {
        int n = rows - first;
        int skip = first * hidden;
        before.forward(w, x, rows, normalisedBefore);
        queryKeyValue.forward(w, normalisedBefore, rows, projected);
        attention.forward(w, projected, rows, first, attended);
        // x + b + attended·Wᵀ in one product; b is added row by row first.
        addRows(w, x + skip, n, attentionOutput.bias(), residual + skip);
        attentionOutput.addProduct(w, attended + skip, n, residual + skip);
        after.forward(w, residual + skip, n, normalisedAfter + skip);
        intermediate.forward(w, normalisedAfter + skip, n, slope);
        Elementwise.gelu(w, slope, activated, n * feedForward);
        addRows(w, residual + skip, n, output.bias(), out + skip);
        output.addProduct(w, activated, n, out + skip);
        return out;
    }

    private void addRows(Workspace w, int x, int rows, int bias, int y) {
        w.copy(x, y, rows * hidden);
        Elementwise.addToRows(w, bias, y, rows, hidden);
    }

    /**
     * @param x as given to {@link #forward}
     * @param dx on entry the gradient of the output, 0 in rows before {@code first}; on return the gradient of {@code
     *     x}
     */
    void backward(Workspace w, int x, int rows, int first, int dx) {
        int n = rows - first;
        int skip = first * hidden;
        int wide = scratch.wide();
        int narrow = scratch.narrow();
        output.parameterGradients(w, activated, n, dx + skip);
        output.inputGradient(w, dx + skip, n, wide);
        Elementwise.multiply(w, slope, wide, n * feedForward);
        intermediate.parameterGradients(w, normalisedAfter + skip, n, wide);
        intermediate.inputGradient(w, wide, n, narrow);
        after.backward(w, residual + skip, n, narrow, dx + skip);
        attentionOutput.parameterGradients(w, attended + skip, n, dx + skip);
        attentionOutput.inputGradient(w, dx + skip, n, narrow + skip);
        attention.backward(w, projected, rows, first, narrow, wide);
        queryKeyValue.parameterGradients(w, normalisedBefore, rows, wide);
        queryKeyValue.inputGradient(w, wide, rows, narrow);
        before.backward(w, x, rows, narrow, dx);
    }

    /** A layer norm's place in the workspace. */
    record Norm(int width, int scale, int shift, int scaleGradient, int shiftGradient, int statistics) {
        static Norm reserve(Workspace.Plan plan, ParameterMemory parameters, String name, int width, int maximumRows) {
            return new Norm(
                    width,
                    parameters.value(name + ".weight"),
                    parameters.value(name + ".bias"),
                    parameters.gradient(name + ".weight"),
                    parameters.gradient(name + ".bias"),
                    plan.reserve(2L * maximumRows));
        }

        void forward(Workspace w, int x, int rows, int y) {
            LayerNorm.forward(w, x, rows, width, scale, shift, y, statistics);
        }

        /** Adds the gradient of {@code x} to {@code dx}. */
        void backward(Workspace w, int x, int rows, int dy, int dx) {
            LayerNorm.backward(w, x, rows, width, scale, statistics, dy, dx, scaleGradient, shiftGradient);
        }
    }
}
