package org.commissure.models.brainlm;

import org.commissure.models.tensor.AttentionRows;
import org.commissure.models.tensor.Gemm;
import org.commissure.models.tensor.TokenConvolution;
import org.commissure.models.tensor.Workspace;

/**
 * Exact multi-head softmax attention over one sequence, tile by tile (Dao et al. 2022): scores exist for one block of
 * queries and keys at a time and are computed again in the backward pass, so nothing of tokens² is stored. Queries,
 * keys and values of all heads lie side by side in {@code qkv}, {@code [rows, 3·width]}; a head is a strided view.
 *
 * <p>In the original a depthwise convolution of the values is added, along {@code order}: the rows in token order.
 */
final class Attention {
    /** Two tiles of these sizes, scores and their gradients, stay in a second-level cache of 1 MiB. */
    static final int QUERY_BLOCK = 128;

    private static final int KEY_BLOCK = 768;
    private static final long NOWHERE = -1;

    private final int width;
    private final int heads;
    private final int size;
    private final int row;
    private final float scale;
    private final long logSums;
    private final int maximumRows;
    private final long softmaxed;
    private final Convolution convolution;
    private final Scratch scratch;

    /** Tiles and row statistics of each team member; they hold nothing between calls, so all layers share them. */
    record Scratch(long tiles, long rows) {
        private static final long TILE = (long) QUERY_BLOCK * KEY_BLOCK;

        static Scratch reserve(Workspace.Plan plan, int members) {
            return new Scratch(plan.reserve(2 * TILE * members), plan.reserve(4L * QUERY_BLOCK * members));
        }

        long scores(int member) {
            return tiles + 2 * TILE * member;
        }

        long gradients(int member) {
            return scores(member) + TILE;
        }

        long first(int member) {
            return rows + 4L * QUERY_BLOCK * member;
        }

        long second(int member) {
            return first(member) + QUERY_BLOCK;
        }
    }

    /** @param taps 0 if there is none; weights are {@code [heads, taps]} */
    record Convolution(int taps, long weights, long weightGradients) {
        static final Convolution NONE = new Convolution(0, 0, 0);
    }

    Attention(Workspace.Plan plan, Stack stack, int maximumRows, Convolution convolution, Scratch scratch) {
        width = stack.width();
        heads = stack.heads();
        size = stack.headSize();
        row = 3 * width;
        scale = (float) (1 / Math.sqrt(size));
        this.maximumRows = maximumRows;
        this.convolution = convolution;
        this.scratch = scratch;
        logSums = plan.reserve((long) heads * maximumRows);
        softmaxed = convolution.taps() > 0 ? plan.reserve((long) maximumRows * width) : NOWHERE;
    }

    /**
     * Attends from the query rows {@code [first, rows)} to all rows.
     *
     * @param order row at each position of the sequence, for the convolution
     * @param out {@code [rows, width]}; rows before {@code first} are left alone
     */
    void forward(Machine machine, long qkv, int rows, int first, int[] order, long out) {
        Workspace w = machine.memory();
        int queries = block(rows - first, QUERY_BLOCK);
        int blocks = (rows - first + queries - 1) / queries;
        long target = softmaxPart(out);
        machine.team().run(heads * blocks, 1, (from, to, member) -> {
            for (int item = from; item < to; item++) {
                int begin = first + item % blocks * queries;
                forwardBlock(w, qkv, rows, item / blocks, begin, Math.min(queries, rows - begin), target, member);
            }
        });
        if (convolution.taps() > 0) {
            w.copy(softmaxed + (long) first * width, out + (long) first * width, (long) (rows - first) * width);
            machine.team().run(rows, Workspace.ALIGNMENT, (from, to, member) -> {
                for (int head = 0; head < heads; head++) {
                    convolve(w, qkv, rows, head, order, from, to, first, out);
                }
            });
        }
    }

    /** What softmax attention alone gives: the backward pass needs it without the convolution. */
    private long softmaxPart(long out) {
        return convolution.taps() > 0 ? softmaxed : out;
    }

    private void forwardBlock(Workspace w, long qkv, int rows, int head, int begin, int n, long out, int member) {
        long query = qkv + (long) begin * row + (long) head * size;
        long target = out + (long) begin * width + (long) head * size;
        long tile = scratch.scores(member);
        long maxima = scratch.first(member);
        long sums = scratch.second(member);
        int keys = block(rows, KEY_BLOCK);
        for (int from = 0; from < rows; from += keys) {
            int k = Math.min(keys, rows - from);
            int stride = Workspace.roundUp(k);
            long key = qkv + (long) from * row + width + (long) head * size;
            Gemm.multiply(w, false, true, n, k, size, scale, query, row, key, row, 0, tile, stride);
            AttentionRows.exponentiate(w, tile, n, k, stride, from == 0, maxima, sums, target, size, width);
            float keep = from == 0 ? 0 : 1;
            Gemm.multiply(w, false, false, n, size, k, 1, tile, stride, key + width, row, keep, target, width);
        }
        AttentionRows.normalise(w, n, maxima, sums, target, size, width, logSums(head) + begin);
    }

