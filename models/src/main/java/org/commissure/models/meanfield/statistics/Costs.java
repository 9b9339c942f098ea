package org.commissure.models.meanfield.statistics;

import java.util.List;

/** The costs of Kong et al. 2021: averages over repeats first, then one comparison with the data. */
public final class Costs {
    private Costs() {}

    /**
     * @param correlations of each repeat, [pairs]
     * @param histograms of each repeat, {@link ConnectivityDynamics#BINS}; may be empty where the target has
     *     no dynamics, or where only the FC cost is wanted (ks is then 0)
     */
    public static Cost of(List<double[]> correlations, List<long[]> histograms, Target target) {
        double[] mean = mean(correlations);
        double r = pearson(FunctionalConnectivity.fisherZ(mean), FunctionalConnectivity.fisherZ(target.correlation()));
        if (!Double.isFinite(r)) {
            return Cost.DIVERGED;
        }
        if (histograms.isEmpty() || target.dynamics().isEmpty()) {
            return new Cost(r, 0, false);
        }
        double ks =
                kolmogorovSmirnov(meanCumulative(histograms), target.dynamics().get());
        return Double.isFinite(ks) ? new Cost(r, ks, false) : Cost.DIVERGED;
    }

    private static double[] mean(List<double[]> rows) {
        double[] mean = new double[rows.getFirst().length];
        for (double[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / rows.size();
            }
        }
        return mean;
    }

    private static double[] meanCumulative(List<long[]> histograms) {
        double[] counts = new double[ConnectivityDynamics.BINS];
        for (long[] histogram : histograms) {
            for (int bin = 0; bin < counts.length; bin++) {
                counts[bin] += histogram[bin];
            }
        }
        return ConnectivityDynamics.cumulative(counts);
    }

    /** Largest absolute difference of two cumulative distributions. */
    public static double kolmogorovSmirnov(double[] one, double[] other) {
        double largest = 0;
        for (int bin = 0; bin < one.length; bin++) {
            double difference = Math.abs(one[bin] - other[bin]);
            if (!(difference <= largest)) {
                largest = difference;
            }
        }
        return largest;
    }

    /** Pearson's correlation; not a number where one side is constant or not finite. */
    public static double pearson(double[] a, double[] b) {
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < a.length; i++) {
            meanA += a[i] / a.length;
            meanB += b[i] / b.length;
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            double da = a[i] - meanA;
            double db = b[i] - meanB;
            ab += da * db;
            aa += da * da;
            bb += db * db;
        }
        return ab / Math.sqrt(aa * bb);
    }
}
