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

class ClassificationMetricsTest {
    private static final TargetKind CLASSES = TargetKind.classification();

    @Test
    void theMetricsAreThoseOfThePooledPatients() {
        List<List<Prediction>> sites = sites(11, 4, 50, 1.2);
        ClassificationMetrics metrics = federated(sites);
        List<Prediction> all = sites.stream().flatMap(List::stream).toList();
        double right = 0;
        double rightOnes = 0;
        double ones = 0;
        double brier = 0;
        for (Prediction one : all) {
            boolean said = one.predicted() >= 0.5;
            right += said == (one.truth() == 1) ? 1 : 0;
            rightOnes += said && one.truth() == 1 ? 1 : 0;
            ones += one.truth();
            brier += Math.pow(one.predicted() - one.truth(), 2);
        }
        double n = all.size();
        assertThat(metrics.patients()).isEqualTo(200);
        assertThat(metrics.ones()).isEqualTo((long) ones);
        assertThat(metrics.accuracy().value()).isCloseTo(right / n, within(1e-12));
        assertThat(requireNonNull(metrics.balancedAccuracy()).value())
                .isCloseTo((rightOnes / ones + (right - rightOnes) / (n - ones)) / 2, within(1e-12));
        assertThat(metrics.brier().value()).isCloseTo(brier / n, within(1e-9));

        double concordant = 0;
        double pairs = 0;
        double within = 0;
        double withinPairs = 0;
        for (List<Prediction> site : sites) {
            within += concordant(site, site);
            withinPairs += pairs(site, site);
            for (List<Prediction> other : sites) {
                concordant += concordant(site, other);
                pairs += pairs(site, other);
            }
        }
        double bound = requireNonNull(metrics.aucErrorBound());
        assertThat(bound).isLessThan(0.01);
        assertThat(requireNonNull(metrics.auc()).value()).isCloseTo(concordant / pairs, within(bound));
        assertThat(requireNonNull(metrics.aucWithinSites())).isCloseTo(within / withinPairs, within(1e-9));
    }

    @Test
    void onNoiseTheIntervalOfAucContainsAHalfAboutAsOftenAsItClaims() {
        int contain = 0;
        int runs = 200;
        double sum = 0;
        for (int run = 0; run < runs; run++) {
            ClassificationMetrics metrics = federated(sites(500 + run, 3, 30, 0));
            Estimate auc = requireNonNull(metrics.auc());
            Interval interval = requireNonNull(auc.interval());
            sum += auc.value();
            contain += interval.low() <= 0.5 && interval.high() >= 0.5 ? 1 : 0;
        }
        assertThat(sum / runs).isCloseTo(0.5, within(0.015));
        assertThat(contain).isBetween((int) (0.91 * runs), runs);
    }

    @Test
    void aPlantedSignalIsFoundAndCalibrated() {
        ClassificationMetrics metrics = federated(sites(21, 4, 400, 1.5));
        assertThat(requireNonNull(requireNonNull(metrics.auc()).interval()).low())
                .isGreaterThan(0.7);
        Calibration calibration = requireNonNull(metrics.calibration());
        assertThat(requireNonNull(calibration.slope().interval()).low()).isLessThan(1);
        assertThat(requireNonNull(calibration.slope().interval()).high()).isGreaterThan(1);
        assertThat(calibration.intercept().value()).isCloseTo(0, within(0.3));
        for (ClassificationMetrics.ReliabilityBin bin : metrics.reliability()) {
            Estimate observed = bin.observed();
            if (observed != null) {
                assertThat(requireNonNull(bin.predicted())).isBetween(bin.low(), bin.high());
                assertThat(observed.value()).isCloseTo(requireNonNull(bin.predicted()), within(0.25));
            }
        }
    }

    @Test
    void overconfidentProbabilitiesHaveTheSlopeByWhichTheirLogitsWereStretched() {
        List<List<Prediction>> stretched = new ArrayList<>();
        for (List<Prediction> site : sites(22, 4, 1_000, 1)) {
            stretched.add(site.stream()
                    .map(one -> new Prediction(
                            one.truth(), 1 / (1 + Math.pow(1 / one.predicted() - 1, 2)), one.subgroups()))
                    .toList());
        }
        assertThat(requireNonNull(federated(stretched).calibration()).slope().value())
                .isCloseTo(0.5, within(0.06));
    }

