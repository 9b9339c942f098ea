package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Gemm;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * A Transformer layer, pre-norm ({@code a = x + attention(norm(x)); out = a + dense(norm(a))}) or, with a convolution in
 * its attention, the original's post-norm ({@code a = norm(x + attention(x)); out = norm(a + dense(a))}); GELU lies
 * between the two dense maps. Only output rows {@code [first, rows)} are computed: nobody reads the last decoder
 * layer's other rows.
 *
 * <p>Everything but attention treats rows one by one, so members of the team take rows and carry them through all maps
 * in blocks that stay in the cache.
 */
final class TransformerLayer {
    /** OpenBLAS packs a weight matrix anew for every block: fewer blocks cost less than the cache misses save. */
    private static final int ROWS = 512;

    private final int width;
    private final int feedForward;
    private final boolean postNorm;
    private final Attention attention;
    private final Linear queryKeyValue;
    private final Linear attentionOutput;
    private final Linear intermediate;
    private final Linear output;
    private final Norm firstNorm;
    private final Norm secondNorm;
    private final Buffers buffers;
    private final Scratch scratch;
    private final long out;

    /**
     * What the backward pass needs of the forward pass.
     *
     * @param normalised pre-norm: the first norm's output
     * @param beforeSecondNorm pre-norm: the sum that the second norm reads; post-norm: what the first norm reads
     * @param dense what the dense maps read: a norm's output in both forms
     * @param slope GELU's derivative; {@code activated}: its value
     * @param unnormalised post-norm: what the last norm reads
     */
    record Buffers(
            long normalised,
            long projected,
            long attended,
            long beforeSecondNorm,
            long dense,
            long slope,
            long activated,
            long unnormalised) {

        static Buffers reserve(Workspace.Plan plan, Stack stack, int maximumRows) {
            long narrow = (long) maximumRows * stack.width();
            long wide = (long) maximumRows * stack.feedForward();
            return new Buffers(
                    plan.reserve(narrow),
                    plan.reserve(3 * narrow),
                    plan.reserve(narrow),
                    plan.reserve(narrow),
                    plan.reserve(narrow),
                    plan.reserve(wide),
                    plan.reserve(wide),
                    plan.reserve(narrow));
        }
    }

    /** @param buffers of this layer alone, or shared by layers whose forward pass is repeated before its backward pass */
    TransformerLayer(
            Workspace.Plan plan,
            ParameterMemory parameters,
            LayerNames names,
            Stack stack,
            double epsilon,
            int maximumRows,
            Buffers buffers,
            Scratch scratch) {
        width = stack.width();
        feedForward = stack.feedForward();
        postNorm = names.convolution().isPresent();
        this.buffers = buffers;
        this.scratch = scratch;
        attention = new Attention(plan, stack, maximumRows, convolution(parameters, names, stack), scratch.attention());
        queryKeyValue =
                parameters.linear(names.self() + ".query.weight", names.self() + ".query.bias", width, 3 * width);
        attentionOutput = parameters.linear(names.attentionOutput(), width, width);
        intermediate = parameters.linear(names.intermediate(), width, feedForward);
        output = parameters.linear(names.output(), feedForward, width);
        firstNorm =
                Norm.reserve(plan, parameters, names.firstNorm(), width, epsilon, maximumRows, scratch.firstPartials());
        secondNorm = Norm.reserve(
                plan, parameters, names.secondNorm(), width, epsilon, maximumRows, scratch.secondPartials());
        out = plan.reserve((long) maximumRows * width);
    }

    private static Attention.Convolution convolution(ParameterMemory parameters, LayerNames names, Stack stack) {
        return names.convolution()
                .map(name -> new Attention.Convolution(
                        parameters.layout().tensor(name).length() / stack.heads(),
                        parameters.value(name),
                        parameters.gradient(name)))
                .orElse(Attention.Convolution.NONE);
    }

