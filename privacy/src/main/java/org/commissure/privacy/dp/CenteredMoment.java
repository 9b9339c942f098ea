package org.commissure.privacy.dp;

/** ln E over N(0, σ²) of (P/Q − 1)^n, with P = N(1, σ²) and Q = N(0, σ²). */
final class CenteredMoment {
    private static final double TAIL_SIGMAS = 12;

    private CenteredMoment() {}

    /**
     * By the trapezoid rule, which converges geometrically for this entire integrand. All terms are positive;
     * the alternating sum over e^(j(j−1)/2σ²) would cancel.
     *
     * @param n even, at least 2
     */
    static double log(double sigma, int n) {
        double variance = sigma * sigma;
        double step = Math.min(sigma, variance) / 8;
        double low = -TAIL_SIGMAS * sigma;
        double high = n + TAIL_SIGMAS * sigma;
        int points = (int) Math.ceil((high - low) / step);
        if (points > 1_000_000) {
            return Double.POSITIVE_INFINITY; // the caller's simpler bound holds
        }
        double[] logTerm = new double[points + 1];
        double scale = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= points; i++) {
            double z = low + i * step;
            double x = (2 * z - 1) / (2 * variance);
            double magnitude = x > 30 ? x + Math.log1p(-Math.exp(-x)) : Math.log(Math.abs(Math.expm1(x)));
            logTerm[i] = n * magnitude - z * z / (2 * variance);
            scale = Math.max(scale, logTerm[i]);
        }
        double sum = 0;
        for (double term : logTerm) {
            sum += Math.exp(term - scale);
        }
        return scale + Math.log(sum * step / (sigma * Math.sqrt(2 * Math.PI)));
    }
}
