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

class ReconstructionMetricsTest {
    private static final List<Double> RATIOS = List.of(0.5, 0.9);

    @Test
    void theMetricsAreThoseOfThePooledPatients() {
        List<List<PatientErrors>> sites = sites(5, 3, 25);
        ReconstructionMetrics metrics = federated(sites);
        for (int ratio = 0; ratio < 2; ratio++) {
            double values = 0;
            double sum = 0;
            double squares = 0;
            double model = 0;
            double mean = 0;
            double line = 0;
            for (List<PatientErrors> site : sites) {
                for (PatientErrors patient : site) {
                    PatientErrors.Sums sums = patient.ratios().get(ratio);
                    values += sums.values();
                    sum += sums.sum();
                    squares += sums.sumOfSquares();
                    model += sums.errorModel();
                    mean += sums.errorParcelMean();
                    line += sums.errorInterpolation();
                }
            }
            double total = squares - sum * sum / values;
            ReconstructionMetrics.Ratio scored = metrics.byMaskRatio().get(ratio);
            assertThat(scored.maskRatio()).isEqualTo(RATIOS.get(ratio));
            assertThat(scored.r2()).isCloseTo(1 - model / total, within(1e-7));
            assertThat(scored.mse()).isCloseTo(model / values, within(1e-7));
            assertThat(scored.r2ParcelMean()).isCloseTo(1 - mean / total, within(1e-7));
            assertThat(scored.r2Interpolation()).isCloseTo(1 - line / total, within(1e-7));
        }
        assertThat(metrics.patients()).isEqualTo(75);
        assertThat(metrics.r2().value())
                .isEqualTo(metrics.byMaskRatio().getFirst().r2());
        assertThat(metrics.r2OverInterpolation().value())
                .isCloseTo(metrics.r2().value() - metrics.r2Interpolation().value(), within(1e-12));
    }

    @Test
    void theIntervalOfADifferenceIsThePairedOne() {
        // A model that is always a fiftieth of the variance better than the line, however patients differ.
        ReconstructionMetrics metrics = federated(sites(6, 4, 30));
        Interval model = requireNonNull(metrics.r2().interval());
        Interval difference = requireNonNull(metrics.r2OverInterpolation().interval());
        assertThat(difference.low()).isGreaterThan(0);
        assertThat(difference.high() - difference.low()).isLessThan((model.high() - model.low()) / 4);
    }

    @Test
    void sitesWithFewerThanTenPatientsTellNoScore() {
        List<List<PatientErrors>> sites = new ArrayList<>(sites(7, 3, 20));
        sites.addAll(sites(8, 2, 9));
        SiteSpread spread = federated(sites).sites();
        assertThat(spread.sites()).isEqualTo(3);
        assertThat(spread.sitesWithoutScore()).isEqualTo(2);
        RandomEffects pooled = requireNonNull(spread.pooled());
        assertThat(pooled.mean()).isBetween(0.3, 0.7);
        assertThat(requireNonNull(spread.worst()).low()).isLessThanOrEqualTo(pooled.mean());
    }

    @Test
    void subgroupsShowTheMeanOfThePatientsOwnR2() {
        ReconstructionMetrics metrics = federated(sites(9, 3, 40));
        assertThat(metrics.subgroups()).hasSize(2).allSatisfy(group -> {
            assertThat(group.patients()).isEqualTo(60);
            assertThat(requireNonNull(group.meanR2()).value()).isBetween(0.3, 0.7);
        });
    }

