package org.commissure.models.brainlm;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Directions of the hidden space, each {@code [hidden]}: one to write every frame of a patch into, one for each axis,
 * one for CLS; orthogonal to each other, to all time encodings and to the constant vector (which layer norm removes),
 * as long as the space has room, and random beyond.
 *
 * @param time one functional a patch position, about 1 on its own time encoding and 0 on the others; damped, because
 *     the slow waves of neighbouring positions hardly differ and exact functionals would be huge
 */
@SuppressWarnings("ArrayRecordComponent") // plain numbers on their way into the parameters; never compared
record Directions(double[][] signal, double[][] place, double[] cls, double[][] time) {
    /** Ridge on the Gram matrix of the time encodings. */
    private static final double DAMPING = 0.3;

    static Directions random(BrainLmConfiguration c, RandomGenerator random) {
        int h = c.encoder().width();
        float[] table = TimeEncoding.table(c.patches(), h);
        double[][] times = new double[c.patches()][h];
        List<double[]> basis = new ArrayList<>();
        double[] constant = new double[h];
        java.util.Arrays.fill(constant, 1);
        extend(basis, constant);
        for (int t = 0; t < times.length; t++) {
            for (int j = 0; j < h; j++) {
                times[t][j] = table[t * h + j];
            }
            extend(basis, times[t].clone());
        }
        double[][] signal = new double[c.patchFrames()][];
        double[][] place = new double[3][];
        for (int t = 0; t < signal.length; t++) {
            signal[t] = fresh(basis, h, random);
        }
        for (int axis = 0; axis < 3; axis++) {
            place[axis] = fresh(basis, h, random);
        }
        return new Directions(signal, place, fresh(basis, h, random), functionals(times));
    }

    /** A random unit vector, orthogonal to the basis and added to it if there is room. */
    private static double[] fresh(List<double[]> basis, int h, RandomGenerator random) {
        double[] v = new double[h];
        for (int j = 0; j < h; j++) {
            v[j] = random.nextGaussian();
        }
        double[] plain = v.clone();
        if (extend(basis, v)) {
            return v;
        }
        double length = Math.sqrt(dot(plain, plain));
        for (int j = 0; j < h; j++) {
            plain[j] /= length;
        }
        return plain;
    }

    /** Gram–Schmidt, twice for rounding; in place. Adds nothing if {@code v} lies in the basis' span. */
    private static boolean extend(List<double[]> basis, double[] v) {
        double before = dot(v, v);
        for (int pass = 0; pass < 2; pass++) {
            for (double[] b : basis) {
                double share = dot(b, v);
                for (int j = 0; j < v.length; j++) {
                    v[j] -= share * b[j];
                }
            }
        }
        double after = dot(v, v);
        if (basis.size() >= v.length || after < 1e-6 * before) {
            return false;
        }
        double length = Math.sqrt(after);
        for (int j = 0; j < v.length; j++) {
            v[j] /= length;
        }
        basis.add(v);
        return true;
    }

    /** {@code (T·Tᵀ + damping·I)⁻¹·T} by Gauss–Jordan elimination; the matrix is positive definite, so no pivoting. */
    private static double[][] functionals(double[][] times) {
        int n = times.length;
        double[][] gram = new double[n][n];
        double[][] result = new double[n][];
        for (int a = 0; a < n; a++) {
            for (int b = 0; b < n; b++) {
                gram[a][b] = dot(times[a], times[b]) + (a == b ? DAMPING : 0);
            }
            result[a] = times[a].clone();
        }
        for (int pivot = 0; pivot < n; pivot++) {
            scale(gram[pivot], result[pivot], gram[pivot][pivot]);
            for (int row = 0; row < n; row++) {
                if (row != pivot) {
                    double factor = gram[row][pivot];
                    subtract(gram[row], gram[pivot], factor);
                    subtract(result[row], result[pivot], factor);
                }
            }
        }
        return result;
    }

    private static void scale(double[] a, double[] b, double divisor) {
        for (int j = 0; j < a.length; j++) {
            a[j] /= divisor;
        }
        for (int j = 0; j < b.length; j++) {
            b[j] /= divisor;
        }
    }

    private static void subtract(double[] from, double[] what, double factor) {
        for (int j = 0; j < from.length; j++) {
            from[j] -= factor * what[j];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }
}
