package org.commissure.protocol.evaluation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClassesMetricsTest {
    private static final TargetKind.Classes THREE = new TargetKind.Classes(3);

    private static final int[] TRUTH = {0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2};
    private static final double[][] PROBABILITIES = {
        {.70, .20, .10}, {.40, .36, .24}, {.34, .42, .24}, {.52, .08, .40},
        {.22, .58, .20}, {.10, .78, .12}, {.46, .38, .16}, {.30, .32, .38},
        {.06, .54, .40}, {.18, .14, .68}, {.26, .44, .30}, {.12, .28, .60}
    };

    /** accuracy_score, balanced_accuracy_score and roc_auc_score(multi_class="ovr") of scikit-learn 1.9.1. */
    @Test
    void theMetricsAreThoseOfScikitLearn() {
        ClassesMetrics metrics = federated(List.of(table(0, 3), table(3, 8), table(8, 12)));
        assertThat(metrics.patients()).isEqualTo(12);
        assertThat(metrics.accuracy().value()).isCloseTo(0.6666666666666666, within(1e-12));
        assertThat(requireNonNull(metrics.balancedAccuracy()).value()).isCloseTo(0.6722222222222222, within(1e-12));
        // No two patients share a bin, so binning moves nothing.
        assertThat(requireNonNull(metrics.macroAuc()).value()).isCloseTo(0.894510582010582, within(1e-12));
        assertThat(metrics.againstRest())
                .extracting(one -> requireNonNull(one.auc()).value())
                .satisfiesExactly(
                        first -> assertThat(first).isCloseTo(0.9375, within(1e-12)),
                        second -> assertThat(second).isCloseTo(0.8571428571428571, within(1e-12)),
                        third -> assertThat(third).isCloseTo(0.8888888888888888, within(1e-12)));
    }

    private static List<ClassPrediction> table(int from, int to) {
        List<ClassPrediction> predictions = new ArrayList<>();
        for (int i = from; i < to; i++) {
            predictions.add(new ClassPrediction(
                    TRUTH[i], List.of(PROBABILITIES[i][0], PROBABILITIES[i][1], PROBABILITIES[i][2]), Set.of()));
        }
        return predictions;
    }

    private static ClassesMetrics federated(List<List<ClassPrediction>> sites) {
        return (ClassesMetrics) PredictionMetrics.of(
                THREE,
                SecureSum.of(sites.stream()
                        .map(site -> PredictionSums.of(THREE, site))
                        .toList()));
    }

    @Test
    void onNoiseTheIntervalsContainChanceAtLeastAsOftenAsTheyClaim() {
        int runs = 100;
        int area = 0;
        int balanced = 0;
        for (int run = 0; run < runs; run++) {
            ClassesMetrics metrics = federated(List.of(noise(3 * run), noise(3 * run + 1), noise(3 * run + 2)));
            area += holds(metrics.macroAuc(), 0.5) ? 1 : 0;
            balanced += holds(metrics.balancedAccuracy(), 1.0 / 3) ? 1 : 0;
        }
        // Binomial, .95 of 100: below 88 by chance once in a thousand; the area's is conservative.
        assertThat(area).isGreaterThanOrEqualTo(95);
        assertThat(balanced).isGreaterThanOrEqualTo(88);
    }

    private static boolean holds(@org.jspecify.annotations.Nullable Estimate estimate, double value) {
        Interval interval = requireNonNull(requireNonNull(estimate).interval());
        return interval.low() <= value && value <= interval.high();
    }

    private static List<ClassPrediction> noise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ClassPrediction> predictions = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            double c = random.nextDouble();
            double all = a + b + c;
            predictions.add(new ClassPrediction(random.nextInt(3), List.of(a / all, b / all, c / all), Set.of()));
        }
        return predictions;
    }

    @Test
    void sitesWithTooFewOfAClassTellNoScoreOfTheirOwn() {
        ClassesMetrics metrics = federated(List.of(noise(1), noise(2), table(0, 12), table(0, 8)));
        assertThat(metrics.sites().sites()).isEqualTo(3);
        assertThat(metrics.sites().sitesWithoutScore()).isEqualTo(1);
        assertThat(metrics.sites().worst()).isNotNull();
    }

    @Test
    void aClassWithoutAPatientLeavesTheMeansUnknown() {
        ClassesMetrics metrics = federated(List.of(table(0, 9)));
        assertThat(metrics.balancedAccuracy()).isNull();
        assertThat(metrics.macroAuc()).isNull();
        assertThat(metrics.accuracy().value()).isCloseTo(6.0 / 9, within(1e-12));
    }

    @Test
    void aClassThatDoesNotExistIsRefused() {
        assertThatThrownBy(() ->
                        PredictionSums.of(THREE, List.of(new ClassPrediction(3, List.of(0.2, 0.3, 0.5), Set.of()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none of the 3");
        assertThatThrownBy(() -> PredictionSums.of(THREE, List.of(new ClassPrediction(1, List.of(0.5, 0.5), Set.of()))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
