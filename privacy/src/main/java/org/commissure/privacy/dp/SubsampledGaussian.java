package org.commissure.privacy.dp;

/**
 * Rényi divergence of one step of the Poisson-subsampled Gaussian mechanism, add/remove neighbours
 * (Mironov, Talwar, Zhang, <i>Rényi Differential Privacy of the Sampled Gaussian Mechanism</i>,
 * arXiv:1908.10530, section 3.3). With μ₀ = N(0, σ²) and μ = (1 − q)·N(0, σ²) + q·N(1, σ²),
 * RDP(α) = ln A(α) / (α − 1), A(α) = E over μ₀ of (μ/μ₀)^α.
 */
final class SubsampledGaussian {
    /** A series that needs more terms than this has its order dropped. */
    private static final int MAXIMUM_TERMS = 1000;

    /** Natural logarithm of the size, relative to the sum, below which a term ends the series. */
    private static final double NEGLIGIBLE = -30;

    private static final double LN_HALF = -Math.log(2);

    private SubsampledGaussian() {}

    /**
     * An upper bound of RDP(α), exact for integers; {@code order} &gt; 1.
     *
     * <p>Between integers it is the smaller of {@link #series} and the chord between the neighbouring
     * integers, an upper bound because ln A is convex in α. The chord is finite where the series does
     * not converge, so no order is ever under-estimated and none is lost.
     */
    static double rdp(double q, double sigma, double order) {
        if (q == 0) {
            return 0;
        }
        if (q == 1) {
            return order / (2 * sigma * sigma);
        }
        if (order == Math.rint(order)) {
            return logMoment(q, sigma, (int) order) / (order - 1);
        }
        int below = (int) order;
        double share = order - below;
        double chord = (1 - share) * logMoment(q, sigma, below) + share * logMoment(q, sigma, below + 1);
        return Math.min(chord / (order - 1), series(q, sigma, order));
    }

    private static double logMoment(double q, double sigma, int order) {
        return PoissonSampling.logMoment(q, order, k -> k * (k - 1.0) / (2 * sigma * sigma));
    }

    /**
     * The fractional series with every term taken positive, divided by α − 1; infinite where it has
     * not converged.
     *
     * <p>Beyond i = α the true terms alternate in sign and shrink. Adding their magnitudes instead
     * avoids all cancellation and can only raise the result; what is cut off at the end is, signed,
     * smaller than the first term left out, and at least as much was added too much before. This is
     * also the value that Google's dp_accounting reports.
     */
    static double series(double q, double sigma, double order) {
        double logQ = Math.log(q);
        double logRest = Math.log1p(-q);
        double z0 = sigma * sigma * Math.log(1 / q - 1) + 0.5;
        double scale = Math.sqrt(2) * sigma;
        double variance2 = 2 * sigma * sigma;
        double logBinomial = 0;
        double logSum = Double.NEGATIVE_INFINITY;
        double lastLow = Double.NEGATIVE_INFINITY;
        double lastHigh = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < MAXIMUM_TERMS; i++) {
            double j = order - i;
            double low = logBinomial
                    + i * logQ
                    + j * logRest
                    + (i * (i - 1.0)) / variance2
                    + LN_HALF
                    + LogErfc.of((i - z0) / scale);
            double high = logBinomial
                    + j * logQ
                    + i * logRest
                    + (j * (j - 1)) / variance2
                    + LN_HALF
                    + LogErfc.of((z0 - j) / scale);
            logSum = PoissonSampling.logAdd(logSum, PoissonSampling.logAdd(low, high));
            if (i > order && low < lastLow && high < lastHigh && Math.max(low, high) < logSum + NEGLIGIBLE) {
                return logSum / (order - 1);
            }
            lastLow = low;
            lastHigh = high;
            logBinomial += Math.log(Math.abs(j) / (i + 1));
        }
        return Double.POSITIVE_INFINITY;
    }
}
