package org.commissure.privacy.secagg;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.commissure.protocol.UserError;

/** Whether a sum of fixed-point vectors fits the ring. */
public final class EncodingBound {
    private EncodingBound() {}

    /**
     * Demands {@code n·(⌈B·S⌉ + 1) < 2^(ringBits − 1)}; the 1 is stochastic rounding's.
     *
     * @param parties n, the most vectors that are ever added
     * @param valueBound B, the largest magnitude of one value
     * @param scaleLog2 log2 of the scale S
     * @throws UserError if the sum could overflow
     */
    public static void check(int parties, double valueBound, int scaleLog2, int ringBits) {
        if (fits(parties, valueBound, scaleLog2, ringBits)) {
            return;
        }
        throw new UserError(
                "the sum of " + parties + " vectors with values up to " + valueBound + " at scale 2^" + scaleLog2
                        + " does not fit the ring of " + ringBits + "-bit integers",
                "lower secure_aggregation.scale_log2 to at most " + largestScale(parties, valueBound, ringBits)
                        + ", or lower secure_aggregation.update_bound");
    }

    /** Whether {@link #check} passes. Exact: near 2^63 the spacing of doubles is far above the 1. */
    public static boolean fits(int parties, double valueBound, int scaleLog2, int ringBits) {
        double scaled = Math.scalb(valueBound, scaleLog2);
        if (!(valueBound > 0) || !Double.isFinite(scaled)) {
            return false;
        }
        BigInteger largest = new BigDecimal(scaled)
                .setScale(0, RoundingMode.CEILING)
                .toBigInteger()
                .add(BigInteger.ONE);
        return largest.multiply(BigInteger.valueOf(parties)).bitLength() < ringBits;
    }

    private static int largestScale(int parties, double valueBound, int ringBits) {
        int scale = ringBits;
        while (scale > 0 && !fits(parties, valueBound, scale, ringBits)) {
            scale--;
        }
        return scale;
    }
}
