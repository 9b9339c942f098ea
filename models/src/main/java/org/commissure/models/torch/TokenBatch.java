package org.commissure.models.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.RepetitionTime;

/**
 * Examples on the device, gathered by their masks; all have {@code visible} and {@code masked} tokens.
 *
 * @param patches {@code [examples · visible, patchFrames]}
 * @param target {@code [examples · masked, patchFrames]}
 * @param visibleParcel the parcel of each visible token; likewise {@code visiblePatch}
 * @param decodedParcel the parcel of each token in the decoder's order; likewise {@code decodedPatch}
 * @param windowOrder for each token in window order, where among visible and masked it is (the original only)
 * @param maskedRows rows of the masked tokens in the decoder's output in window order (the original only)
 * @param repetition {@link RepetitionTime#feature} of each example, {@code [examples, 1, 1]}; empty where the model does
 *     not embed it
 */
record TokenBatch(
        int examples,
        int visible,
        int masked,
        Tensor patches,
        Tensor target,
        Tensor visibleParcel,
        Tensor visiblePatch,
        Tensor decodedParcel,
        Tensor decodedPatch,
        Tensor windowOrder,
        Tensor maskedRows,
        Tensor repetition) {

    static TokenBatch of(List<Example> examples, BrainLmConfiguration c, TorchDevice device) {
        Mask first = examples.getFirst().mask();
        int n = examples.size();
        int visible = first.visibleCount();
        int masked = first.maskedCount();
        boolean original = c.variant() == BrainLmConfiguration.Variant.ORIGINAL;
        var seen = new TokenRows(n * visible, c);
        var predicted = new TokenRows(n * masked, c);
        var decoded = new TokenRows(n * (visible + masked), c);
        long[] windowOrder = new long[original ? n * c.tokens() : 0];
        long[] maskedRows = new long[original ? n * masked : 0];
        float[] repetition = new float[c.repetitionTimeEmbedding() ? n : 0];
        for (int e = 0; e < repetition.length; e++) {
            repetition[e] = RepetitionTime.feature(examples.get(e).repetitionTimeSeconds());
        }
        for (int e = 0; e < n; e++) {
            Mask mask = examples.get(e).mask();
            float[] window = examples.get(e).window();
            for (int i = 0; i < visible; i++) {
                seen.add(mask.visible(i), window);
            }
            for (int i = 0; i < masked; i++) {
                predicted.add(mask.masked(i), window);
            }
            for (int i = 0; i < visible + masked; i++) {
                int token = i < visible ? mask.visible(i) : mask.masked(i - visible);
                decoded.add(original ? i : token, window);
                if (original) {
                    windowOrder[e * c.tokens() + token] = (long) e * c.tokens() + i;
                }
            }
            for (int i = 0; i < maskedRows.length / n; i++) {
                maskedRows[e * masked + i] = (long) e * (1 + c.tokens()) + 1 + mask.masked(i);
            }
        }
        return new TokenBatch(
                n,
                visible,
                masked,
                device.floats(seen.values, (long) n * visible, c.patchFrames()),
                device.floats(predicted.values, (long) n * masked, c.patchFrames()),
                device.indices(seen.parcels),
                device.indices(seen.patches),
                device.indices(decoded.parcels),
                device.indices(decoded.patches),
                device.indices(windowOrder),
                device.indices(maskedRows),
                device.floats(repetition, repetition.length, 1, 1));
    }

    /** Tokens one after the other: where they are, and their values. */
    private static final class TokenRows {
        private final int patchesOfParcel;
        private final int frames;
        private final long[] parcels;
        private final long[] patches;
        private final float[] values;
        private int count;

        TokenRows(int rows, BrainLmConfiguration c) {
            patchesOfParcel = c.patches();
            frames = c.patchFrames();
            parcels = new long[rows];
            patches = new long[rows];
            values = new float[rows * frames];
        }

        void add(int token, float[] window) {
            parcels[count] = token / patchesOfParcel;
            patches[count] = token % patchesOfParcel;
            // token · patchFrames = parcel · windowFrames + patch · patchFrames
            System.arraycopy(window, token * frames, values, count * frames, frames);
            count++;
        }
    }
}
