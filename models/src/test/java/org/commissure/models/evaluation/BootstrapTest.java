package org.commissure.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.commissure.models.evaluation.Bootstrap.Interval;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private static double[] normal(int n, long seed) {
        var random = new SplittableRandom(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    private static Interval ofMean(double[] values, long seed) {
        return Bootstrap.of(values.length, seed, times -> {
                    double sum = 0;
                    for (int i = 0; i < times.length; i++) {
                        sum += times[i] * values[i];
                    }
                    return new double[] {sum / times.length};
                })
                .getFirst();
    }

    @Test
    void aMeansIntervalIsAsWideAsTheoryHasIt() {
        Interval interval = ofMean(normal(400, 1), 2);
        // 2 · 1.96 / √400
        assertThat(interval.high() - interval.low()).isCloseTo(0.196, within(0.02));
        assertThat(interval.estimate()).isBetween(interval.low(), interval.high());
    }

    @Test
    void nineteenOfTwentyIntervalsHoldTheTruth() {
        int holding = 0;
        for (int repeat = 0; repeat < 200; repeat++) {
            Interval interval = ofMean(normal(50, 100 + repeat), repeat);
            holding += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
        }
        assertThat(holding).isBetween(180, 199);
    }

    @Test
    void resamplesWithoutTheStatisticDoNotCount() {
        Interval interval = Bootstrap.of(2, 3, times -> new double[] {times[0] == 0 ? Double.NaN : times[0]})
                .getFirst();
        assertThat(interval.low()).isEqualTo(1);
        assertThat(interval.high()).isEqualTo(2);
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndNothingCannotBeResampled() {
        assertThat(ofMean(normal(30, 1), 7)).isEqualTo(ofMean(normal(30, 1), 7));
        assertThatThrownBy(() -> ofMean(new double[0], 1)).hasMessageContaining("nothing to resample");
    }
}
