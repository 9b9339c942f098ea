package org.commissure.privacy.dp.pld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class FourierTest {
    @Test
    void itIsTheDefiningSum() {
        int n = 64;
        double[] real = random(n, 1);
        double[] imaginary = random(n, 2);
        double[] re = real.clone();
        double[] im = imaginary.clone();
        new Fourier(n).forward(re, im);
        for (int k = 0; k < n; k++) {
            double sumReal = 0;
            double sumImaginary = 0;
            for (int j = 0; j < n; j++) {
                double angle = -2 * Math.PI * j * k / n;
                sumReal += real[j] * Math.cos(angle) - imaginary[j] * Math.sin(angle);
                sumImaginary += real[j] * Math.sin(angle) + imaginary[j] * Math.cos(angle);
            }
            assertThat(re[k]).isCloseTo(sumReal, within(1e-12));
            assertThat(im[k]).isCloseTo(sumImaginary, within(1e-12));
        }
    }

    @Test
    void thereAndBackStaysWithinTheStatedError() {
        Fourier fourier = new Fourier(1 << 16);
        double[] real = random(1 << 16, 3);
        double[] re = real.clone();
        double[] im = new double[1 << 16];
        fourier.forward(re, im);
        fourier.inverse(re, im);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < real.length; i++) {
            difference += Math.pow(re[i] - real[i], 2) + im[i] * im[i];
            size += real[i] * real[i];
        }
        assertThat(Math.sqrt(difference / size)).isGreaterThan(0).isLessThan(2.1 * fourier.relativeError());
    }

    @Test
    void sizesThatAreNoPowerOfTwoAreRefused() {
        for (int bad : new int[] {0, 1, 3, 100}) {
            assertThatThrownBy(() -> new Fourier(bad)).hasMessageContaining("power of two");
        }
    }

    private static double[] random(int n, long seed) {
        return new Random(seed).doubles(n).toArray();
    }
}
