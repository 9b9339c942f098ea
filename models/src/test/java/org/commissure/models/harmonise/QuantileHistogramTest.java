package org.commissure.models.harmonise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class QuantileHistogramTest {
    private static final QuantileHistogram HISTOGRAM = new QuantileHistogram(-2, 2, 512);

    @Test
    void quantilesOfTheSummedHistogramsAreWithinOneBinOfThePooledOnes() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double[] pooled =
                    random.doubles(301).map(u -> 0.3 + 0.4 * (u - 0.5)).toArray();
            double[] counts = new double[512];
            for (int site = 0; site < 3; site++) {
                for (int i = site; i < pooled.length; i += 3) {
                    counts[HISTOGRAM.bin(pooled[i])]++;
                }
            }
            Arrays.sort(pooled);
            for (double share : new double[] {0.25, 0.5, 0.75}) {
                assertThat(HISTOGRAM.quantile(counts, 0, share))
                        .as("seed %d share %s", seed, share)
                        .isCloseTo(pooled[(int) Math.ceil(share * 301) - 1], within(HISTOGRAM.width()));
            }
        }
    }

    @Test
    void valuesOutsideTheRangeAreInTheEndBins() {
        assertThat(HISTOGRAM.bin(-7)).isZero();
        assertThat(HISTOGRAM.bin(2)).isEqualTo(511);
        assertThat(HISTOGRAM.bin(0)).isEqualTo(256);
    }

    @Test
    void theRobustScaleIsBoundedAndNeverDividesByNothing() {
        double[] counts = new double[512];
        counts[300] = 10;
        RobustScale scale = HISTOGRAM.scale(counts, 0);
        assertThat(scale.interquartileRange()).isEqualTo(HISTOGRAM.width());
        assertThat(scale.of(1e9)).isEqualTo(RobustScale.BOUND);
        assertThat(scale.of(-1e9)).isEqualTo(-RobustScale.BOUND);
        assertThat(scale.of(scale.median())).isZero();
    }

    @Test
    void aQuantileOfNobodyIsRefused() {
        assertThatThrownBy(() -> HISTOGRAM.quantile(new double[512], 0, 0.5)).isInstanceOf(ArithmeticException.class);
    }
}
