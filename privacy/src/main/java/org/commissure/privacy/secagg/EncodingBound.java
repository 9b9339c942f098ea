package org.commissure.privacy.secagg;

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
        // A product beyond 2^53 is inexact here, but then also far beyond the ring.
        double largest = parties * (Math.ceil(Math.scalb(valueBound, scaleLog2)) + 1);
        if (valueBound > 0 && largest < Math.scalb(1.0, ringBits - 1)) {
            return;
        }
        throw new UserError(
                "the sum of " + parties + " vectors with values up to " + valueBound + " at scale 2^" + scaleLog2
                        + " does not fit the ring of " + ringBits + "-bit integers",
                "lower secure_aggregation.scale_log2 to at most " + largestScale(parties, valueBound, ringBits)
                        + ", or lower secure_aggregation.update_bound");
    }

    private static int largestScale(int parties, double valueBound, int ringBits) {
        double room = Math.scalb(1.0, ringBits - 1) / parties - 2;
        return room > 0 && valueBound > 0 ? Math.max(0, Math.getExponent(room / valueBound)) : 0;
    }
}
