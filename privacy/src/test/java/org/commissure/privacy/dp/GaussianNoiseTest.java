package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The source has no seed to print, so every statistical bound is at least six standard deviations wide. */
final class GaussianNoiseTest {
    private static final int SAMPLES = 1_000_000;

    @Test
    void itsMomentsAreThoseOfTheStandardNormal() {
        float[] samples = samples(SAMPLES);
        double[] moments = new double[5];
        for (float sample : samples) {
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(sample, power) / SAMPLES;
            }
        }
        // Standard deviations of the moment estimates: √1, √2, √15, √96 over √n.
        double root = Math.sqrt(SAMPLES);
        assertThat(moments[1]).isCloseTo(0, within(6 / root));
        assertThat(moments[2]).isCloseTo(1, within(6 * Math.sqrt(2) / root));
        assertThat(moments[3]).isCloseTo(0, within(6 * Math.sqrt(15) / root));
        assertThat(moments[4]).isCloseTo(3, within(6 * Math.sqrt(96) / root));
    }

    @Test
    void itsDistributionIsNormalByKolmogorovAndSmirnov() {
        float[] samples = samples(SAMPLES);
        Arrays.sort(samples);
        double distance = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double below = Math.exp(LogErfc.of(-samples[i] / Math.sqrt(2))) / 2;
            distance = Math.max(distance, Math.max(below - i / (double) SAMPLES, (i + 1.0) / SAMPLES - below));
        }
        // P(D·√n > 3.2) < 2·exp(−2·3.2²) = 3e-9
        assertThat(distance * Math.sqrt(SAMPLES)).isLessThan(3.2);
    }

    @Test
    void neighbouringSamplesAreUncorrelatedAlsoInTheirSize() {
        float[] samples = samples(SAMPLES);
        for (int lag : new int[] {1, 2, 3, 1024}) {
            double product = 0;
            double squares = 0;
            for (int i = 0; i + lag < SAMPLES; i++) {
                product += samples[i] * samples[i + lag];
                squares += (samples[i] * samples[i] - 1) * (samples[i + lag] * samples[i + lag] - 1) / 2;
            }
            assertThat(product / Math.sqrt(SAMPLES)).as("lag %d", lag).isCloseTo(0, within(6.0));
            assertThat(squares / Math.sqrt(SAMPLES)).as("lag %d", lag).isCloseTo(0, within(7.0));
        }
    }

    @Test
    void twoSourcesDiffer() {
        assertThat(samples(16)).isNotEqualTo(samples(16));
    }

    @Test
    void itAddsToWhatIsThereInTheUnitOfTheValues() {
        float[] values = new float[10_001]; // odd: the last pair is half used
        Arrays.fill(values, 1000f);
        new GaussianNoise(new SecureRandom()).addTo(values, 10);
        double mean = 0;
        double variance = 0;
        for (float value : values) {
            mean += value / values.length;
            variance += (value - 1000.0) * (value - 1000.0) / values.length;
        }
        assertThat(mean).isCloseTo(1000, within(0.6));
        assertThat(variance).isCloseTo(100, within(100 * 6 * Math.sqrt(2.0 / values.length)));
        assertThat(values[10_000]).isNotEqualTo(1000f);
    }

    @Test
    void noNoiseIsRefusedRatherThanSilentlyAdded() {
        GaussianNoise noise = new GaussianNoise(new SecureRandom());
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> noise.addTo(new float[1], bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static float[] samples(int count) {
        float[] samples = new float[count];
        new GaussianNoise(new SecureRandom()).addTo(samples, 1);
        return samples;
    }
}