    @Test
    void modelsThatSitesTrainedAloneAreComparedWithinEachReplicate() {
        ReconstructionLayout layout = new ReconstructionLayout(1, true);
        List<double[]> vectors = new ArrayList<>();
        for (List<PatientErrors> site : sites(11, 3, 40)) {
            List<PatientErrors> compared = site.stream()
                    .map(patient -> {
                        PatientErrors.Sums own = patient.ratios().getFirst();
                        // The model of the site alone leaves 3 % of the variance more, of every patient.
                        PatientErrors.Sums alone = new PatientErrors.Sums(
                                own.values(), 0, 0, own.errorModel() + 0.03 * own.values(), 0, 0);
                        return new PatientErrors(
                                List.of(own.beside(alone), patient.ratios().getLast()), patient.subgroups());
                    })
                    .toList();
            vectors.add(layout.of(compared, 5 + vectors.size()));
        }
        ReconstructionMetrics metrics =
                ReconstructionMetrics.of(RATIOS, true, SecureSum.of(vectors)).orElseThrow();
        Estimate difference = requireNonNull(metrics.r2OverSingleSite());
        Interval interval = requireNonNull(difference.interval());
        assertThat(difference.value()).isBetween(0.029, 0.031);
        // Paired: the interval of the difference knows nothing of how much patients differ.
        assertThat(interval.high() - interval.low()).isLessThan(0.001);
        assertThat(requireNonNull(metrics.r2SingleSite()).value())
                .isBetween(metrics.r2().value() - 0.031, metrics.r2().value() - 0.029);
        assertThat(metrics.byMaskRatio()).hasSize(2);
        assertThat(metrics.sites().sites()).isEqualTo(3);
    }

    @Test
    void beforeTheLastRoundThereIsNoModelOfASiteAlone() {
        List<double[]> vectors = new ArrayList<>();
        for (List<PatientErrors> site : sites(12, 3, 20)) {
            vectors.add(new ReconstructionLayout(1, true).of(site, 5 + vectors.size()));
        }
        ReconstructionMetrics metrics =
                ReconstructionMetrics.of(RATIOS, true, SecureSum.of(vectors)).orElseThrow();
        assertThat(metrics.r2SingleSite()).isNull();
        assertThat(metrics.r2OverSingleSite()).isNull();
        assertThat(metrics.r2().value()).isBetween(0.3, 0.7);
    }

    @Test
    void valuesThatDoNotVaryHaveNoMetrics() {
        PatientErrors flat = new PatientErrors(
                List.of(new PatientErrors.Sums(10, 0, 0, 0, 0, 0), new PatientErrors.Sums(10, 0, 0, 0, 0, 0)),
                Set.of());
        double[] sums = new ReconstructionLayout(1).of(List.of(flat), 1);
        assertThat(ReconstructionMetrics.of(RATIOS, sums)).isEmpty();
        assertThatThrownBy(() -> ReconstructionMetrics.of(List.of(0.5), sums))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ReconstructionMetrics federated(List<List<PatientErrors>> sites) {
        List<double[]> vectors = new ArrayList<>();
        for (List<PatientErrors> site : sites) {
            vectors.add(new ReconstructionLayout(1).of(site, 77 + vectors.size()));
        }
        return ReconstructionMetrics.of(RATIOS, SecureSum.of(vectors)).orElseThrow();
    }

    /** Patients of whose variance the model explains half, more or less by patient, and the line 2 % less. */
    private static List<List<PatientErrors>> sites(long seed, int count, int patients) {
        SplittableRandom random = new SplittableRandom(seed);
        List<List<PatientErrors>> sites = new ArrayList<>();
        for (int s = 0; s < count; s++) {
            List<PatientErrors> site = new ArrayList<>();
            for (int i = 0; i < patients; i++) {
                double error = Math.clamp(0.5 + 0.1 * random.nextGaussian(), 0.1, 0.9);
                site.add(new PatientErrors(
                        List.of(sums(2_000, error), sums(3_600, error + 0.1)),
                        Set.of(i % 2 == 0 ? Subgroup.FEMALE : Subgroup.MALE)));
            }
            sites.add(site);
        }
        return sites;
    }

    private static PatientErrors.Sums sums(double values, double error) {
        return new PatientErrors.Sums(
                values, 0.01 * values, values, error * values, 1.02 * values, (error + 0.02) * values);
    }
}