    private void convolve(
            Workspace w, long qkv, int rows, int head, int[] order, int from, int to, int first, long out) {
        TokenConvolution.forward(
                w,
                convolution.weights() + (long) head * convolution.taps(),
                convolution.taps(),
                qkv + 2L * width + (long) head * size,
                row,
                size,
                order,
                rows,
                from,
                to,
                first,
                out + (long) head * size,
                width);
    }

    /**
     * @param out as {@link #forward} left it
     * @param dOut gradient of {@code out}; rows before {@code first} are not read
     * @param dQkv overwritten, laid out as {@code qkv}; queries before {@code first} are left alone
     */
    void backward(Machine machine, long qkv, int rows, int first, int[] order, long out, long dOut, long dQkv) {
        Workspace w = machine.memory();
        long attended = softmaxPart(out);
        int queries = block(rows - first, QUERY_BLOCK);
        machine.team().run(heads, 1, (from, to, member) -> {
            for (int head = from; head < to; head++) {
                for (int begin = first; begin < rows; begin += queries) {
                    int n = Math.min(queries, rows - begin);
                    float keep = begin == first ? 0 : 1;
                    backwardBlock(w, qkv, rows, head, begin, n, keep, attended, dOut, dQkv, member);
                }
                if (convolution.taps() > 0) {
                    convolveBackward(w, qkv, rows, head, order, first, dOut, dQkv);
                }
            }
        });
    }

    private void backwardBlock(
            Workspace w,
            long qkv,
            int rows,
            int head,
            int begin,
            int n,
            float keep,
            long attended,
            long dOut,
            long dQkv,
            int member) {
        long part = (long) head * size;
        long query = (long) begin * row + part;
        long d = dOut + (long) begin * width + part;
        long tile = scratch.scores(member);
        long dTile = scratch.gradients(member);
        long products = scratch.first(member);
        AttentionRows.rowProducts(w, attended + (long) begin * width + part, d, n, size, width, products);
        int keys = block(rows, KEY_BLOCK);
        for (int from = 0; from < rows; from += keys) {
            int k = Math.min(keys, rows - from);
            int stride = Workspace.roundUp(k);
            long key = (long) from * row + width + part;
            long value = key + width;
            Gemm.multiply(w, false, true, n, k, size, scale, qkv + query, row, qkv + key, row, 0, tile, stride);
            Gemm.multiply(w, false, true, n, k, size, 1, d, width, qkv + value, row, 0, dTile, stride);
            AttentionRows.backward(w, tile, dTile, n, stride, logSums(head) + begin, products);
            Gemm.multiply(w, true, false, k, size, n, 1, tile, stride, d, width, keep, dQkv + value, row);
            Gemm.multiply(w, true, false, k, size, n, scale, dTile, stride, qkv + query, row, keep, dQkv + key, row);
            float keepQuery = from == 0 ? 0 : 1;
            Gemm.multiply(
                    w, false, false, n, size, k, scale, dTile, stride, qkv + key, row, keepQuery, dQkv + query, row);
        }
    }

    private void convolveBackward(
            Workspace w, long qkv, int rows, int head, int[] order, int first, long dOut, long dQkv) {
        long part = (long) head * size;
        TokenConvolution.backward(
                w,
                convolution.weights() + (long) head * convolution.taps(),
                convolution.taps(),
                qkv + 2L * width + part,
                row,
                size,
                order,
                rows,
                first,
                dOut + part,
                width,
                dQkv + 2L * width + part,
                convolution.weightGradients() + (long) head * convolution.taps());
    }

    /**
     * Probabilities of {@code n} queries from row {@code begin} against all keys, after {@link #forward}.
     *
     * @param to {@code [n, roundUp(rows)]}
     */
    void probabilities(Workspace w, long qkv, int rows, int head, int begin, int n, long to) {
        long part = (long) head * size;
        int stride = Workspace.roundUp(rows);
        long query = qkv + (long) begin * row + part;
        Gemm.multiply(w, false, true, n, rows, size, scale, query, row, qkv + width + part, row, 0, to, stride);
        AttentionRows.probabilities(w, to, n, stride, logSums(head) + begin);
    }

    private long logSums(int head) {
        return logSums + (long) head * maximumRows;
    }

    /** Size of blocks of at most {@code most}: as few as possible, all of about one size. */
    static int block(int rows, int most) {
        int blocks = (rows + most - 1) / most;
        return Workspace.roundUp((rows + blocks - 1) / blocks);
    }
}
