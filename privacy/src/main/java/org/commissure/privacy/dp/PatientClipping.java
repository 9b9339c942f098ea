package org.commissure.privacy.dp;

/** Bounds how far one patient can pull a step: the sensitivity that the noise is measured against. */
public final class PatientClipping {
    private PatientClipping() {}

    /**
     * Scales one patient's gradient, over all of that patient's windows together, in place to an L2
     * norm of at most {@code clipNorm}. The bound holds for the stored floats exactly, not just to rounding.
     *
     * @return the norm before clipping
     * @throws IllegalArgumentException if {@code clipNorm} is not finite and above 0
     * @throws ArithmeticException if a value is not finite; the gradient is then unchanged
     */
    public static double clip(float[] gradient, double clipNorm) {
        if (!(clipNorm > 0 && clipNorm < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the clip norm is " + clipNorm + ", not finite and above 0");
        }
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value; // exact product; the largest float squared is far from overflow
        }
        if (!(squares < Double.POSITIVE_INFINITY)) {
            throw new ArithmeticException("a patient's gradient holds a value that is not a finite number");
        }
        double norm = Math.sqrt(squares);
        // The sum of n terms is off by at most n·2⁻⁵³ relative; clip as if all of it had been lost.
        double slack = 1 + (gradient.length + 4) * 0x1p-53;
        if (norm * slack > clipNorm) {
            double factor = clipNorm / (norm * slack);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = towardsZero(gradient[i] * factor);
            }
        }
        return norm;
    }

    private static float towardsZero(double value) {
        float rounded = (float) value;
        return Math.abs((double) rounded) > Math.abs(value) ? Math.nextAfter(rounded, 0) : rounded;
    }
}
