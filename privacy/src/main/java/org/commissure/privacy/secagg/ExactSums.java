package org.commissure.privacy.secagg;

import java.math.BigInteger;

/**
 * A few wide-ranging statistics for the int32 ring, so that their sums are exact: each becomes a
 * 64-bit fixed-point number of resolution 2^-16, shifted to be non-negative and split into four
 * limbs of 16 bits, least significant first. A limb's sum over 255 parties stays below 2^24.
 */
public final class ExactSums {
    /** B of such a vector: no limb exceeds it. */
    public static final double VALUE_BOUND = 65_536;

    /** Limbs are integers already. */
    public static final int SCALE_LOG2 = 0;

    private static final int LIMBS = 4;
    private static final int LIMB_BITS = 16;
    private static final int FRACTION_BITS = 16;
    /** Below 2^62 in magnitude, a rounded number plus the shift of 2^63 stays within 64 bits. */
    private static final double LARGEST = Math.scalb(1.0, 62 - FRACTION_BITS);

    private ExactSums() {}

    /** Ring elements for so many statistics. */
    public static int dimension(int fields) {
        return fields * LIMBS;
    }

    /** @throws ArithmeticException if a statistic is not finite or exceeds 2^46 in magnitude */
    public static int[] encode(double[] sums) {
        int[] limbs = new int[dimension(sums.length)];
        for (int field = 0; field < sums.length; field++) {
            if (!(Math.abs(sums[field]) < LARGEST)) {
                throw new ArithmeticException("a statistic is not finite or too large to be summed");
            }
            long shifted = Math.round(Math.scalb(sums[field], FRACTION_BITS)) ^ Long.MIN_VALUE; // + 2^63, unsigned
            for (int limb = 0; limb < LIMBS; limb++) {
                limbs[field * LIMBS + limb] = (int) (shifted >>> limb * LIMB_BITS) & 0xffff;
            }
        }
        return limbs;
    }

    /**
     * @param summed sum of {@code parties} encoded vectors
     * @throws ArithmeticException if it cannot be such a sum
     */
    public static double[] decode(int[] summed, int parties) {
        if (summed.length % LIMBS != 0) {
            throw new ArithmeticException("a sum of " + summed.length + " limbs is not one of whole statistics");
        }
        BigInteger shift = BigInteger.ONE.shiftLeft(63).multiply(BigInteger.valueOf(parties));
        double[] sums = new double[summed.length / LIMBS];
        for (int field = 0; field < sums.length; field++) {
            BigInteger total = shift.negate();
            for (int limb = 0; limb < LIMBS; limb++) {
                int value = summed[field * LIMBS + limb];
                if (value < 0 || value > 0xffffL * parties) {
                    throw new ArithmeticException("a limb of the sum is out of range for " + parties + " parties");
                }
                total = total.add(BigInteger.valueOf(value).shiftLeft(limb * LIMB_BITS));
            }
            sums[field] = Math.scalb(total.doubleValue(), -FRACTION_BITS);
        }
        return sums;
    }
}
