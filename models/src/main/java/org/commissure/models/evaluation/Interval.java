package org.commissure.models.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * A 95 % interval of a statistic by the percentile bootstrap over patients (Efron &amp; Tibshirani 1993, chapter 13):
 * patients are drawn with replacement, each with all that is known of them.
 *
 * @param low 2.5th percentile of the replicates
 * @param high 97.5th percentile
 */
public record Interval(double low, double high) {
    /** As evaluation reports have it. */
    public static final int REPLICATES = 2_000;

    private static final double TAIL = 0.025;

    /**
     * @param patients to draw from, at least one
     * @param statistic of drawn patients, given as indices; the array is used again
     * @param seed the same seed draws the same patients, so that statistics on the same patients are paired
     */
    public static Interval of(int patients, ToDoubleFunction<int[]> statistic, long seed) {
        if (patients < 1) {
            throw new IllegalArgumentException("an interval needs at least one patient");
        }
        var random = new SplittableRandom(seed);
        double[] replicates = new double[REPLICATES];
        int[] drawn = new int[patients];
        for (int r = 0; r < REPLICATES; r++) {
            for (int i = 0; i < patients; i++) {
                drawn[i] = random.nextInt(patients);
            }
            replicates[r] = statistic.applyAsDouble(drawn);
        }
        Arrays.sort(replicates);
        int tail = (int) Math.round(TAIL * (REPLICATES - 1));
        return new Interval(replicates[tail], replicates[REPLICATES - 1 - tail]);
    }

    public boolean covers(double value) {
        return low <= value && value <= high;
    }
}
