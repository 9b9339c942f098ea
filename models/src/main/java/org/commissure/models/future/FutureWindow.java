package org.commissure.models.future;

import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.evaluation.TokenGrid;

/**
 * A window whose last frames are to be predicted from those before. Values are in standard deviations of the whole
 * scan, so that all methods know the scan's mean and scale, and none knows more.
 *
 * @param example what a masked autoencoder is given
 * @param stride frames of the model's window, padding included
 * @param past frames that are seen, at least one
 * @param horizon frames that are predicted
 */
public record FutureWindow(Example example, int parcels, int stride, int past, int horizon) {

    /**
     * @param example whose mask hides the last patches of every parcel
     * @throws IllegalArgumentException if the model's tokens are not parcel × time, or the mask hides something else
     */
    static FutureWindow of(ModelConfiguration c, Example example) {
        TokenGrid grid = TokenGrid.of(c);
        Mask mask = example.mask();
        int hidden = mask.maskedCount() / c.parcels();
        int seen = mask.visibleCount() / c.parcels();
        for (int i = 0; i < mask.maskedCount(); i++) {
            int patch = mask.masked(i) % grid.patches();
            if (patch < seen || patch >= seen + hidden) {
                throw new IllegalArgumentException("the mask hides other patches than the last ones");
            }
        }
        return new FutureWindow(
                example, c.parcels(), c.windowFrames(), seen * grid.patchFrames(), hidden * grid.patchFrames());
    }

    /** @param frame from 0; from {@code past} on it lies in the future */
    float value(int parcel, int frame) {
        return example.window()[parcel * stride + frame];
    }

    /** All parcels at one frame. */
    double[] state(int frame) {
        double[] state = new double[parcels];
        for (int p = 0; p < parcels; p++) {
            state[p] = value(p, frame);
        }
        return state;
    }
}
