package org.commissure.privacy.dp;

import java.security.SecureRandom;

/**
 * Exact samples of the discrete Laplace (two-sided geometric) distribution, P(x) ∝ e^(−ε|x|), ε = n/2^{@value #BITS}.
 *
 * <p>Source: Canonne, Kamath, Steinke, <i>The Discrete Gaussian for Differential Privacy</i>, arXiv:2004.00010,
 * Algorithm 2. Security guarantees: no floating point in a sample, so that its low bits tell nothing of the count
 * below it; unpredictable, from AES-256-CTR under a fresh key. Not thread-safe. Never prints its state.
 */
public final class DiscreteLaplaceNoise {
    /** ε is a multiple of 2^−{@value}, so that every coin has a dyadic probability. */
    public static final int BITS = 20;

    /** More is no privacy. */
    public static final double MAXIMUM_EPSILON = 16;

    private final ExactCoins coins;
    private final long numerator;

    /**
     * @param random where the secret key of this source comes from
     * @param epsilon a multiple of 2^−{@value #BITS}, see {@link #onGrid}
     * @throws IllegalArgumentException if it is none, or not in (0, 16]: no noise is never a silent outcome
     */
    public DiscreteLaplaceNoise(SecureRandom random, double epsilon) {
        double units = Math.scalb(epsilon, BITS);
        if (!(epsilon > 0 && epsilon <= MAXIMUM_EPSILON) || units != Math.rint(units)) {
            throw new IllegalArgumentException(
                    "epsilon of a noised count is " + epsilon + ", no multiple of 2^-" + BITS + " in (0, 16]");
        }
        this.coins = new ExactCoins(random);
        this.numerator = (long) units;
    }

    /** The largest ε of the grid that is not above {@code epsilon}. */
    public static double onGrid(double epsilon) {
        return Math.scalb(Math.floor(Math.scalb(epsilon, BITS)), -BITS);
    }

    /** One sample. */
    public long sample() {
        while (true) {
            long remainder = coins.bits(BITS);
            if (!coins.tossExp(remainder, BITS)) {
                continue;
            }
            long multiples = 0;
            while (coins.tossExpOne()) {
                multiples++;
            }
            // Geometric with ratio e^(−2^−BITS); whole multiples of n in it are geometric with ratio e^−ε.
            long magnitude = (remainder + (multiples << BITS)) / numerator;
            boolean negative = coins.bits(1) == 1;
            if (!negative || magnitude > 0) { // else 0 would count twice
                return negative ? -magnitude : magnitude;
            }
        }
    }
}
