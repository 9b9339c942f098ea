package org.commissure.models.brainlm;

import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** A configuration with random parameters, window and mask, far from any special point. */
record ModelCase(BrainLmConfiguration configuration, float[] parameters, float[] window, Mask mask) {

    static final double REPETITION_TIME_SECONDS = 0.72;

    Example example() {
        return new Example(window, mask, OptionalDouble.of(REPETITION_TIME_SECONDS));
    }

    static ModelCase random(BrainLmConfiguration c, double maskRatio, long seed) {
        var random = new SplittableRandom(seed);
        float[] parameters = new float[BrainLmLayout.of(c).parameterCount()];
        for (var tensor : BrainLmLayout.of(c).tensors()) {
            // Weights keep activations near 1 whatever the width; norms stay near the identity.
            double spread =
                    tensor.shape().size() == 2 ? 1.2 / Math.sqrt(tensor.shape().get(1)) : 0.3;
            double centre = tensor.name().contains("norm") && tensor.name().endsWith("weight") ? 1 : 0;
            for (int i = 0; i < tensor.length(); i++) {
                parameters[tensor.offset() + i] = (float) (centre + spread * random.nextGaussian());
            }
        }
        float[] window = new float[c.windowLength()];
        for (int i = 0; i < window.length; i++) {
            window[i] = (float) random.nextGaussian();
        }
        return new ModelCase(c, parameters, window, Mask.random(c.tokens(), maskRatio, random));
    }
}
