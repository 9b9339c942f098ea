package org.commissure.privacy.secagg;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Shamir's secret sharing ("How to share a secret", 1979), byte by byte over GF(2^8) with the
 * polynomial 0x11b. The secret is the value at x = 0; a share is the value at x in 1..255. The
 * arithmetic has neither secret-dependent branches nor table look-ups.
 */
final class SecretSharing {
    private SecretSharing() {}

    /** Shares of which any {@code threshold} give the secret back and fewer say nothing. */
    static SortedMap<Integer, byte[]> split(byte[] secret, int threshold, Collection<Integer> xs, SecureRandom random) {
        byte[][] coefficients = new byte[threshold - 1][secret.length];
        for (byte[] coefficient : coefficients) {
            random.nextBytes(coefficient);
        }
        SortedMap<Integer, byte[]> shares = evaluate(secret, coefficients, xs);
        for (byte[] coefficient : coefficients) {
            Arrays.fill(coefficient, (byte) 0);
        }
        return shares;
    }

    /** @param coefficients of x, x², … */
    static SortedMap<Integer, byte[]> evaluate(byte[] secret, byte[][] coefficients, Collection<Integer> xs) {
        SortedMap<Integer, byte[]> shares = new TreeMap<>();
        for (int x : xs) {
            requirePoint(x);
            byte[] share = new byte[secret.length];
            for (int k = coefficients.length; k >= 0; k--) { // Horner's rule
                byte[] coefficient = k == 0 ? secret : coefficients[k - 1];
                for (int i = 0; i < share.length; i++) {
                    share[i] = (byte) (multiply(share[i] & 0xff, x) ^ coefficient[i]);
                }
            }
            shares.put(x, share);
        }
        return shares;
    }

    /**
     * The secret of exactly {@code threshold} shares, by Lagrange's interpolation at 0. A forged share
     * gives a wrong secret, not an error: callers compare the result with what is publicly known.
     *
     * @throws IllegalArgumentException if there are more or fewer shares, one is at x outside 1..255,
     *     or their lengths differ
     */
    static byte[] combine(SortedMap<Integer, byte[]> shares, int threshold) {
        if (shares.size() != threshold || threshold < 1) {
            throw new IllegalArgumentException(shares.size() + " shares where " + threshold + " are needed");
        }
        int length = shares.firstEntry().getValue().length;
        byte[] secret = new byte[length];
        shares.forEach((x, share) -> {
            requirePoint(x);
            if (share.length != length) {
                throw new IllegalArgumentException("shares of different lengths");
            }
            int weight = 1;
            for (int other : shares.keySet()) {
                if (other != x) {
                    weight = multiply(weight, multiply(other, inverse(other ^ x)));
                }
            }
            for (int i = 0; i < length; i++) {
                secret[i] ^= (byte) multiply(share[i] & 0xff, weight);
            }
        });
        return secret;
    }

    private static void requirePoint(int x) {
        if (x < 1 || x > 255) {
            throw new IllegalArgumentException("a share at x = " + x + ", which is not among 1..255");
        }
    }

    static int multiply(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            product ^= a & -(b >> bit & 1);
            a = a << 1 ^ 0x11b & -(a >> 7 & 1);
        }
        return product;
    }

    /** a^254, which is 1/a by Fermat. */
    static int inverse(int a) {
        int power = a;
        int result = 1;
        for (int bit = 1; bit < 8; bit++) {
            power = multiply(power, power);
            result = multiply(result, power);
        }
        return result;
    }
}
