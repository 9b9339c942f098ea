package org.commissure.models.brainlm;

import org.commissure.models.tensor.Gemm;
import org.commissure.models.tensor.Softmax;
import org.commissure.models.tensor.Workspace;

/**
 * Exact multi-head softmax attention over one sequence. Queries, keys and values of all heads lie side by side in
 * {@code qkv}, {@code [rows, 3·hidden]}; a head is a strided view. Works on blocks of query rows, whose scores stay in
 * the second-level cache; the probabilities are kept for the backward pass.
 */
final class Attention {
    private static final int BLOCK = 64;

    private final int hidden;
    private final int heads;
    private final int size;
    private final float scale;
    private final int probabilities;
    private final int block;

    /** @param block a buffer of {@link #blockFloats} that layers may share: it holds nothing between calls */
    Attention(Workspace.Plan plan, BrainLmConfiguration c, int maximumRows, int block) {
        hidden = c.encoder().width();
        heads = c.encoder().heads();
        size = c.encoder().headSize();
        scale = (float) (1 / Math.sqrt(size));
        probabilities = plan.reserve((long) heads * maximumRows * Workspace.roundUp(maximumRows));
        this.block = block;
    }

    static int blockFloats(int maximumRows) {
        return BLOCK * Workspace.roundUp(maximumRows);
    }

    /**
     * Attends from the query rows {@code [first, rows)} to all rows.
     *
     * @param out {@code [rows, hidden]}; rows before {@code first} are left alone
     */
    void forward(Workspace w, int qkv, int rows, int first, int out) {
        int stride = Workspace.roundUp(rows);
        for (int head = 0; head < heads; head++) {
            int query = qkv + head * size;
            int key = query + hidden;
            int value = key + hidden;
            for (int from = first; from < rows; from += BLOCK) {
                int n = Math.min(BLOCK, rows - from);
                int p = probabilities(head, from, rows, stride);
                Gemm.multiply(
                        w,
                        false,
                        true,
                        n,
                        rows,
                        size,
                        scale,
                        query + from * 3 * hidden,
                        3 * hidden,
                        key,
                        3 * hidden,
                        0,
                        p,
                        stride);
                Softmax.forward(w, p, n, rows, stride);
                Gemm.multiply(
                        w,
                        false,
                        false,
                        n,
                        size,
                        rows,
                        1,
                        p,
                        stride,
                        value,
                        3 * hidden,
                        0,
                        out + from * hidden + head * size,
                        hidden);
            }
        }
    }

    /**
     * @param dOut gradient of {@code out}; rows before {@code first} are not read
     * @param dQkv overwritten, laid out as {@code qkv}
     */
    void backward(Workspace w, int qkv, int rows, int first, int dOut, int dQkv) {
        int stride = Workspace.roundUp(rows);
        int row = 3 * hidden;
        w.zero(dQkv, first * row); // queries that nobody asked have no gradient; keys and values are overwritten below
        for (int head = 0; head < heads; head++) {
            int query = head * size;
            int key = query + hidden;
            int value = key + hidden;
            for (int from = first; from < rows; from += BLOCK) {
                int n = Math.min(BLOCK, rows - from);
                int p = probabilities(head, from, rows, stride);
                int d = dOut + from * hidden + head * size;
                float keep = from == first ? 0 : 1;
                Gemm.multiply(w, true, false, rows, size, n, 1, p, stride, d, hidden, keep, dQkv + value, row);
                Gemm.multiply(w, false, true, n, rows, size, 1, d, hidden, qkv + value, row, 0, block, stride);
                Softmax.backward(w, p, block, n, rows, stride, scale);
                Gemm.multiply(
                        w,
                        false,
                        false,
                        n,
                        size,
                        rows,
                        1,
                        block,
                        stride,
                        qkv + key,
                        row,
                        0,
                        dQkv + query + from * row,
                        row);
                Gemm.multiply(
                        w,
                        true,
                        false,
                        rows,
                        size,
                        n,
                        1,
                        block,
                        stride,
                        qkv + query + from * row,
                        row,
                        keep,
                        dQkv + key,
                        row);
            }
        }
    }

    private int probabilities(int head, int row, int rows, int stride) {
        return probabilities + (head * rows + row) * stride;
    }
}
