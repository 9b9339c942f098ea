package org.commissure.models.brainlm;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.commissure.models.weights.ParameterLayout;

/**
 * First parameters as the original draws them: norms 1 and 0, biases 0, tokens and everything under {@code vit} N(0,
 * .02²); weights of BrainLM's decoder uniform (Glorot &amp; Bengio 2010, equation 16), those of the ViT-MAE's N(0, .02²)
 * like its encoder's.
 */
final class OriginalInitialisation {
    private static final double DEVIATION = 0.02;

    private OriginalInitialisation() {}

    /** @param glorot weights of the decoder are Glorot-uniform */
    static float[] parameters(ParameterLayout layout, boolean glorot, long seed) {
        float[] flat = new float[layout.parameterCount()];
        RandomGenerator random = new SplittableRandom(seed);
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            boolean norm = InPlaceTraining.isNorm(tensor.name());
            boolean uniform = glorot
                    && tensor.name().startsWith("decoder.")
                    && !tensor.name().endsWith("mask_token");
            for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                if (tensor.name().endsWith(".bias") || tensor.name().endsWith("repetition_time_projection.weight")) {
                    flat[i] = 0; // the repetition time says nothing until training finds that it does
                } else if (norm) {
                    flat[i] = 1;
                } else {
                    flat[i] = (float)
                            (uniform
                                    ? random.nextDouble(-1, 1) * glorotBound(tensor.shape())
                                    : DEVIATION * random.nextGaussian());
                }
            }
        }
        return flat;
    }

    /** {@code √(6/(fan in + fan out))} of {@code [out, in, …]}; what follows are taps that both fans count. */
    private static double glorotBound(List<Integer> shape) {
        int taps = shape.subList(2, shape.size()).stream().reduce(1, Math::multiplyExact);
        return Math.sqrt(6.0 / (taps * (double) (shape.get(0) + shape.get(1))));
    }
}
