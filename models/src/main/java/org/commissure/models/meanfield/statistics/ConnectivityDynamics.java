package org.commissure.models.meanfield.statistics;

import org.commissure.models.meanfield.Bold;

/**
 * Functional connectivity dynamics (FCD): correlations between the connectivities of sliding windows,
 * as a histogram over their upper triangle (Hansen et al. 2015; settings of Kong et al. 2021).
 */
public final class ConnectivityDynamics {
    /** Bins of the histogram over [{@link #LOWEST}, 1]. */
    public static final int BINS = 10_000;

    public static final double LOWEST = -0.9999;

    /** Kong et al. 2021: 83 frames of 0.72 s. */
    public static final int WINDOW_FRAMES = 83;

    private ConnectivityDynamics() {}

    /** Windows of {@code window} frames that fit, one every {@code stride} frames. */
    public static int windows(int frames, int window, int stride) {
        if (window < 3 || stride < 1 || frames < window + stride) {
            throw new IllegalArgumentException(frames + " frames give no two windows of " + window
                    + " frames at a stride of " + stride + "; the dynamics need a longer scan or a shorter window");
        }
        return (frames - window) / stride + 1;
    }

    /** Counts by bin, [{@link #BINS}]; correlations under {@link #LOWEST} are not counted, as published. */
    public static long[] histogram(Bold bold, int window, int stride) {
        int count = windows(bold.frames(), window, stride);
        double[][] connectivity = new double[count][];
        for (int w = 0; w < count; w++) {
            double[] values = new double[window * bold.regions()];
            System.arraycopy(bold.values(), w * stride * bold.regions(), values, 0, values.length);
            connectivity[w] = standardised(FunctionalConnectivity.of(new Bold(window, bold.regions(), values)));
        }
        long[] histogram = new long[BINS];
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                int bin = bin(dot(connectivity[i], connectivity[j]));
                if (bin >= 0) {
                    histogram[bin]++;
                }
            }
        }
        return histogram;
    }

    /** The bin of a correlation, or −1 under {@link #LOWEST} or where it is not a number. */
    static int bin(double correlation) {
        if (!(correlation >= LOWEST)) {
            return -1;
        }
        return Math.min(BINS - 1, (int) ((correlation - LOWEST) * (BINS / (1 - LOWEST))));
    }

    private static double[] standardised(double[] values) {
        double mean = 0;
        for (double value : values) {
            mean += value;
        }
        mean /= values.length;
        double square = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] -= mean;
            square += values[i] * values[i];
        }
        double norm = Math.sqrt(square);
        for (int i = 0; i < values.length; i++) {
            values[i] /= norm;
        }
        return values;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The cumulative distribution of one or several histograms' counts, [{@link #BINS}], ending at 1. */
    public static double[] cumulative(double[] counts) {
        double total = 0;
        double[] cumulative = new double[counts.length];
        for (int bin = 0; bin < counts.length; bin++) {
            total += counts[bin];
            cumulative[bin] = total;
        }
        for (int bin = 0; bin < counts.length; bin++) {
            cumulative[bin] /= total;
        }
        return cumulative;
    }
}