    /**
     * @param x {@code [rows, width]}, kept unchanged until {@link #backward}
     * @param order row at each position of the sequence
     * @return offset of the output, {@code [rows, width]}; rows before {@code first} are undefined
     */
    long forward(Machine machine, long x, int rows, int first, int[] order) {
        Workspace w = machine.memory();
        long read = postNorm ? x : buffers.normalised();
        machine.team().run(rows, Workspace.ALIGNMENT, (from, to, member) -> {
            int step = Attention.block(to - from, ROWS);
            for (int row = from; row < to; ) {
                int end = Math.min(row < first ? first : to, Math.min(to, row + step));
                if (!postNorm) {
                    firstNorm.forward(w, x, row, end - row, buffers.normalised());
                }
                long at = (long) row * width;
                // Queries of rows that nobody reads are not computed.
                queryKeyValue.forwardFrom(
                        w, row < first ? width : 0, read + at, end - row, buffers.projected() + 3 * at);
                row = end;
            }
        });
        attention.forward(machine, buffers.projected(), rows, first, order, buffers.attended());
        machine.team().run(rows - first, Workspace.ALIGNMENT, (from, to, member) -> {
            int step = Attention.block(to - from, ROWS);
            for (int row = first + from; row < first + to; row += step) {
                afterAttention(w, x, row, Math.min(step, first + to - row));
            }
        });
        return out;
    }

    private void afterAttention(Workspace w, long x, int row, int n) {
        long at = (long) row * width;
        long wide = (long) row * feedForward;
        // Input, bias and product go into one sum: the product adds to what is there.
        Elementwise.addRow(w, attentionOutput.bias(), x + at, buffers.beforeSecondNorm() + at, n, width);
        attentionOutput.addProduct(w, buffers.attended() + at, n, buffers.beforeSecondNorm() + at);
        Norm norm = postNorm ? firstNorm : secondNorm;
        norm.forward(w, buffers.beforeSecondNorm(), row, n, buffers.dense());
        intermediate.forward(w, buffers.dense() + at, n, buffers.slope() + wide);
        Elementwise.gelu(w, buffers.slope() + wide, buffers.activated() + wide, (long) n * feedForward);
        long residual = postNorm ? buffers.dense() : buffers.beforeSecondNorm();
        long sum = postNorm ? buffers.unnormalised() : out;
        Elementwise.addRow(w, output.bias(), residual + at, sum + at, n, width);
        output.addProduct(w, buffers.activated() + wide, n, sum + at);
        if (postNorm) {
            secondNorm.forward(w, sum, row, n, out);
        }
    }

    /**
     * @param x as given to {@link #forward}
     * @param dx on entry the gradient of the output, 0 in rows before {@code first}; on return the gradient of {@code
     *     x}
     */
    void backward(Machine machine, long x, int rows, int first, int[] order, long dx) {
        Workspace w = machine.memory();
        int n = rows - first;
        long skip = (long) first * width;
        long wideSkip = (long) first * feedForward;
        if (postNorm) {
            machine.team()
                    .run(
                            n,
                            Workspace.ALIGNMENT,
                            (from, to, member) -> secondNorm.backward(
                                    w, buffers.unnormalised(), first + from, to - from, dx, dx, false, member));
            secondNorm.reduce(machine);
        }
        output.addParameterGradients(w, machine.team(), buffers.activated() + wideSkip, n, dx + skip);
        machine.team().run(n, Workspace.ALIGNMENT, (from, to, member) -> {
            int step = Attention.block(to - from, ROWS);
            for (int row = first + from; row < first + to; row += step) {
                beforeAttention(w, row, Math.min(step, first + to - row), dx, member);
            }
        });
        (postNorm ? firstNorm : secondNorm).reduce(machine);
        intermediate.addParameterGradients(w, machine.team(), buffers.dense() + skip, n, scratch.wide() + wideSkip);
        attentionOutput.addParameterGradients(w, machine.team(), buffers.attended() + skip, n, dx + skip);
        attention.backward(
                machine, buffers.projected(), rows, first, order, buffers.attended(), scratch.narrow(), scratch.wide());
        long read = postNorm ? x : buffers.normalised();
        machine.team().run(3 * width, Workspace.ALIGNMENT, (from, to, member) -> {
            projectionGradients(w, read, rows, first, from, Math.min(to, width));
            projectionGradients(w, read, rows, first, Math.max(from, width), to);
        });
        machine.team().run(rows, Workspace.ALIGNMENT, (from, to, member) -> {
            int step = Attention.block(to - from, ROWS);
            for (int row = from; row < to; ) {
                int end = Math.min(row < first ? first : to, Math.min(to, row + step));
                beforeProjection(w, x, row, end - row, row < first, dx, member);
                row = end;
            }
        });
        if (!postNorm) {
            firstNorm.reduce(machine);
        }
    }

