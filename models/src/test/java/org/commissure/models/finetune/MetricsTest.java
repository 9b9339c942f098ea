package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against values worked out by hand. */
class MetricsTest {

    @Test
    void regressionIsMeasuredByErrorExplainedVarianceAndCorrelation() {
        // Truth's mean 2.5, squares 5; errors 0, −1, 1, 0; predicted mean 2.5, squares 5 − … : 1, 3, 2, 4.
        var metrics = RegressionMetrics.of(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 4});
        assertThat(metrics.meanSquaredError()).isCloseTo(0.5, within(1e-12));
        assertThat(metrics.r2()).isCloseTo(0.6, within(1e-12));
        assertThat(metrics.pearson()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void theMeanExplainsNothing() {
        var metrics = RegressionMetrics.of(new double[] {1, 2, 6}, new double[] {3, 3, 3});
        assertThat(metrics.r2()).isCloseTo(0, within(1e-12));
        assertThat(metrics.pearson()).isZero();
    }

    @Test
    void tiesCountHalfInTheAreaUnderTheCurve() {
        // Positives score .5, .9; negatives .1, .5, .7. Pairs won: .5>.1, .5=.5 (half), .9 beats all: 4.5 of 6.
        double[][] scores = {{0.5, 0.5}, {0.1, 0.9}, {0.9, 0.1}, {0.5, 0.5}, {0.3, 0.7}};
        var metrics = ClassificationMetrics.of(new int[] {1, 1, 0, 0, 0}, scores);
        assertThat(metrics.auc()).isCloseTo(4.5 / 6, within(1e-12));
        // Likeliest, the first where tied: 0, 1, 0, 0, 1.
        assertThat(metrics.accuracy()).isCloseTo(3.0 / 5, within(1e-12));
        assertThat(metrics.balancedAccuracy()).isCloseTo((1.0 / 2 + 2.0 / 3) / 2, within(1e-12));
    }

    @Test
    void threeClassesAreEachHeldAgainstTheRest() {
        double[][] scores = {{0.6, 0.3, 0.1}, {0.2, 0.5, 0.3}, {0.1, 0.2, 0.7}, {0.5, 0.1, 0.4}};
        var metrics = ClassificationMetrics.of(new int[] {0, 1, 2, 2}, scores);
        // Class 0: .6 beats .2, .1, .5: 1. Class 1: .5 beats all: 1. Class 2: .7 and .4 beat .1 and .3: 1.
        assertThat(metrics.auc()).isEqualTo(1);
        assertThat(metrics.accuracy()).isEqualTo(0.75);
        assertThat(metrics.balancedAccuracy()).isCloseTo(2.5 / 3, within(1e-12));
    }

    @Test
    void oneScoreForAllIsChance() {
        double[][] scores = {{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}};
        assertThat(ClassificationMetrics.of(new int[] {0, 1, 1}, scores).auc()).isEqualTo(0.5);
    }
}
