package org.commissure.privacy.dp;

/** Ranges that the mechanisms share; each failure names the argument. */
final class MechanismChecks {
    private MechanismChecks() {}

    static void rate(double samplingRate) {
        if (!(samplingRate >= 0 && samplingRate <= 1)) {
            throw new IllegalArgumentException("the sampling rate is " + samplingRate + ", not in [0, 1]");
        }
    }

    static void positive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the " + what + " is " + value + ", not above 0");
        }
    }

    static void sensitivities(long dimension, double l1, double l2) {
        if (dimension < 1) {
            throw new IllegalArgumentException("the dimension is " + dimension + ", not at least 1");
        }
        positive("L1 sensitivity", l1);
        positive("L2 sensitivity", l2);
        if (l1 < l2 * (1 - 1e-12)) {
            throw new IllegalArgumentException("the L1 sensitivity " + l1 + " lies below the L2 sensitivity " + l2);
        }
    }
}
