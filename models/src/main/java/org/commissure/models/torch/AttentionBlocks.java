package org.commissure.models.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.commissure.models.brainlm.AttentionMaps;

/** Sums an attention matrix to parcels while only some of its rows exist. */
@SuppressWarnings("try") // the scope is there to end, not to be used
final class AttentionBlocks {
    private AttentionBlocks() {}

    /**
     * Row 0 is CLS; row {@code 1 + parcel · patches + patch} is a token. Of an image, its rows of tokens stand for
     * parcels.
     */
    static AttentionMaps maps(TorchLayer.Probabilities probabilities, int parcels, int patches) {
        int tokens = parcels * patches;
        float[] cls = TorchDevice.read(probabilities.rows(0, 1).narrow(1, 1, tokens));
        float[] between = new float[parcels * parcels];
        int atOnce = Math.max(1, TorchLayer.Probabilities.BLOCK / patches);
        for (int parcel = 0; parcel < parcels; parcel += atOnce) {
            int count = Math.min(atOnce, parcels - parcel);
            try (PointerScope scope = new PointerScope()) {
                Tensor block = probabilities
                        .rows(1 + (long) parcel * patches, (long) count * patches)
                        .narrow(1, 1, tokens)
                        .reshape(count, patches, parcels, patches)
                        .sum(3)
                        .mean(1);
                TorchDevice.read(block, between, parcel * parcels);
            }
        }
        return new AttentionMaps(cls, between);
    }
}
