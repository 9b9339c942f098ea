package org.commissure.protocol.evaluation;

/** The bins into which sites sort their headline metric: 40 of equal width. */
enum SiteScale {
    /** From −1 to 1 in steps of .05. */
    R2(-1, 1),
    /** From 0 to 1 in steps of .025. */
    AUC(0, 1);

    static final int BINS = 40;

    /** A score beyond ±8 is pooled as ±8: w·θ² stays within the fixed point's range. */
    static final double LARGEST = 8;

    /** A standard error below .0028 is pooled as .0028: w² stays within the fixed point's range. */
    static final double LEAST_VARIANCE = 0x1p-17;

    private final double low;
    private final double high;

    SiteScale(double low, double high) {
        this.low = low;
        this.high = high;
    }

    double edge(int bin) {
        // Twentieths and fortieths are rounded once, so that reports show 0.35 and not 0.3500000000000001.
        return (low * BINS + (high - low) * bin) / BINS;
    }

    int bin(double score) {
        return (int) Math.clamp(Math.floor((score - low) / (high - low) * BINS), 0, BINS - 1);
    }
}
