package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * From a window to the encoder's rows: the learned CLS token, then one row per visible token, {@code signal·Wsᵀ + bs +
 * xyz·Wxᵀ + bx + time}.
 */
final class EncoderInput {
    private final BrainLmConfiguration c;
    private final Linear signal;
    private final Linear place;
    private final int cls;
    private final int clsGradient;
    private final TokenTables tables;
    private final int patches;
    private final int places;
    private final int rows;

    EncoderInput(Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, TokenTables tables) {
        this.c = c;
        this.tables = tables;
        signal = parameters.linear(
                "vit.embeddings.signal_embedding_projection",
                c.patchFrames(),
                c.encoder().width());
        place = parameters.linear(
                "vit.embeddings.xyz_embedding_projection", 3, c.encoder().width());
        cls = parameters.value("vit.embeddings.cls_token");
        clsGradient = parameters.gradient("vit.embeddings.cls_token");
        patches = plan.reserve((long) c.tokens() * c.patchFrames());
        places = plan.reserve((long) c.tokens() * 3);
        rows = plan.reserve((long) (c.tokens() + 1) * c.encoder().width());
    }

    /** @return offset of {@code [1 + visible, hidden]} */
    int forward(Workspace w, float[] window, Mask mask) {
        int h = c.encoder().width();
        w.copy(cls, rows, h);
        int body = rows + h;
        int n = mask.visibleCount();
        for (int i = 0; i < n; i++) {
            int token = mask.visible(i);
            // A token's values are consecutive in the window: token·patchFrames = parcel·windowFrames +
            // patch·patchFrames.
            w.copyIn(window, token * c.patchFrames(), patches + i * c.patchFrames(), c.patchFrames());
            tables.copyPlace(w, token, places + 3 * i);
            tables.copyTime(w, token, body + i * h);
        }
        Elementwise.addToRows(w, signal.bias(), body, n, h);
        Elementwise.addToRows(w, place.bias(), body, n, h);
        signal.addProduct(w, patches, n, body);
        place.addProduct(w, places, n, body);
        return rows;
    }

    /** @param dRows gradient of the rows */
    void backward(Workspace w, Mask mask, int dRows) {
        int h = c.encoder().width();
        int n = mask.visibleCount();
        w.copy(dRows, clsGradient, h);
        signal.parameterGradients(w, patches, n, dRows + h);
        place.weightGradient(w, places, n, dRows + h);
        w.copy(signal.biasGradient(), place.biasGradient(), h); // both biases are added to the same rows
    }
}
