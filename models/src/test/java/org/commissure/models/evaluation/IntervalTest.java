package org.commissure.models.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalTest {

    @Test
    void aShareHasTheBinomialsInterval() {
        // Share .5 of 400: standard error .025, so ± 1.96 · .025 = .049.
        Interval interval = Interval.of(400, drawn -> share(drawn, 200), 3);
        assertThat(interval.low()).isCloseTo(0.451, within(0.006));
        assertThat(interval.high()).isCloseTo(0.549, within(0.006));
        assertThat(interval.covers(0.5)).isTrue();
        assertThat(interval.covers(0.44)).isFalse();
    }

    @Test
    void itCoversTheTruthAboutAsOftenAsItSays() {
        var random = new SplittableRandom(11);
        int covered = 0;
        for (int study = 0; study < 200; study++) {
            double[] values = IntStream.range(0, 60)
                    .mapToDouble(i -> random.nextGaussian())
                    .toArray();
            Interval interval = Interval.of(
                    values.length,
                    drawn -> IntStream.of(drawn)
                            .mapToDouble(i -> values[i])
                            .average()
                            .orElseThrow(),
                    study);
            covered += interval.covers(0) ? 1 : 0;
        }
        assertThat(covered / 200.0).isBetween(0.88, 0.99); // seed 11
    }

    @Test
    void theSeedDrawsTheSamePatients() {
        assertThat(Interval.of(30, drawn -> share(drawn, 12), 5))
                .isEqualTo(Interval.of(30, drawn -> share(drawn, 12), 5));
    }

    private static double share(int[] drawn, int below) {
        return (double) IntStream.of(drawn).filter(i -> i < below).count() / drawn.length;
    }
}
