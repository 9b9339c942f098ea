package org.commissure.privacy.dp.pld;

import java.util.Arrays;

/** A product of powers of characteristic functions, and how far rounding may have moved its inverse transform. */
final class Spectrum {
    private final int size;
    private final double[] real;
    private final double[] imaginary;

    /** Σ over factors of their times × the error's norm / |factor|, per frequency folded into the product later. */
    private final double[] sensitivity;

    private double powers;

    Spectrum(int size) {
        this.size = size;
        // The transform of real masses is Hermitian: one half is enough.
        real = new double[size / 2 + 1];
        imaginary = new double[size / 2 + 1];
        sensitivity = new double[size / 2 + 1];
        Arrays.fill(real, 1);
    }

    /**
     * Multiplies by the {@code times}-th power.
     *
     * @param error bound of the norm of the factor's error, divided by √size
     */
    void multiply(double[] factorReal, double[] factorImaginary, long times, double error) {
        powers += times;
        double single = error * Math.sqrt(size); // no frequency is off by more
        for (int f = 0; f < real.length; f++) {
            double baseReal = factorReal[f];
            double baseImaginary = factorImaginary[f];
            double size2 = baseReal * baseReal + baseImaginary * baseImaginary;
            double magnitude = Math.max(Math.sqrt(size2), single);
            double share = times * error / magnitude;
            sensitivity[f] += share * share;
            double powerReal = real[f];
            double powerImaginary = imaginary[f];
            for (long left = times; left > 0; left >>= 1) {
                if ((left & 1) == 1) {
                    double re = powerReal * baseReal - powerImaginary * baseImaginary;
                    powerImaginary = powerReal * baseImaginary + powerImaginary * baseReal;
                    powerReal = re;
                }
                double re = baseReal * baseReal - baseImaginary * baseImaginary;
                baseImaginary = 2 * baseReal * baseImaginary;
                baseReal = re;
            }
            real[f] = powerReal;
            imaginary[f] = powerImaginary;
        }
    }

    /**
     * Bound of the error of one entry of the inverse transform, by Cauchy and Schwarz over the frequencies, doubled for
     * terms of second order; and the rounding of the powers, at most 4u a multiplication.
     */
    double rounding() {
        double squares = 0;
        double sum = 0;
        for (int f = 0; f < real.length; f++) {
            double square = real[f] * real[f] + imaginary[f] * imaginary[f];
            squares += square * sensitivity[f];
            sum += Math.sqrt(square);
        }
        double fromFactors = Math.sqrt(2 * squares / size);
        double fromPowers = 4 * Fourier.UNIT * powers * 2 * sum / size;
        return 2 * (fromFactors + fromPowers);
    }

    void copyInto(double[] targetReal, double[] targetImaginary) {
        targetReal[0] = real[0];
        targetImaginary[0] = imaginary[0];
        for (int f = 1; f < real.length; f++) {
            targetReal[f] = real[f];
            targetImaginary[f] = imaginary[f];
            targetReal[size - f] = real[f];
            targetImaginary[size - f] = -imaginary[f];
        }
    }
}
