package org.commissure.privacy.dp;

/**
 * Rényi divergence of one step of the Poisson-subsampled Gaussian mechanism between data sets in which one
 * patient is replaced: P = (1 − q)·N(0, σ²) + q·N(1, σ²) against Q = (1 − q)·N(0, σ²) + q·N(−1, σ²), the
 * opposite contributions being the farthest apart. Reflection at 0 exchanges P and Q, so one direction is
 * enough.
 */
final class ReplaceOneGaussian {
    /** Added for the quadrature, whose error falls geometrically and is below 10⁻¹² at the step used. */
    private static final double SLACK = 1e-11;

    private static final double TAIL_SIGMAS = 12;

    /** Points that are left out or summed together. */
    private static final int BLOCK = 16;

    private ReplaceOneGaussian() {}

    static double rdp(double q, double sigma, double order) {
        if (q == 0) {
            return 0;
        }
        double full = 2 * order / (sigma * sigma); // two contributions of norm 1 that are 2 apart
        if (q == 1) {
            return full;
        }
        // Sampling cannot hurt (joint quasi-convexity), which also covers what the quadrature cannot resolve.
        return Math.min(full, logMoment(q, sigma, order) / (order - 1));
    }

    /**
     * ln ∫ Q·(P/Q)^α, by the trapezoid rule over z. The integrand is analytic within πσ² of the real line (the
     * zeros of P and Q lie there) and falls like a Gaussian, so the error falls like e^(−2π·width/step).
     */
    private static double logMoment(double q, double sigma, double order) {
        double step = Math.min(sigma, sigma * sigma) / 16;
        double low = -1 - TAIL_SIGMAS * sigma;
        // The mass of the tilted density lies at most around z = 2α − 1 (P/Q ≤ e^(2z/σ²)).
        double high = 2 * order + TAIL_SIGMAS * sigma;
        if ((high - low) / step > 5e6) {
            return Double.POSITIVE_INFINITY;
        }
        int blocks = (int) Math.ceil((high - low) / (step * BLOCK));
        double[] atStart = new double[blocks + 1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int block = 0; block <= blocks; block++) {
            atStart[block] = logMagnitude(q, sigma, order, low + (double) block * BLOCK * step);
            largest = Math.max(largest, atStart[block]);
        }
        // Inside a block ln of the integrand leaves the line between its ends by at most α/16 (its curvature is at
        // most α/2σ⁴ + 1/σ², a block at most σ and σ² wide); blocks that stay negligible are left out.
        double negligible = largest - 60 - order / 16;
        double sum = 0;
        double magnitudes = 0;
        for (int block = 0; block < blocks; block++) {
            if (Math.max(atStart[block], atStart[block + 1]) < negligible) {
                continue;
            }
            for (int i = 0; i < BLOCK; i++) {
                double z = low + ((double) block * BLOCK + i) * step;
                double term = Math.exp(logMagnitude(q, sigma, order, z) - largest);
                sum += z < 0 ? -term : term; // P < Q left of 0
                magnitudes += term;
            }
        }
        // Rounding is relative to what was added, not to what is left of it.
        double bounded = Math.max(0, sum) + magnitudes * SLACK;
        return PoissonSampling.logAdd(0, Math.log(bounded * step / (sigma * Math.sqrt(2 * Math.PI))) + largest);
    }

    /** ln |N(0)·r₂·((r₁/r₂)^α − 1)|·σ√2π at z, r = density over N(0); the −1 keeps a small result accurate. */
    private static double logMagnitude(double q, double sigma, double order, double z) {
        double variance = sigma * sigma;
        double down = mixture(q, (-2 * z - 1) / (2 * variance));
        double exponent = order * (mixture(q, (2 * z - 1) / (2 * variance)) - down);
        double magnitude =
                exponent > 30 ? exponent + Math.log1p(-Math.exp(-exponent)) : Math.log(Math.abs(Math.expm1(exponent)));
        return down + magnitude - z * z / (2 * variance);
    }

    /** ln((1 − q) + q·e^x), for any x. */
    private static double mixture(double q, double x) {
        return x > 30 ? Math.log(q) + x + Math.log1p((1 - q) / q * Math.exp(-x)) : Math.log1p(q * Math.expm1(x));
    }
}
