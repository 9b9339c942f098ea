package org.commissure.models.brainlm;

import java.util.Arrays;
import org.commissure.models.tensor.Dropout;
import org.commissure.models.tensor.Elementwise;
import org.commissure.models.tensor.Linear;
import org.commissure.models.tensor.Workspace;

/**
 * From a window to the encoder's rows: the learned CLS token, then one row per visible token, {@code signal·Wsᵀ + bs +
 * xyz·Wxᵀ + bx + time}, and where configured the repetition time, with dropout in training.
 */
final class EncoderInput {
    private final BrainLmConfiguration c;
    private final int width;
    private final Linear signal;
    private final Linear place;
    private final RepetitionEmbedding repetition;
    private final long cls;
    private final long clsGradient;
    private final TokenTables tables;
    private final long patches;
    private final long places;
    private final long rows;

    EncoderInput(Workspace.Plan plan, ParameterMemory parameters, BrainLmConfiguration c, TokenTables tables) {
        this.c = c;
        this.tables = tables;
        width = c.encoder().width();
        signal = parameters.linear("vit.embeddings.signal_embedding_projection", c.patchFrames(), width);
        place = parameters.linear("vit.embeddings.xyz_embedding_projection", 3, width);
        repetition = RepetitionEmbedding.reserve(plan, parameters, c, BrainLmLayout.ENCODER_REPETITION_TIME, width);
        cls = parameters.value("vit.embeddings.cls_token");
        clsGradient = parameters.gradient("vit.embeddings.cls_token");
        patches = plan.reserve((long) c.tokens() * c.patchFrames());
        places = plan.reserve((long) c.tokens() * 3);
        rows = plan.reserve((c.tokens() + 1L) * width);
    }

    /**
     * @param dropout probability, 0 outside training
     * @return offset of {@code [1 + visible, width]}
     */
    long forward(Machine machine, Example example, double dropout, long seed) {
        Workspace w = machine.memory();
        Mask mask = example.mask();
        w.copy(cls, rows, width);
        long body = rows + width;
        machine.team().run(mask.visibleCount(), Workspace.ALIGNMENT, (from, to, member) -> {
            for (int i = from; i < to; i++) {
                int token = mask.visible(i);
                // A token's values are consecutive in the window: token·patchFrames = parcel·windowFrames +
                // patch·patchFrames.
                w.copyIn(
                        example.window(),
                        token * c.patchFrames(),
                        patches + (long) i * c.patchFrames(),
                        c.patchFrames());
                tables.copyPlace(w, token, places + 3L * i);
                tables.copyEncoderTime(w, token, body + (long) i * width);
            }
            int n = to - from;
            long at = body + (long) from * width;
            Elementwise.addToRows(w, signal.bias(), at, n, width);
            Elementwise.addToRows(w, place.bias(), at, n, width);
            repetition.add(w, example, at, n);
            signal.addProduct(w, patches + (long) from * c.patchFrames(), n, at);
            place.addProduct(w, places + 3L * from, n, at);
            drop(w, body, from, to, dropout, seed);
        });
        return rows;
    }

    /** @param dRows gradient of the rows; changed by dropout's own backward pass */
    void backward(Machine machine, Example example, long dRows, double dropout, long seed) {
        Workspace w = machine.memory();
        long body = dRows + width;
        int n = example.mask().visibleCount();
        machine.team().run(n, Workspace.ALIGNMENT, (from, to, member) -> drop(w, body, from, to, dropout, seed));
        Elementwise.addScaled(w, 1, dRows, clsGradient, width);
        machine.team().run(width, Workspace.ALIGNMENT, (from, to, member) -> {
            signal.addParameterGradients(w, patches, n, body, from, to);
            place.addParameterGradients(w, places, n, body, from, to);
            repetition.addGradient(w, example, body, n, from, to);
        });
    }

    /**
     * After {@link #backward}, whose patches it replaces by their gradients.
     *
     * @param dRows gradient of the rows
     * @param windowGradientOut overwritten; 0 at tokens that are not visible
     */
    void inputGradient(Machine machine, Mask mask, long dRows, float[] windowGradientOut) {
        Workspace w = machine.memory();
        int p = c.patchFrames();
        long body = dRows + width;
        machine.team()
                .run(
                        mask.visibleCount(),
                        Workspace.ALIGNMENT,
                        (from, to, member) -> signal.inputGradient(
                                w, body + (long) from * width, to - from, 0, patches + (long) from * p));
        Arrays.fill(windowGradientOut, 0);
        for (int i = 0; i < mask.visibleCount(); i++) {
            w.copyOut(patches + (long) i * p, windowGradientOut, mask.visible(i) * p, p);
        }
    }

    private void drop(Workspace w, long body, int from, int to, double dropout, long seed) {
        if (dropout > 0) {
            Dropout.apply(w, body, (long) from * width, (long) to * width, dropout, seed);
        }
    }
}
