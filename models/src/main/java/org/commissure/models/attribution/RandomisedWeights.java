package org.commissure.models.attribution;

import java.util.SplittableRandom;
import org.commissure.models.weights.ParameterLayout;

/**
 * A model that has forgotten everything but the sizes of its weights: the values of each tensor in a random order
 * (Adebayo et al. 2018, section 3). New first weights would not do, because those of a {@code commissure} model are
 * structured. A map that stays the same does not show what the model has learnt.
 */
public final class RandomisedWeights {
    private RandomisedWeights() {}

    public static float[] of(ParameterLayout layout, float[] parameters, long seed) {
        var random = new SplittableRandom(seed);
        float[] shuffled = parameters.clone();
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            int from = tensor.offset();
            for (int i = tensor.length() - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                float swap = shuffled[from + i];
                shuffled[from + i] = shuffled[from + j];
                shuffled[from + j] = swap;
            }
        }
        return shuffled;
    }
}