    @Test
    void withOneClassOnlyThereIsAccuracyButNoArea() {
        List<Prediction> healthy = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            healthy.add(new Prediction(0, i / 20.0));
        }
        ClassificationMetrics metrics = federated(List.of(healthy, healthy));
        assertThat(metrics.accuracy().value()).isCloseTo(10 / 12.0, within(1e-12));
        assertThat(metrics.auc()).isNull();
        assertThat(metrics.balancedAccuracy()).isNull();
        assertThat(metrics.calibration()).isNull();
        assertThat(metrics.sites().sitesWithoutScore()).isEqualTo(2);
    }

    @Test
    void separatedClassesHaveAnAreaOfOneWithAnIntervalButNoCalibration() {
        List<Prediction> separated = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            separated.add(new Prediction(i % 2, i % 2 == 1 ? 0.9 - i / 200.0 : 0.1 + i / 200.0));
        }
        ClassificationMetrics metrics = federated(List.of(separated, separated));
        assertThat(requireNonNull(metrics.auc()).value()).isEqualTo(1);
        assertThat(requireNonNull(requireNonNull(metrics.auc()).interval()).low())
                .isBetween(0.7, 0.99);
        assertThat(metrics.calibration()).isNull();
        assertThat(metrics.sites().sites()).isEqualTo(2);
        assertThat(requireNonNull(metrics.sites().worst()).low()).isEqualTo(0.975);
    }

    @Test
    void theIntervalOfAnAreaIsThePublishedOne() {
        // Newcombe 2006, table 5 is for ordered classes; here the equation itself: |value − area| = 1.96·SE(area).
        Auc auc = Auc.of(new double[] {1, 2, 3, 10}, new double[] {8, 4, 2, 1});
        double m = 16;
        double n = 15;
        for (double limit : new double[] {auc.interval().low(), auc.interval().high()}) {
            double star = (m + n) / 2 - 1;
            double variance =
                    limit * (1 - limit) * (1 + star * (1 - limit) / (2 - limit) + star * limit / (1 + limit)) / (m * n);
            assertThat(Math.abs(auc.value() - limit) / Math.sqrt(variance)).isCloseTo(1.959964, within(1e-5));
        }
        assertThat(auc.value()).isCloseTo((1 * 4 + 2 * (8 + 2) + 3 * (12 + 1) + 10 * (14 + 0.5)) / 240, within(1e-12));
    }

    @Test
    void aSubgroupOfTooFewIsNotReported() {
        List<Prediction> site = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            site.add(
                    new Prediction(i % 2, 0.3 + i / 100.0, Set.of(i < 9 ? Subgroup.MOTION_HIGH : Subgroup.MOTION_LOW)));
        }
        ClassificationMetrics metrics = federated(List.of(site, site, site));
        assertThat(metrics.subgroups()).hasSize(2).allSatisfy(group -> {
            assertThat(group.patients()).isNull();
            assertThat(group.accuracy()).isNull();
            assertThat(group.sitesLeavingOut()).isEqualTo(3);
        });
    }

    @Test
    void whatIsNoClassOrNoProbabilityIsRefused() {
        assertThatThrownBy(() -> PredictionSums.of(CLASSES, List.of(new Prediction(2, 0.5)), 1))
                .hasMessageContaining("neither 0 nor 1");
        assertThatThrownBy(() -> PredictionSums.of(CLASSES, List.of(new Prediction(1, Double.NaN)), 1))
                .hasMessageContaining("no probability");
    }

    @Test
    void sitesWithoutPatientsAddNothing() {
        ClassificationMetrics metrics = federated(List.of(sites(1, 1, 30, 1).getFirst(), List.of()));
        assertThat(metrics.patients()).isEqualTo(30);
        assertThat(metrics.sites().sitesWithoutScore()).isEqualTo(1);
        assertThatThrownBy(() -> federated(List.of(List.of(), List.of()))).hasMessageContaining("counts no patient");
    }

    private static double concordant(List<Prediction> ones, List<Prediction> zeros) {
        double sum = 0;
        for (Prediction one : ones) {
            for (Prediction zero : zeros) {
                if (one.truth() == 1 && zero.truth() == 0) {
                    sum += one.predicted() > zero.predicted() ? 1 : one.predicted() == zero.predicted() ? 0.5 : 0;
                }
            }
        }
        return sum;
    }

    private static double pairs(List<Prediction> ones, List<Prediction> zeros) {
        double positives = ones.stream().mapToDouble(Prediction::truth).sum();
        double negatives = zeros.stream().mapToDouble(one -> 1 - one.truth()).sum();
        return positives * negatives;
    }

    private static ClassificationMetrics federated(List<List<Prediction>> sites) {
        List<double[]> vectors = new ArrayList<>();
        for (List<Prediction> site : sites) {
            vectors.add(PredictionSums.of(CLASSES, site, 1));
        }
        return (ClassificationMetrics) PredictionMetrics.of(CLASSES, SecureSum.of(vectors));
    }

    /** Calibrated probabilities whose logits vary by {@code signal}; without signal they vary, but tell nothing. */
    private static List<List<Prediction>> sites(long seed, int count, int patients, double signal) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Prediction>> sites = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            List<Prediction> site = new ArrayList<>();
            for (int i = 0; i < patients; i++) {
                double p = 1 / (1 + Math.exp(-(signal == 0 ? 1 : signal) * random.nextGaussian()));
                double truth = random.nextDouble() < (signal == 0 ? 0.5 : p) ? 1 : 0;
                site.add(new Prediction(truth, p));
            }
            sites.add(site);
        }
        return sites;
    }
}
