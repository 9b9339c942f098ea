package org.commissure.models.brainlm;

import java.util.SplittableRandom;

/** Places of parcels somewhere in a head, for tests to which it is all the same where. */
public final class RandomCoordinates {
    private RandomCoordinates() {}

    /** {@code [parcels, 3]}, millimetres. */
    public static float[][] of(int parcels, long seed) {
        var random = new SplittableRandom(seed);
        float[][] xyz = new float[parcels][3];
        for (float[] row : xyz) {
            for (int axis = 0; axis < 3; axis++) {
                row[axis] = (float) random.nextDouble(-70, 70);
            }
        }
        return xyz;
    }
}
