package org.commissure.models.brainlm;

import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * From the encoder's rows to the decoder's: CLS, then the visible, then the masked tokens. Visible rows are {@code
 * encoded·Weᵀ + be}, masked ones the learned mask token; both add {@code xyz·Wxᵀ + bx + time}; CLS adds nothing. The
 * original puts tokens back in window order; attention does not see the order of rows, so none is restored here.
 */
final class DecoderInput {
    private final BrainLmConfiguration c;
    private final Linear embed;
    private final Linear place;
    private final int maskToken;
    private final int maskTokenGradient;
    private final TokenTables tables;
    private final int places;
    private final int rows;

    DecoderInput(Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, TokenTables tables) {
        this.c = c;
        this.tables = tables;
        embed = parameters.linear(
                "decoder.decoder_embed", c.encoder().width(), c.encoder().width());
        place = parameters.linear(
                "decoder.decoder_xyz_projection", 3, c.encoder().width());
        maskToken = parameters.value("decoder.mask_token");
        maskTokenGradient = parameters.gradient("decoder.mask_token");
        places = plan.reserve((long) c.tokens() * 3);
        rows = plan.reserve((long) (c.tokens() + 1) * c.encoder().width());
    }

    /**
     * @param encoded {@code [1 + visible, hidden]}
     * @return offset of {@code [1 + tokens, hidden]}
     */
    int forward(Workspace w, int encoded, Mask mask) {
        int h = c.encoder().width();
        int visible = mask.visibleCount();
        int body = rows + h;
        w.zero(rows, h);
        for (int i = 0; i < mask.tokens(); i++) {
            int token = i < visible ? mask.visible(i) : mask.masked(i - visible);
            tables.copyPlace(w, token, places + 3 * i);
            tables.copyTime(w, token, body + i * h);
        }
        Elementwise.addToRows(w, place.bias(), body, mask.tokens(), h);
        place.addProduct(w, places, mask.tokens(), body);
        Elementwise.addToRows(w, embed.bias(), rows, 1 + visible, h);
        embed.addProduct(w, encoded, 1 + visible, rows);
        Elementwise.addToRows(w, maskToken, body + visible * h, mask.maskedCount(), h);
        return rows;
    }

    /**
     * @param dRows gradient of the rows
     * @param dEncoded overwritten, {@code [1 + visible, hidden]}
     */
    void backward(Workspace w, int encoded, Mask mask, int dRows, int dEncoded) {
        int h = c.encoder().width();
        int visible = mask.visibleCount();
        place.parameterGradients(w, places, mask.tokens(), dRows + h);
        embed.columnSums(w, dRows + (1 + visible) * h, mask.maskedCount(), maskTokenGradient);
        embed.parameterGradients(w, encoded, 1 + visible, dRows);
        embed.inputGradient(w, dRows, 1 + visible, dEncoded);
    }
}
