package org.commissure.models.harmonise;

/**
 * Quantiles from a histogram that sites can add. Bins divide {@code [low, high)} evenly; the first and the last also
 * take what lies outside.
 *
 * <p>A quantile read from it lies in the bin of the pooled one, so it is off by at most one bin's width, {@code (high −
 * low)/bins}, as long as the pooled one lies within the range. Immutable, thread-safe.
 */
public record QuantileHistogram(double low, double high, int bins) {
    public QuantileHistogram {
        if (!(low < high) || bins < 1) {
            throw new IllegalArgumentException("a histogram needs a range and at least one bin");
        }
    }

    public double width() {
        return (high - low) / bins;
    }

    public int bin(double value) {
        return (int) Math.clamp(Math.floor((value - low) / width()), 0, bins - 1);
    }

    /**
     * The value below which a share of the counted lie, linear within its bin.
     *
     * @param counts of the histogram, from {@code offset} on
     * @throws ArithmeticException if nobody was counted
     */
    public double quantile(double[] counts, int offset, double share) {
        double total = 0;
        for (int bin = 0; bin < bins; bin++) {
            total += counts[offset + bin];
        }
        if (!(total > 0)) {
            throw new ArithmeticException("a quantile of nobody was asked for");
        }
        double below = 0;
        for (int bin = 0; bin < bins; bin++) {
            double here = counts[offset + bin];
            if (here > 0 && below + here >= share * total) {
                return low + width() * (bin + (share * total - below) / here);
            }
            below += here;
        }
        return high;
    }

    /** The quantiles that robust scaling needs. */
    public RobustScale scale(double[] counts, int offset) {
        double median = quantile(counts, offset, 0.5);
        double range = quantile(counts, offset, 0.75) - quantile(counts, offset, 0.25);
        // Narrower than the bins resolve: a feature that hardly varies must not be blown up.
        return new RobustScale(median, Math.max(range, width()));
    }
}
