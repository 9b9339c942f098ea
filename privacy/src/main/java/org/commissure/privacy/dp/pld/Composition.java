package org.commissure.privacy.dp.pld;

import java.util.Arrays;
import java.util.List;

/**
 * The loss of many independent steps in one direction, inside a {@link Window}, as tilted masses on a ring of
 * losses. What leaves the window wraps around and can only raise δ; what lies above it is added as infinite loss.
 */
final class Composition {
    private final double interval;
    private final Window window;
    private final long first;
    private final double[] mass;

    /** Bound of the rounding of one entry of {@code mass}. */
    private final double rounding;

    private final double infinite;
    private final double slack;

    private Composition(
            double interval, Window window, long first, double[] mass, double rounding, double infinite, double slack) {
        this.interval = interval;
        this.window = window;
        this.first = first;
        this.mass = mass;
        this.rounding = rounding;
        this.infinite = infinite;
        this.slack = slack;
    }

    /** Points that the ring needs, a power of two as a double: it may be too many. */
    static double size(Window window, double interval) {
        double points = (window.high() - window.low()) / interval + 4;
        return Math.max(2, Math.pow(2, Math.ceil(Math.log(points) / Math.log(2))));
    }

    static Composition of(List<GridLoss> losses, long[] times, Window window) {
        double interval = losses.getFirst().interval();
        int n = (int) size(window, interval);
        Fourier fourier = new Fourier(n);
        double[] real = new double[n];
        double[] imaginary = new double[n];
        Spectrum product = new Spectrum(n);
        double steps = 0;
        double infinite = window.above();
        for (int k = 0; k < times.length; k++) {
            Arrays.fill(real, 0);
            Arrays.fill(imaginary, 0);
            losses.get(k).tiltedInto(real, window.tilt(), window.cumulants()[k]);
            double norm = norm(real, imaginary);
            fourier.forward(real, imaginary);
            product.multiply(real, imaginary, times[k], fourier.relativeError() * norm);
            steps += times[k];
            infinite += times[k] * losses.get(k).infinite();
        }
        double spectral = product.rounding();
        product.copyInto(real, imaginary);
        fourier.inverse(real, imaginary);
        double rounding = spectral + fourier.relativeError() * norm(real, imaginary);
        // One step's masses are taken as good to 2⁻⁴⁵, relative: quadrature and exponentials.
        double slack = steps * 0x1p-45;
        long first = (long) Math.floor(window.low() / interval);
        return new Composition(interval, window, first, real, rounding, infinite, slack);
    }

    /**
     * The smallest ε ≥ 0 whose δ is at most {@code delta}; infinite where none is.
     *
     * @param bounded whether cut-off mass and rounding are counted against us; without, only for stating their part
     */
    double epsilon(double delta, boolean bounded) {
        double target = bounded ? (delta - infinite) / (1 + slack) : delta;
        if (target <= 0) {
            return Double.POSITIVE_INFINITY;
        }
        double rounded = bounded ? rounding : 0;
        double decay = Math.exp(-interval);
        int n = mass.length;
        double above = 0; // mass at losses above the present one
        double weighted = 0; // the same, each times e^(present − loss)
        for (int i = n - 1; i >= 0; i--) {
            double loss = (first + i) * interval;
            double tilted = Math.max(0, mass[Math.floorMod(first + i, n)]) + rounded;
            double untilted = tilted * Math.exp(window.total() - window.tilt() * loss);
            double weightedHere = weighted * decay;
            if (above - weightedHere > target) {
                // δ(ε) = above − e^(ε − next)·weighted crosses the target between this loss and the next.
                double next = loss + interval;
                return Math.max(0, next + Math.log((above - target) / weighted));
            }
            if (loss < 0) {
                return 0;
            }
            above += untilted;
            weighted = weightedHere + untilted;
        }
        return Math.max(0, first * interval);
    }

    private static double norm(double[] real, double[] imaginary) {
        double sum = 0;
        for (int i = 0; i < real.length; i++) {
            sum += real[i] * real[i] + imaginary[i] * imaginary[i];
        }
        return Math.sqrt(sum);
    }
}
