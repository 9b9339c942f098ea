package org.commissure.privacy.dp;

import java.security.SecureRandom;

/**
 * Coins whose probabilities are exact, tossed with whole random bits: what the discrete samplers are made of.
 *
 * <p>Source: Canonne, Kamath, Steinke, <i>The Discrete Gaussian for Differential Privacy</i>, arXiv:2004.00010,
 * Algorithm 1. No floating point. Not thread-safe. Never prints its state.
 */
final class ExactCoins {
    private final KeyStream stream;

    /** @param random where the secret key of this source comes from */
    ExactCoins(SecureRandom random) {
        this.stream = new KeyStream(random);
    }

    /** Uniform in [0, 2^count), 0 ≤ count ≤ 63. */
    long bits(int count) {
        return stream.bits(count);
    }

    /** True with probability e^(−numerator/2^bits), for 0 ≤ numerator ≤ 2^bits, bits ≤ 53. */
    boolean tossExp(long numerator, int bits) {
        // The number of successes before the first failure of coins with probability x/1, x/2, x/3, … is even
        // with probability e^−x.
        int k = 1;
        while (stream.bits(bits) < numerator && uniformIsZero(k)) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability 1/e. */
    boolean tossExpOne() {
        int k = 1;
        while (uniformIsZero(k)) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability 1/k. */
    private boolean uniformIsZero(int k) {
        if (k == 1) {
            return true;
        }
        int bits = 32 - Integer.numberOfLeadingZeros(k - 1);
        long value;
        do {
            value = stream.bits(bits);
        } while (value >= k);
        return value == 0;
    }
}
