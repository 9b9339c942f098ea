package org.commissure.models.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.commissure.models.brainlm.BrainLmConfiguration.Variant;
import org.commissure.models.brainlm.Example;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.weights.ParameterLayout;

/** Random parameters and windows; every engine gets the same. */
final class BenchmarkData {
    private static final long PARAMETER_SEED = 7;

    /** The original's spread of weights; raw millimetres need them small. */
    private static final double ORIGINAL_SPREAD = 0.02;

    private BenchmarkData() {}

    static float[] parameters(BenchmarkSize size) {
        var random = new SplittableRandom(PARAMETER_SEED);
        ParameterLayout layout = size.configuration().layout();
        boolean original = size.configuration().variant() == Variant.ORIGINAL;
        float[] flat = new float[layout.parameterCount()];
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            boolean norm = tensor.name().contains("norm") || tensor.name().contains("LayerNorm");
            double centre = norm && tensor.name().endsWith(".weight") ? 1 : 0;
            double spread = original || norm
                    ? ORIGINAL_SPREAD
                    : 1 / Math.sqrt(tensor.shape().getLast());
            for (int i = 0; i < tensor.length(); i++) {
                flat[tensor.offset() + i] = (float) (centre + spread * random.nextGaussian());
            }
        }
        return flat;
    }

    static List<Example> batch(BenchmarkSize size, long seed) {
        var random = new SplittableRandom(seed);
        int tokens = size.configuration().tokens();
        List<Example> batch = new ArrayList<>();
        for (int i = 0; i < size.batch(); i++) {
            float[] window = new float[size.configuration().windowLength()];
            for (int j = 0; j < window.length; j++) {
                window[j] = (float) random.nextGaussian();
            }
            int[] order = shuffled(tokens, random);
            int[] visible = Arrays.copyOf(order, size.visible());
            int[] masked = Arrays.copyOfRange(order, size.visible(), size.visible() + size.masked());
            batch.add(new Example(window, Mask.of(tokens, visible, masked)));
        }
        return batch;
    }

    private static int[] shuffled(int tokens, SplittableRandom random) {
        int[] order = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
