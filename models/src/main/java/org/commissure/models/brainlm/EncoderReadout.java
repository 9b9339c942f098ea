package org.commissure.models.brainlm;

import org.commissure.models.tensor.Workspace;

/** Embeddings and attention maps of a fully visible window, whose rows are CLS and then all tokens in order. */
final class EncoderReadout {
    private static final int ROWS = 64;

    private final BrainLmConfiguration c;
    private final LayerStack encoder;
    private final int width;
    private final long block;

    EncoderReadout(Workspace.Plan plan, BrainLmConfiguration c, LayerStack encoder) {
        this.c = c;
        this.encoder = encoder;
        width = c.encoder().width();
        block = plan.reserve((long) ROWS * Workspace.roundUp(c.tokens() + 1));
    }

    /** @param encoded {@code [1 + tokens, width]} */
    Embedding embedding(Workspace w, long encoded) {
        float[] cls = new float[width];
        w.copyOut(encoded, cls, 0, width);
        double[] sums = new double[width];
        float[] row = new float[width];
        for (int token = 0; token < c.tokens(); token++) {
            w.copyOut(encoded + (token + 1L) * width, row, 0, width);
            for (int j = 0; j < width; j++) {
                sums[j] += row[j];
            }
        }
        float[] mean = new float[width];
        for (int j = 0; j < width; j++) {
            mean[j] = (float) (sums[j] / c.tokens());
        }
        return new Embedding(cls, mean);
    }

    /** Writes the gradient of all encoder rows, {@code [1 + tokens, width]}, given that of the pooled one. */
    void spread(Workspace w, Pooling pooling, float[] dEmbedding, long dEncoded) {
        w.zero(dEncoded, (c.tokens() + 1L) * width);
        if (pooling == Pooling.CLS) {
            w.copyIn(dEmbedding, 0, dEncoded, width);
            return;
        }
        float[] share = new float[width];
        for (int j = 0; j < width; j++) {
            share[j] = dEmbedding[j] / c.tokens();
        }
        for (int token = 0; token < c.tokens(); token++) {
            w.copyIn(share, 0, dEncoded + (token + 1L) * width, width);
        }
    }

    /** Maps of a layer after a forward pass to it; probabilities exist for {@value #ROWS} queries at a time. */
    AttentionMaps attention(Workspace w, int layer) {
        int rows = c.tokens() + 1;
        int heads = c.encoder().heads();
        double[] cls = new double[c.tokens()];
        double[] parcels = new double[c.parcels() * c.parcels()];
        float[] probabilities = new float[rows];
        for (int head = 0; head < heads; head++) {
            for (int begin = 0; begin < rows; begin += ROWS) {
                int n = Math.min(ROWS, rows - begin);
                encoder.layer(layer).probabilities(w, rows, head, begin, n, block);
                for (int i = 0; i < n; i++) {
                    w.copyOut(block + (long) i * Workspace.roundUp(rows), probabilities, 0, rows);
                    addRow(begin + i, probabilities, heads, cls, parcels);
                }
            }
        }
        return new AttentionMaps(floats(cls), floats(parcels));
    }

    private void addRow(int query, float[] probabilities, int heads, double[] cls, double[] parcels) {
        if (query == 0) {
            for (int token = 0; token < c.tokens(); token++) {
                cls[token] += probabilities[token + 1] / (double) heads;
            }
            return;
        }
        int from = (query - 1) / c.patches() * c.parcels();
        double share = 1.0 / (heads * (double) c.patches());
        for (int token = 0; token < c.tokens(); token++) {
            parcels[from + token / c.patches()] += share * probabilities[token + 1];
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
