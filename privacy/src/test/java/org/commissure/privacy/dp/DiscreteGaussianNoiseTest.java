package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The source has no seed to print, so every statistical bound is at least six standard deviations wide. */
final class DiscreteGaussianNoiseTest {
    private static final int SAMPLES = 1_000_000;

    @Test
    void itsFrequenciesPassAChiSquareTest() {
        for (int s : new int[] {0, 1, 2, 4}) {
            double sigma = 1 << s;
            int radius = (int) (5 * sigma);
            DiscreteGaussianNoise noise = new DiscreteGaussianNoise(new SecureRandom(), s);
            int[] seen = new int[2 * radius + 1];
            int outside = 0;
            for (int i = 0; i < SAMPLES; i++) {
                long x = noise.sample();
                if (Math.abs(x) <= radius) {
                    seen[(int) x + radius]++;
                } else {
                    outside++;
                }
            }
            double total = 0;
            for (int x = -40 * (1 << s); x <= 40 * (1 << s); x++) {
                total += Math.exp(-x * (double) x / (2 * sigma * sigma));
            }
            double chiSquare = 0;
            int cells = 0;
            double inside = 0;
            for (int x = -radius; x <= radius; x++) {
                double expected = SAMPLES * Math.exp(-x * (double) x / (2 * sigma * sigma)) / total;
                inside += expected;
                if (expected > 10) {
                    chiSquare += Math.pow(seen[x + radius] - expected, 2) / expected;
                    cells++;
                }
            }
            double freedom = cells - 1.0;
            // Wilson and Hilferty: (χ²/k)^(1/3) is nearly normal, so 6 is six standard deviations.
            double z = (Math.cbrt(chiSquare / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
            assertThat(z).as("s %d: χ² %s over %d cells", s, chiSquare, cells).isBetween(-6.0, 6.0);
            assertThat((double) outside).as("s %d", s).isCloseTo(SAMPLES - inside, within(30.0));
        }
    }

    @Test
    void itsMomentsAreThoseOfTheDistributionUpToTheLargestSigma() {
        for (int s : new int[] {3, 12, 20, DiscreteGaussianNoise.MAXIMUM_LOG_SIGMA}) {
            DiscreteGaussianNoise noise = new DiscreteGaussianNoise(new SecureRandom(), s);
            double[] moments = new double[5];
            for (int i = 0; i < SAMPLES; i++) {
                double x = noise.sample() / (double) (1L << s);
                for (int power = 1; power <= 4; power++) {
                    moments[power] += Math.pow(x, power) / SAMPLES;
                }
            }
            // From σ = 8 on, the moments are the continuous ones to 10⁻⁵⁰⁰.
            double root = Math.sqrt(SAMPLES);
            assertThat(moments[1]).as("s %d", s).isCloseTo(0, within(6 / root));
            assertThat(moments[2]).as("s %d", s).isCloseTo(1, within(6 * Math.sqrt(2) / root));
            assertThat(moments[3]).as("s %d", s).isCloseTo(0, within(6 * Math.sqrt(15) / root));
            assertThat(moments[4]).as("s %d", s).isCloseTo(3, within(6 * Math.sqrt(96) / root));
        }
    }

    @Test
    void zeroIsAsLikelyAsTheDensitySaysAndSignsAreBalanced() {
        DiscreteGaussianNoise noise = new DiscreteGaussianNoise(new SecureRandom(), 0);
        int zeros = 0;
        int positive = 0;
        for (int i = 0; i < SAMPLES; i++) {
            long x = noise.sample();
            zeros += x == 0 ? 1 : 0;
            positive += x > 0 ? 1 : 0;
        }
        double zero = 1 / 2.5066282880429056; // 1/θ₃(e^−1/2)
        assertThat(zeros / (double) SAMPLES).isCloseTo(zero, within(6 * 0.5 / Math.sqrt(SAMPLES)));
        assertThat(positive / (double) SAMPLES).isCloseTo((1 - zero) / 2, within(6 * 0.5 / Math.sqrt(SAMPLES)));
    }

    @Test
    void lowBitsOfWideNoiseAreUniform() {
        DiscreteGaussianNoise noise = new DiscreteGaussianNoise(new SecureRandom(), 20);
        int[] seen = new int[256];
        for (int i = 0; i < SAMPLES; i++) {
            seen[(int) (noise.sample() & 255)]++;
        }
        double expected = SAMPLES / 256.0;
        double chiSquare = 0;
        for (int count : seen) {
            chiSquare += Math.pow(count - expected, 2) / expected;
        }
        assertThat(chiSquare).isBetween(255 - 6 * Math.sqrt(510), 255 + 7 * Math.sqrt(510));
    }

    @Test
    void itAddsInTheRing() {
        int[] ring = new int[1000];
        Arrays.fill(ring, Integer.MAX_VALUE);
        new DiscreteGaussianNoise(new SecureRandom(), 4).addTo(ring);
        int wrapped = 0;
        for (int value : ring) {
            wrapped += value < 0 ? 1 : 0;
        }
        assertThat(wrapped).isBetween(300, 700);

        long[] wide = new long[1000];
        new DiscreteGaussianNoise(new SecureRandom(), 26).addTo(wide);
        double squares = 0;
        for (long value : wide) {
            squares += Math.pow(value / (double) (1 << 26), 2);
        }
        assertThat(squares / 1000).isCloseTo(1, within(6 * Math.sqrt(2.0 / 1000)));
    }

    @Test
    void twoSourcesDiffer() {
        assertThat(some()).isNotEqualTo(some());
    }

    @Test
    void aSigmaOutsideTheRangeIsRefused() {
        for (int bad : new int[] {-1, 27, 63}) {
            assertThatThrownBy(() -> new DiscreteGaussianNoise(new SecureRandom(), bad))
                    .hasMessageContaining("sigma");
        }
    }

    private static long[] some() {
        long[] values = new long[16];
        new DiscreteGaussianNoise(new SecureRandom(), 20).addTo(values);
        return values;
    }
}
