package org.commissure.privacy.dp;

import java.util.function.IntToDoubleFunction;

/**
 * Rényi divergence of a mechanism that adds symmetric noise to a sum over patients who each took part by
 * their own coin flip.
 *
 * <p>With Q the noise and P the noise around one contribution, E over Q of ((1 − q) + q·P/Q)^α is, for an
 * integer α, the binomial sum Σ C(α,k)·(1−q)^(α−k)·q^k·E(P/Q)^k (Mironov, Talwar, Zhang, arXiv:1908.10530,
 * section 3.3). The other direction is no worse where a reflection exchanges P and Q (their Theorem 5), which
 * holds for every noise that is symmetric around 0, discrete noise and noise sums included.
 */
final class PoissonSampling {
    private PoissonSampling() {}

    /**
     * An upper bound of RDP(α), {@code order} &gt; 1, for 0 &lt; q &lt; 1. Between integers it is the chord
     * of ln A, which is convex in α.
     *
     * @param logMoment k ↦ ln E(P/Q)^k or an upper bound of it, for integers k ≥ 2
     */
    static double rdp(double q, double order, IntToDoubleFunction logMoment) {
        int below = (int) order;
        double share = order - below;
        double moment = logMoment(q, below, logMoment);
        if (share > 0) {
            moment = (1 - share) * moment + share * logMoment(q, below + 1, logMoment);
        }
        return moment / (order - 1);
    }

    /**
     * ln A(α) of an integer α ≥ 1. The binomial weights add up to 1, so
     * A − 1 = Σ_{k≥2} C(α,k)·q^k·(1−q)^(α−k)·(E(P/Q)^k − 1): positive terms only, hence fully accurate also
     * where A is 1 + 10⁻¹².
     */
    static double logMoment(double q, int order, IntToDoubleFunction logMoment) {
        double logQ = Math.log(q);
        double logRest = Math.log1p(-q);
        double logBinomial = Math.log(order);
        double logSum = Double.NEGATIVE_INFINITY;
        for (int k = 2; k <= order; k++) {
            logBinomial += Math.log((order - k + 1) / (double) k);
            double exponent = logMoment.applyAsDouble(k);
            double logExpm1 =
                    exponent > 1 ? exponent + Math.log1p(-Math.exp(-exponent)) : Math.log(Math.expm1(exponent));
            logSum = logAdd(logSum, logBinomial + k * logQ + (order - k) * logRest + logExpm1);
        }
        return logAdd(0, logSum);
    }

    /** ln(e^a + e^b). */
    static double logAdd(double a, double b) {
        double large = Math.max(a, b);
        double small = Math.min(a, b);
        return small == Double.NEGATIVE_INFINITY ? large : large + Math.log1p(Math.exp(small - large));
    }
}
