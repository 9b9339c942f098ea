package org.commissure.models.brainlm;

import java.util.Arrays;
import org.commissure.models.tensor.Workspace;

/** Embeddings and attention maps of a fully visible window, whose rows are CLS and then all tokens in order. */
final class EncoderReadout {
    private static final int ROWS = 64;

    private final LayerStack encoder;
    private final int width;
    private final int heads;
    private final int tokens;
    private final int[] groups;
    private final int[] sizes;
    private final long block;

    /**
     * @param groups which group each token's attention is counted for: its parcel, or its row of an image; from 0
     *     without gaps
     */
    EncoderReadout(Workspace.Plan plan, Stack stack, LayerStack encoder, int[] groups) {
        this.encoder = encoder;
        this.groups = groups;
        width = stack.width();
        heads = stack.heads();
        tokens = groups.length;
        sizes = new int[Arrays.stream(groups).max().orElseThrow() + 1];
        for (int group : groups) {
            sizes[group]++;
        }
        block = plan.reserve((long) ROWS * Workspace.roundUp(tokens + 1));
    }

    /** @param encoded {@code [1 + tokens, width]} */
    Embedding embedding(Workspace w, long encoded) {
        float[] cls = new float[width];
        w.copyOut(encoded, cls, 0, width);
        double[] sums = new double[width];
        float[] row = new float[width];
        for (int token = 0; token < tokens; token++) {
            w.copyOut(encoded + (token + 1L) * width, row, 0, width);
            for (int j = 0; j < width; j++) {
                sums[j] += row[j];
            }
        }
        float[] mean = new float[width];
        for (int j = 0; j < width; j++) {
            mean[j] = (float) (sums[j] / tokens);
        }
        return new Embedding(cls, mean);
    }

    /** Writes the gradient of all encoder rows, {@code [1 + tokens, width]}, given that of the pooled one. */
    void spread(Workspace w, Pooling pooling, float[] dEmbedding, long dEncoded) {
        w.zero(dEncoded, (tokens + 1L) * width);
        if (pooling == Pooling.CLS) {
            w.copyIn(dEmbedding, 0, dEncoded, width);
            return;
        }
        float[] share = new float[width];
        for (int j = 0; j < width; j++) {
            share[j] = dEmbedding[j] / tokens;
        }
        for (int token = 0; token < tokens; token++) {
            w.copyIn(share, 0, dEncoded + (token + 1L) * width, width);
        }
    }

    /**
     * Maps of a layer after a forward pass to it; probabilities exist for {@value #ROWS} queries at a time.
     *
     * @return with {@code [groups, groups]} in the place of parcels
     */
    AttentionMaps attention(Workspace w, int layer) {
        int rows = tokens + 1;
        double[] cls = new double[tokens];
        double[] between = new double[sizes.length * sizes.length];
        float[] probabilities = new float[rows];
        for (int head = 0; head < heads; head++) {
            for (int begin = 0; begin < rows; begin += ROWS) {
                int n = Math.min(ROWS, rows - begin);
                encoder.layer(layer).probabilities(w, rows, head, begin, n, block);
                for (int i = 0; i < n; i++) {
                    w.copyOut(block + (long) i * Workspace.roundUp(rows), probabilities, 0, rows);
                    addRow(begin + i, probabilities, cls, between);
                }
            }
        }
        return new AttentionMaps(floats(cls), floats(between));
    }

    private void addRow(int query, float[] probabilities, double[] cls, double[] between) {
        if (query == 0) {
            for (int token = 0; token < tokens; token++) {
                cls[token] += probabilities[token + 1] / (double) heads;
            }
            return;
        }
        int group = groups[query - 1];
        double share = 1.0 / (heads * (double) sizes[group]);
        for (int token = 0; token < tokens; token++) {
            between[group * sizes.length + groups[token]] += share * probabilities[token + 1];
        }
    }

    private static float[] floats(double[] values) {
        float[] copy = new float[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (float) values[i];
        }
        return copy;
    }
}
