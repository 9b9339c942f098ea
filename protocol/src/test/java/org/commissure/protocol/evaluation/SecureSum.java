package org.commissure.protocol.evaluation;

import java.util.List;

/** What the fixed point of an exact sum leaves of sites' vectors: each number a multiple of 2^-16 within ±2^46. */
final class SecureSum {
    private SecureSum() {}

    static double[] of(List<double[]> sites) {
        double[] sum = new double[sites.getFirst().length];
        for (double[] site : sites) {
            for (int i = 0; i < sum.length; i++) {
                if (!(Math.abs(site[i]) < 0x1p46)) {
                    throw new AssertionError("number " + i + " does not fit the exact sum: " + site[i]);
                }
                sum[i] += Math.rint(site[i] * 0x1p16) / 0x1p16;
            }
        }
        return sum;
    }
}
