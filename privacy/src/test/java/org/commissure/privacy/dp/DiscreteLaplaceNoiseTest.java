package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** The source has no seed to print, so every statistical bound is at least six standard deviations wide. */
final class DiscreteLaplaceNoiseTest {
    private static final int SAMPLES = 500_000;

    @Test
    void itsFrequenciesPassAChiSquareTest() {
        for (double epsilon : new double[] {0.25, 0.75, DiscreteLaplaceNoise.onGrid(0.1), 2}) {
            DiscreteLaplaceNoise noise = new DiscreteLaplaceNoise(new SecureRandom(), epsilon);
            int radius = (int) Math.ceil(8 / epsilon);
            int[] seen = new int[2 * radius + 1];
            for (int i = 0; i < SAMPLES; i++) {
                long x = noise.sample();
                if (Math.abs(x) <= radius) {
                    seen[(int) x + radius]++;
                }
            }
            double ratio = Math.exp(-epsilon);
            double chiSquare = 0;
            int cells = 0;
            double rest = SAMPLES;
            double restExpected = SAMPLES;
            for (int x = -radius; x <= radius; x++) {
                double expected = SAMPLES * (1 - ratio) / (1 + ratio) * Math.pow(ratio, Math.abs(x));
                if (expected > 10) {
                    chiSquare += Math.pow(seen[x + radius] - expected, 2) / expected;
                    rest -= seen[x + radius];
                    restExpected -= expected;
                    cells++;
                }
            }
            chiSquare += Math.pow(rest - restExpected, 2) / restExpected;
            double freedom = cells; // one more cell for the rest, one less for the total
            // Wilson and Hilferty: (χ²/k)^(1/3) is nearly normal, so 6 is six standard deviations.
            double z = (Math.cbrt(chiSquare / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
            assertThat(z)
                    .as("ε %s: χ² %s over %d cells", epsilon, chiSquare, cells)
                    .isBetween(-6.0, 6.0);
        }
    }

    @Test
    void itsVarianceIsThatOfTheDistribution() {
        double epsilon = 0.5;
        DiscreteLaplaceNoise noise = new DiscreteLaplaceNoise(new SecureRandom(), epsilon);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < SAMPLES; i++) {
            double x = noise.sample();
            sum += x;
            squares += x * x;
        }
        double ratio = Math.exp(-epsilon);
        double variance = 2 * ratio / Math.pow(1 - ratio, 2);
        assertThat(sum / SAMPLES).isCloseTo(0, within(6 * Math.sqrt(variance / SAMPLES)));
        // The fourth moment is about six times the squared variance.
        assertThat(squares / SAMPLES).isCloseTo(variance, within(6 * variance * Math.sqrt(5.5 / SAMPLES)));
    }

    @Test
    void anEpsilonOffTheGridOrOutsideTheRangeIsRefused() {
        for (double bad : new double[] {0, -1, 0.1, 17, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new DiscreteLaplaceNoise(new SecureRandom(), bad))
                    .hasMessageContaining("epsilon");
        }
    }

    @Test
    void theGridOnlyEverRoundsDown() {
        for (double epsilon : new double[] {0.001, 0.1, 0.25, 1.3, 4}) {
            assertThat(DiscreteLaplaceNoise.onGrid(epsilon)).isBetween(epsilon - 1e-6, epsilon);
        }
    }
}
