package org.commissure.models.meanfield;

import java.util.Arrays;

/** No noise: the deterministic part of the model. */
public record ZeroNoise() implements Noise {
    @Override
    public void fill(int firstStep, int steps, int regions, float[] into) {
        Arrays.fill(into, 0, Math.multiplyExact(steps, regions), 0);
    }
}
