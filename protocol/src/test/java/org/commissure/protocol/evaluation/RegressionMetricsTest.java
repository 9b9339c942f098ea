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

class RegressionMetricsTest {
    private static final TargetKind AGE = TargetKind.regression(30, 12);

    @Test
    void theMetricsAreThoseOfThePooledPatients() {
        List<List<Prediction>> sites = sites(7, 5, 40, 6, 2);
        RegressionMetrics metrics = federated(sites);
        List<Prediction> all = sites.stream().flatMap(List::stream).toList();

        double n = all.size();
        double meanY = all.stream().mapToDouble(Prediction::truth).sum() / n;
        double meanP = all.stream().mapToDouble(Prediction::predicted).sum() / n;
        double yy = 0;
        double pp = 0;
        double yp = 0;
        double squared = 0;
        double absolute = 0;
        for (Prediction one : all) {
            yy += Math.pow(one.truth() - meanY, 2);
            pp += Math.pow(one.predicted() - meanP, 2);
            yp += (one.truth() - meanY) * (one.predicted() - meanP);
            squared += Math.pow(one.truth() - one.predicted(), 2);
            absolute += Math.abs(one.truth() - one.predicted());
        }
        assertThat(metrics.patients()).isEqualTo(all.size());
        assertThat(requireNonNull(metrics.r2()).value()).isCloseTo(1 - squared / yy, within(1e-9));
        assertThat(metrics.mae().value()).isCloseTo(absolute / n, within(1e-7));
        assertThat(metrics.rmse().value()).isCloseTo(Math.sqrt(squared / n), within(1e-7));
        assertThat(requireNonNull(metrics.pearson()).value()).isCloseTo(yp / Math.sqrt(yy * pp), within(1e-9));
        assertThat(requireNonNull(metrics.calibrationSlope()).value()).isCloseTo(yp / pp, within(1e-9));
        assertThat(requireNonNull(metrics.calibrationIntercept())).isCloseTo(meanY - yp / pp * meanP, within(1e-6));
    }

