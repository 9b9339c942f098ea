package org.commissure.models.baseline;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.commissure.models.weights.ParameterLayout;

/**
 * First parameters of a baseline: weights N(0, 1 / inputs), biases 0, but 1 for forget gates (Gers et al. 2000). The
 * output's weights are a tenth of that, so that a new model predicts nearly the mean.
 */
public final class BaselineInitialisation {
    private static final double OUTPUT_GAIN = 0.1;
    private static final float FORGET_BIAS = 1;

    private BaselineInitialisation() {}

    /** The same configuration and seed give the same bits on the same kind of machine. */
    public static float[] parameters(BaselineConfiguration configuration, long seed) {
        ParameterLayout layout = configuration.layout();
        var random = new SplittableRandom(seed);
        float[] flat = new float[layout.parameterCount()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (tensor.name().endsWith(".weight")) {
                int inputs = inputs(tensor);
                double deviation = (tensor.name().startsWith("output.") ? OUTPUT_GAIN : 1) / Math.sqrt(inputs);
                for (int i = 0; i < tensor.length(); i++) {
                    flat[tensor.offset() + i] = (float) (deviation * random.nextGaussian());
                }
            } else if (tensor.name().startsWith("lstm.")) {
                int width = tensor.length() / 8;
                for (int direction = 0; direction < 2; direction++) {
                    int forgetGates = tensor.offset() + (4 * direction + 1) * width;
                    Arrays.fill(flat, forgetGates, forgetGates + width, FORGET_BIAS);
                }
            }
        }
        return flat;
    }

    /** Values that a unit reads: a row of the last dimension, or a convolution's kernel in all its channels. */
    private static int inputs(ParameterLayout.Tensor weight) {
        return weight.shape().size() <= 3
                ? weight.shape().getLast()
                : weight.length() / weight.shape().getFirst();
    }
}
