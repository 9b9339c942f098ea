package org.commissure.models.baseline;

import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.baseline.BaselineConfiguration.Family;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.RandomCoordinates;

/** A small baseline with random parameters, window and mask. */
record BaselineCase(BaselineConfiguration configuration, float[] parameters, float[] window, Mask mask) {
    static final int PARCELS = 6;

    /** Two hidden layers, five visible, three absent and sixteen masked tokens. */
    static BaselineCase random(Family family, long seed) {
        var random = new SplittableRandom(seed);
        var c = new BaselineConfiguration(
                family, PARCELS, 8, 2, List.of(3, 2), 60, 0.5, RandomCoordinates.of(PARCELS, seed));
        float[] parameters = new float[c.layout().parameterCount()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.4 * random.nextGaussian());
        }
        float[] window = new float[c.windowLength()];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        Mask whole = Mask.random(c.tokens(), 0.79, random);
        int[] visible = new int[whole.visibleCount()];
        for (int i = 0; i < visible.length; i++) {
            visible[i] = whole.visible(i);
        }
        int[] masked = new int[whole.maskedCount() - 3];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = whole.masked(i);
        }
        return new BaselineCase(c, parameters, window, Mask.of(c.tokens(), visible, masked));
    }
}