    @Test
    void theIntervalOfR2IsThatOfABootstrapOfThePooledPatients() {
        List<List<Prediction>> sites = sites(3, 4, 60, 7, 0);
        Interval federated =
                requireNonNull(requireNonNull(federated(sites).r2()).interval());
        List<Prediction> all = sites.stream().flatMap(List::stream).toList();
        SplittableRandom random = new SplittableRandom(99);
        double[] scores = new double[2_000];
        for (int b = 0; b < scores.length; b++) {
            List<Prediction> drawn = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                drawn.add(all.get(random.nextInt(all.size())));
            }
            double mean =
                    drawn.stream().mapToDouble(Prediction::truth).average().orElseThrow();
            double total = drawn.stream()
                    .mapToDouble(one -> Math.pow(one.truth() - mean, 2))
                    .sum();
            double error = drawn.stream()
                    .mapToDouble(one -> Math.pow(one.truth() - one.predicted(), 2))
                    .sum();
            scores[b] = 1 - error / total;
        }
        java.util.Arrays.sort(scores);
        double width = scores[1_949] - scores[49];
        assertThat(federated.low()).isCloseTo(scores[49], within(0.15 * width));
        assertThat(federated.high()).isCloseTo(scores[1_949], within(0.15 * width));
    }

    @Test
    void intervalsOfNoiseContainZeroAboutAsOftenAsTheyClaim() {
        int contain = 0;
        int runs = 60;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            List<List<Prediction>> sites = new ArrayList<>();
            for (int s = 0; s < 3; s++) {
                List<Prediction> site = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    site.add(new Prediction(30 + 12 * random.nextGaussian(), 30 + 3 * random.nextGaussian()));
                }
                sites.add(site);
            }
            RegressionMetrics metrics = federated(sites);
            Interval slope =
                    requireNonNull(requireNonNull(metrics.calibrationSlope()).interval());
            Interval r = requireNonNull(requireNonNull(metrics.pearson()).interval());
            assertThat(slope.low() <= 0 && slope.high() >= 0).isEqualTo(r.low() <= 0 && r.high() >= 0);
            contain += r.low() <= 0 && r.high() >= 0 ? 1 : 0;
            assertThat(requireNonNull(metrics.r2()).value()).isLessThan(0.1);
        }
        assertThat(contain).isBetween((int) (0.88 * runs), runs);
    }

    @Test
    void aSubgroupIsScoredOnTheSitesThatReportIt() {
        List<Prediction> large = new ArrayList<>();
        List<Prediction> small = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            large.add(new Prediction(20 + i, 22 + i, Set.of(i < 12 ? Subgroup.FEMALE : Subgroup.MALE)));
            small.add(new Prediction(20 + i, 25 + i, Set.of(i < 4 ? Subgroup.FEMALE : Subgroup.MALE)));
        }
        RegressionMetrics metrics = federated(List.of(large, small));
        RegressionMetrics.Group female = metrics.subgroups().getFirst();
        assertThat(female.subgroup()).isEqualTo(Subgroup.FEMALE);
        assertThat(female.patients()).isEqualTo(12);
        assertThat(female.sitesLeavingOut()).isEqualTo(1);
        assertThat(requireNonNull(female.mae()).value()).isCloseTo(2, within(1e-6));
        // The 26 men stay at home too: total minus men would be the four women.
        RegressionMetrics.Group male = metrics.subgroups().getLast();
        assertThat(male.patients()).isEqualTo(18);
        assertThat(male.sitesLeavingOut()).isEqualTo(1);
    }

    @Test
    void aConstantTruthHasNoR2AndAConstantPredictionNoCalibration() {
        List<Prediction> constantTruth = new ArrayList<>();
        List<Prediction> constantPrediction = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            constantTruth.add(new Prediction(41, 30 + i));
            constantPrediction.add(new Prediction(30 + i, 41));
        }
        RegressionMetrics first = federated(List.of(constantTruth, constantTruth));
        assertThat(first.r2()).isNull();
        assertThat(first.pearson()).isNull();
        assertThat(first.sites().sites()).isZero();
        assertThat(first.sites().sitesWithoutScore()).isEqualTo(2);
        RegressionMetrics second = federated(List.of(constantPrediction, constantPrediction));
        assertThat(second.calibrationSlope()).isNull();
        assertThat(second.calibrationIntercept()).isNull();
        assertThat(requireNonNull(second.r2()).value()).isLessThan(0);
    }

    @Test
    void aNumberOutOfBoundsIsRefusedWithoutBeingTold() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 31_415_926}) {
            assertThatThrownBy(() -> PredictionSums.of(AGE, List.of(new Prediction(bad, 30)), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("measured value")
                    .hasMessageNotContaining("3.14");
        }
        assertThatThrownBy(() -> PredictionMetrics.of(AGE, new double[3]))
                .hasMessageContaining("has 3 numbers, not " + PredictionSums.length(AGE));
    }

    @Test
    void theLargestAllowedNumbersStayWithinTheExactSumsRange() {
        List<Prediction> extreme = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            extreme.add(new Prediction(30 + 12 * 256, 30 - 12 * 256));
        }
        double[] sums = PredictionSums.of(AGE, extreme, 5);
        double perPatient = sums[RegressionSums.SQUARED_ERROR] / 500;
        assertThat(perPatient * PredictionSums.MOST_PATIENTS * 2).isLessThan(0x1p46);
    }

    private static RegressionMetrics federated(List<List<Prediction>> sites) {
        List<double[]> vectors = new ArrayList<>();
        for (List<Prediction> site : sites) {
            vectors.add(PredictionSums.of(AGE, site, 1_000 + vectors.size()));
        }
        return (RegressionMetrics) PredictionMetrics.of(AGE, SecureSum.of(vectors));
    }

    /** Ages from a planted line with noise and an offset that differs by site. */
    private static List<List<Prediction>> sites(long seed, int count, int patients, double noise, double siteEffect) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Prediction>> sites = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            double offset = siteEffect * random.nextGaussian();
            List<Prediction> site = new ArrayList<>();
            for (int i = 0; i < patients; i++) {
                double age = 30 + 12 * random.nextGaussian();
                site.add(new Prediction(age, age + offset + noise * random.nextGaussian()));
            }
            sites.add(site);
        }
        return sites;
    }
}
