package org.commissure.models.brainlm;

import org.commissure.models.tensor.Dropout;
import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * From the encoder's rows to the decoder's: CLS, then the visible, then the masked tokens. Visible rows are {@code
 * encoded·Weᵀ + be}, masked ones the learned mask token; both add {@code xyz·Wxᵀ + bx + time}, and where configured the repetition time, with dropout in training;
 * CLS adds nothing. The original puts tokens back in window order; attention does not see the order of rows, so none is
 * restored here, and its convolution is told where each token's row is.
 */
final class DecoderInput {
    private final int width;
    private final Linear embed;
    private final Linear place;
    private final RepetitionEmbedding repetition;
    private final long maskToken;
    private final long maskTokenGradient;
    private final TokenTables tables;
    private final long places;
    private final long rows;

    DecoderInput(Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, TokenTables tables) {
        this.tables = tables;
        width = c.decoder().width();
        embed = parameters.linear("decoder.decoder_embed", c.encoder().width(), width);
        place = parameters.linear("decoder.decoder_xyz_projection", 3, width);
        repetition = RepetitionEmbedding.reserve(plan, parameters, c, BrainLmLayout.DECODER_REPETITION_TIME, width);
        maskToken = parameters.value("decoder.mask_token");
        maskTokenGradient = parameters.gradient("decoder.mask_token");
        places = plan.reserve((long) c.tokens() * 3);
        rows = plan.reserve((c.tokens() + 1L) * width);
    }

    /**
     * @param encoded {@code [1 + visible, encoder width]}
     * @return offset of {@code [1 + visible + masked, width]}
     */
    long forward(Machine machine, long encoded, Example example, double dropout, long seed) {
        Workspace w = machine.memory();
        Mask mask = example.mask();
        int visible = mask.visibleCount();
        long body = rows + width;
        w.zero(rows, width);
        machine.team().run(visible + mask.maskedCount(), Workspace.ALIGNMENT, (from, to, member) -> {
            for (int i = from; i < to; i++) {
                int token = i < visible ? mask.visible(i) : mask.masked(i - visible);
                tables.copyPlace(w, token, places + 3L * i);
                tables.copyDecoderTime(w, token, body + (long) i * width);
            }
            Elementwise.addToRows(w, place.bias(), body + (long) from * width, to - from, width);
            repetition.add(w, example, body + (long) from * width, to - from);
            place.addProduct(w, places + 3L * from, to - from, body + (long) from * width);
            int firstMasked = Math.max(from, visible);
            if (firstMasked < to) {
                Elementwise.addToRows(w, maskToken, body + (long) firstMasked * width, to - firstMasked, width);
            }
        });
        machine.team().run(1 + visible, Workspace.ALIGNMENT, (from, to, member) -> {
            long at = rows + (long) from * width;
            Elementwise.addToRows(w, embed.bias(), at, to - from, width);
            embed.addProduct(w, encoded + (long) from * embed.in(), to - from, at);
        });
        drop(machine, body, visible + mask.maskedCount(), dropout, seed);
        return rows;
    }

    /**
     * @param dRows gradient of the rows; changed by dropout's own backward pass
     * @param dEncoded overwritten, {@code [1 + visible, encoder width]}
     */
    void backward(
            Machine machine, long encoded, Example example, long dRows, long dEncoded, double dropout, long seed) {
        Workspace w = machine.memory();
        Mask mask = example.mask();
        int visible = mask.visibleCount();
        int tokens = visible + mask.maskedCount();
        long body = dRows + width;
        drop(machine, body, tokens, dropout, seed);
        long masked = body + (long) visible * width;
        machine.team().run(width, Workspace.ALIGNMENT, (from, to, member) -> {
            place.addParameterGradients(w, places, tokens, body, from, to);
            repetition.addGradient(w, example, body, tokens, from, to);
            Elementwise.addColumnSums(w, masked, mask.maskedCount(), width, from, to, maskTokenGradient);
            embed.addParameterGradients(w, encoded, 1 + visible, dRows, from, to);
        });
        machine.team()
                .run(
                        1 + visible,
                        Workspace.ALIGNMENT,
                        (from, to, member) -> embed.inputGradient(
                                w, dRows + (long) from * width, to - from, 0, dEncoded + (long) from * embed.in()));
    }

    private void drop(Machine machine, long body, int tokens, double dropout, long seed) {
        if (dropout > 0) {
            machine.team()
                    .run(
                            tokens,
                            Workspace.ALIGNMENT,
                            (from, to, member) -> Dropout.apply(
                                    machine.memory(), body, (long) from * width, (long) to * width, dropout, seed));
        }
    }
}
