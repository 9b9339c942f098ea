package org.commissure.models.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Percentile intervals by resampling units with replacement (Efron 1979). The unit is what was drawn independently: a
 * patient, never a window of one; a parcel, where parcels are classified.
 */
public final class Bootstrap {
    /** Resamples; enough that the ends of a 95 % interval move in the third digit only. */
    public static final int REPLICATES = 2_000;

    private static final double TAIL = 0.025;

    private Bootstrap() {}

    /** @param estimate on all units, each once; the interval is that of 95 % */
    public record Interval(double estimate, double low, double high) {
        public boolean covers(double value) {
            return low <= value && value <= high;
        }
    }

    /**
     * Intervals of several statistics on the same resamples, so that differences can be among them.
     *
     * @param units at least one
     * @param statistics of a resample, given how often each unit was drawn; as many numbers at every call. A resample in
     *     which a statistic does not exist (not a number) does not count for its interval
     */
    public static List<Interval> of(int units, long seed, Function<int[], double[]> statistics) {
        if (units < 1) {
            throw new IllegalArgumentException("there is nothing to resample");
        }
        int[] times = new int[units];
        Arrays.fill(times, 1);
        double[] estimates = statistics.apply(times);
        double[][] replicates = new double[estimates.length][REPLICATES];
        var random = new SplittableRandom(seed);
        for (int r = 0; r < REPLICATES; r++) {
            Arrays.fill(times, 0);
            for (int draw = 0; draw < units; draw++) {
                times[random.nextInt(units)]++;
            }
            double[] values = statistics.apply(times);
            for (int s = 0; s < estimates.length; s++) {
                replicates[s][r] = values[s];
            }
        }
        List<Interval> intervals = new ArrayList<>();
        for (int s = 0; s < estimates.length; s++) {
            double[] sorted = Arrays.stream(replicates[s])
                    .filter(v -> !Double.isNaN(v))
                    .sorted()
                    .toArray();
            intervals.add(new Interval(estimates[s], quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)));
        }
        return intervals;
    }

    /** Linear between order statistics; not a number if there is none. */
    private static double quantile(double[] sorted, double probability) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        double at = probability * (sorted.length - 1);
        int below = (int) at;
        double share = at - below;
        return sorted[below] + (share > 0 ? share * (sorted[below + 1] - sorted[below]) : 0);
    }
}