    /** From the gradient of the output to that of attention's output, row by row. */
    private void beforeAttention(Workspace w, int row, int n, long dx, int member) {
        long at = (long) row * width;
        long wide = (long) row * feedForward;
        long dActivated = scratch.wide() + wide;
        output.inputGradient(w, dx + at, n, 0, dActivated);
        Elementwise.multiply(w, buffers.slope() + wide, dActivated, (long) n * feedForward);
        if (postNorm) {
            intermediate.inputGradient(w, dActivated, n, 1, dx + at);
            firstNorm.backward(w, buffers.beforeSecondNorm(), row, n, dx, dx, false, member);
        } else {
            intermediate.inputGradient(w, dActivated, n, 0, scratch.narrow() + at);
            secondNorm.backward(w, buffers.beforeSecondNorm(), row, n, scratch.narrow(), dx, true, member);
        }
        attentionOutput.inputGradient(w, dx + at, n, 0, scratch.narrow() + at);
    }

    /**
     * Gradients of the projection's outputs {@code [from, to)}: queries take part from row {@code first}, keys and
     * values from all rows. A key's bias shifts all scores of a query alike, which softmax ignores: its gradient is
     * exactly 0, and summing its rounding errors would only give Adam noise to amplify.
     */
    private void projectionGradients(Workspace w, long read, int rows, int first, int from, int to) {
        if (from >= to) {
            return;
        }
        int skip = to <= width ? first : 0;
        long dProjected = scratch.wide() + (long) skip * 3 * width;
        queryKeyValue.addWeightGradient(w, read + (long) skip * width, rows - skip, dProjected, from, to);
        long bias = queryKeyValue.biasGradient();
        if (to <= width) {
            Elementwise.addColumnSums(w, dProjected, rows - skip, 3 * width, from, to, bias);
        } else if (to > 2 * width) {
            Elementwise.addColumnSums(w, dProjected, rows - skip, 3 * width, Math.max(from, 2 * width), to, bias);
        }
    }

    private void beforeProjection(Workspace w, long x, int row, int n, boolean unread, long dx, int member) {
        long at = (long) row * width;
        int skip = unread ? width : 0;
        long target = postNorm ? dx : scratch.narrow();
        Gemm.multiply(
                w,
                false,
                false,
                n,
                width,
                3 * width - skip,
                1,
                scratch.wide() + 3 * at + skip,
                3 * width,
                queryKeyValue.weight() + (long) skip * width,
                width,
                postNorm ? 1 : 0,
                target + at,
                width);
        if (!postNorm) {
            firstNorm.backward(w, x, row, n, scratch.narrow(), dx, true, member);
        }
    }

    /** Attention probabilities after {@link #forward}; see {@link Attention#probabilities}. */
    void probabilities(Workspace w, int rows, int head, int begin, int n, long to) {
        attention.probabilities(w, buffers.projected(), rows, head, begin, n, to);
    }
}
