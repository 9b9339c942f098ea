package org.commissure.models.meanfield.statistics;

/** The two comparisons that costs are made of (Kong et al. 2021). */
public final class Costs {
    private Costs() {}

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
