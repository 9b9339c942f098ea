package org.commissure.privacy.dp;

import java.security.SecureRandom;

/**
 * Exact samples of the discrete Gaussian N_Z(0, 4^s), P(x) ∝ e^(−x²/2·4^s), with σ = 2^s.
 *
 * <p>Source: Canonne, Kamath, Steinke, <i>The Discrete Gaussian for Differential Privacy</i>,
 * arXiv:2004.00010, Algorithms 1 to 3. Because σ is a power of two, every coin of theirs has a dyadic probability
 * and is tossed with whole random bits.
 *
 * <p>Security guarantees: no floating point anywhere, so what Mironov (CCS 2012) reads from low bits is not there;
 * unpredictable, from AES-256-CTR under a fresh key. A sample beyond 2³¹ is drawn again, which at s ≤ 26 has
 * probability below 2⁻⁷³⁰. Restrictions: the time that a sample takes depends on its value; nobody who can time
 * single samples inside the site is considered. Not thread-safe. Never prints its state.
 */
public final class DiscreteGaussianNoise {
    /** Largest s: the tail beyond 2³¹ then lies at 32σ. */
    public static final int MAXIMUM_LOG_SIGMA = 26;

    private final ExactCoins coins;
    private final int logSigma;

    /**
     * @param random where the secret key of this source comes from
     * @param logSigma s with σ = 2^s, in [0, {@value #MAXIMUM_LOG_SIGMA}]
     * @throws IllegalArgumentException if {@code logSigma} is outside its range: no noise is never a silent outcome
     */
    public DiscreteGaussianNoise(SecureRandom random, int logSigma) {
        if (logSigma < 0 || logSigma > MAXIMUM_LOG_SIGMA) {
            throw new IllegalArgumentException(
                    "log2 of the noise's sigma is " + logSigma + ", not in [0, " + MAXIMUM_LOG_SIGMA + "]");
        }
        this.coins = new ExactCoins(random);
        this.logSigma = logSigma;
    }

    /** Adds an independent sample to every value, modulo 2⁶⁴. */
    public void addTo(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += sample();
        }
    }

    /** Adds an independent sample to every value, modulo 2³²: in the ring of a secure sum. */
    public void addTo(int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] += (int) sample();
        }
    }

    /** One sample, below 2³¹ in magnitude. */
    public long sample() {
        int s = logSigma;
        long sigma = 1L << s;
        while (true) {
            // A discrete Laplace sample of scale σ: its remainder modulo σ, then the whole multiples.
            long remainder = coins.bits(s);
            if (!coins.tossExp(remainder, s)) {
                continue;
            }
            long multiples = 0;
            while (coins.tossExpOne()) {
                multiples++;
            }
            long magnitude = remainder + (multiples << s);
            boolean negative = coins.bits(1) == 1;
            if (negative && magnitude == 0) {
                continue; // else 0 would count twice
            }
            long distance = Math.abs(magnitude - sigma);
            if (magnitude >= 1L << 31) {
                continue; // its square would overflow
            }
            // Kept with probability e^(−(|x| − σ)²/2σ²): rejection from Laplace to Gaussian.
            int bits = 2 * s + 1;
            long numerator = distance * distance;
            long whole = numerator >>> bits;
            boolean kept = true;
            for (long i = 0; i < whole && kept; i++) {
                kept = coins.tossExpOne();
            }
            if (kept && coins.tossExp(numerator - (whole << bits), bits)) {
                return negative ? -magnitude : magnitude;
            }
        }
    }
}
