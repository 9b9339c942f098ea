package org.commissure.models.finetune;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.WindowPreparation;

/**
 * Windows that everybody has and that are no patient's: Gaussian noise whose frames remember each other about as BOLD's
 * do and of which half the variance is common to all parcels. What an encoder makes of them stands for the mean and
 * the deviation of its embeddings where these must not depend on patients: under differential privacy one patient's
 * gradient may not depend on the others.
 *
 * <p>An encoder that was pretrained on 265 patients of ABIDE gives 173 of them embeddings whose mean is, in the median of its
 * 64 values, 2.3 standard deviations from 0 and 0.2 from the mean of these windows, and whose deviation is between 0.6
 * and 1.6 times theirs.
 */
final class ReferenceWindows {
    /** Correlation of successive frames: about that of unfiltered BOLD at a repetition time of 2 s. */
    private static final double MEMORY = 0.8;

    private static final int COUNT = 32;
    private static final int BURN_IN = 50;
    private static final long SEED = 20_240_501;

    private ReferenceWindows() {}

    /** {@code [parcels, windowFrames]} each; the same on every machine. */
    static List<float[]> of(ModelConfiguration configuration) {
        var random = new SplittableRandom(SEED);
        return IntStream.range(0, COUNT)
                .mapToObj(i -> window(configuration.parcels(), configuration.windowFrames(), random))
                .toList();
    }

    private static float[] window(int parcels, int frames, SplittableRandom random) {
        float[] series = new float[parcels * frames];
        double[] now = new double[parcels];
        for (int t = -BURN_IN; t < frames; t++) {
            double common = random.nextGaussian();
            for (int p = 0; p < parcels; p++) {
                now[p] = MEMORY * now[p] + Math.sqrt(0.5) * (common + random.nextGaussian());
                if (t >= 0) {
                    series[p * frames + t] = (float) now[p];
                }
            }
        }
        return WindowPreparation.standardise(series, parcels, frames, 0, frames);
    }
}
