package org.commissure.models.evaluation;

import java.util.Arrays;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Sight;
import org.commissure.models.brainlm.VitMaeConfiguration;

/**
 * Tokens laid out as parcel × time: token {@code parcel * patches + patch} covers the frames {@code [patch *
 * patchFrames, (patch + 1) * patchFrames)} of one parcel, so that a token's values lie side by side in a window.
 */
public record TokenGrid(int parcels, int patches, int patchFrames) {
    /**
     * The grid of a model's windows.
     *
     * @throws IllegalArgumentException if its tokens are not parcel × time
     */
    public static TokenGrid of(ModelConfiguration c) {
        int patches = c.tokens() / c.parcels();
        if (c instanceof VitMaeConfiguration
                || patches < 1
                || c.tokens() % c.parcels() != 0
                || c.windowFrames() % patches != 0) {
            throw new IllegalArgumentException("a " + c.preset() + " window of " + c.parcels() + " parcels × "
                    + c.windowFrames() + " frames in " + c.tokens() + " tokens is not cut into patches of one parcel"
                    + " each, so its values cannot be told from its tokens");
        }
        return new TokenGrid(c.parcels(), patches, c.windowFrames() / patches);
    }

    int windowFrames() {
        return patches * patchFrames;
    }

    /** For every value of a model's window, whatever its tokens are. */
    public static Sight[] sight(ModelConfiguration c, Mask mask) {
        return c instanceof VitMaeConfiguration image ? image.sight(mask) : of(c).sight(mask);
    }

    private Sight[] sight(Mask mask) {
        Sight[] sight = new Sight[parcels * windowFrames()];
        Arrays.fill(sight, Sight.ABSENT);
        for (int i = 0; i < mask.visibleCount(); i++) {
            fill(sight, mask.visible(i), Sight.VISIBLE);
        }
        for (int i = 0; i < mask.maskedCount(); i++) {
            fill(sight, mask.masked(i), Sight.MASKED);
        }
        return sight;
    }

    private void fill(Sight[] sight, int token, Sight value) {
        Arrays.fill(sight, token * patchFrames, (token + 1) * patchFrames, value);
    }
}
