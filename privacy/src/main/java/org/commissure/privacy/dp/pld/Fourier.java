package org.commissure.privacy.dp.pld;

/**
 * Discrete Fourier transform of 2^k complex numbers in place, radix 2, with roots of unity that are each
 * rounded once. Immutable, thread-safe.
 */
final class Fourier {
    /** Largest relative rounding of one addition or multiplication. */
    static final double UNIT = 0x1p-53;

    private final int size;
    private final double[] cosine;
    private final double[] sine;

    /** @param size a power of two, at least 2 */
    Fourier(int size) {
        if (size < 2 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("the transform's size " + size + " is not a power of two");
        }
        this.size = size;
        int half = size / 2;
        cosine = new double[half];
        sine = new double[half];
        for (int i = 0; i < half; i++) {
            double angle = -2 * Math.PI * i / size;
            cosine[i] = Math.cos(angle);
            sine[i] = Math.sin(angle);
        }
    }

    int size() {
        return size;
    }

    /**
     * Bound of ‖computed − exact‖₂ / ‖exact‖₂ of one transform (Higham, <i>Accuracy and Stability of Numerical
     * Algorithms</i>, Theorem 24.2, with roots good to 2u: η = μ + γ₄(√2 + μ) ≤ 9u a level).
     */
    double relativeError() {
        return 9 * UNIT * Integer.numberOfTrailingZeros(size);
    }

    /** Σ_j x_j·e^(−2πijk/n). */
    void forward(double[] real, double[] imaginary) {
        permute(real, imaginary);
        for (int length = 2; length <= size; length *= 2) {
            int half = length / 2;
            int stride = size / length;
            for (int start = 0; start < size; start += length) {
                for (int j = 0, root = 0; j < half; j++, root += stride) {
                    int a = start + j;
                    int b = a + half;
                    double re = real[b] * cosine[root] - imaginary[b] * sine[root];
                    double im = real[b] * sine[root] + imaginary[b] * cosine[root];
                    real[b] = real[a] - re;
                    imaginary[b] = imaginary[a] - im;
                    real[a] += re;
                    imaginary[a] += im;
                }
            }
        }
    }

    /** The inverse of {@link #forward}, divided by n. */
    void inverse(double[] real, double[] imaginary) {
        forward(imaginary, real); // conjugating before and after is swapping the parts
        double scale = 1.0 / size; // exact
        for (int i = 0; i < size; i++) {
            real[i] *= scale;
            imaginary[i] *= scale;
        }
    }

    private void permute(double[] real, double[] imaginary) {
        int shift = 32 - Integer.numberOfTrailingZeros(size);
        for (int i = 0; i < size; i++) {
            int j = Integer.reverse(i) >>> shift;
            if (j > i) {
                double re = real[i];
                real[i] = real[j];
                real[j] = re;
                double im = imaginary[i];
                imaginary[i] = imaginary[j];
                imaginary[j] = im;
            }
        }
    }
}
