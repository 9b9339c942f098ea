package org.commissure.privacy.dp.pld;

/**
 * Privacy loss of one step on a grid: mass {@code mass[i]} at loss {@code (first + i)·interval}, and
 * {@code infinite} where the loss is taken as infinite. Dominates the true loss: its hockey-stick curve lies
 * nowhere below the true one.
 *
 * @param mass not copied; nobody writes after construction
 */
@SuppressWarnings("ArrayRecordComponent") // nobody writes after construction
record GridLoss(double interval, long first, double[] mass, double infinite) {

    /** The loss in the other direction: a mass p at ε is a mass p·e^−ε at −ε. */
    GridLoss reversed(double infiniteOfReversed) {
        int count = mass.length;
        double[] other = new double[count];
        for (int i = 0; i < count; i++) {
            other[count - 1 - i] = mass[i] * Math.exp(-(first + i) * interval);
        }
        return new GridLoss(interval, -(first + count - 1), other, infiniteOfReversed);
    }

    /** ln Σ mass·e^(tilt·loss) over the finite losses. */
    double cumulant(double tilt) {
        // Relative to the largest term; those below e^−50 of it would not change the last digit.
        double scale = Double.NEGATIVE_INFINITY;
        double[] exponent = new double[mass.length];
        for (int i = 0; i < mass.length; i++) {
            exponent[i] = Math.log(mass[i]) + tilt * (first + i) * interval;
            scale = Math.max(scale, exponent[i]);
        }
        double sum = 0;
        for (double one : exponent) {
            if (one > scale - 50) {
                sum += Math.exp(one - scale);
            }
        }
        return scale + Math.log(sum);
    }

    /** mass·e^(tilt·loss − cumulant(tilt)), folded modulo the length of {@code real}, loss 0 at index 0. */
    void tiltedInto(double[] real, double tilt, double cumulant) {
        int n = real.length;
        for (int i = 0; i < mass.length; i++) {
            if (mass[i] > 0) {
                int at = (int) Math.floorMod(first + i, (long) n);
                real[at] += Math.exp(Math.log(mass[i]) + tilt * (first + i) * interval - cumulant);
            }
        }
    }
}
