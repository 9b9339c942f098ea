package org.commissure.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.evaluation.ReconstructionSums;
import org.junit.jupiter.api.Test;

class FederatedTrainingTest {
    private static final Masking MASKING = new Masking.Random(0.5);
    private static final float[] START = Initialisation.parameters(SyntheticScan.SMALL, 1);

    @Test
    void oneSiteAloneIsTheSameAsTrainingThereToTheBit() throws Exception {
        TrainingPlan plan = TrainingPlan.of(14, 4, 0.003, MASKING, 3);
        List<SyntheticScan> scans = SyntheticScan.cohort(10, 60, 0.8, 0.9, 1);
        float[] single;
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL)) {
            single = new TrainingRun(model, scans, plan, Optional.empty(), Optional.empty(), event -> {})
                    .start(START)
                    .parameters();
        }
        assertThat(federated(List.of(new FederatedTraining.Site(scans, plan)), 4))
                .isEqualTo(single);
    }

    @Test
    void sitesThatAreAlikeStayAlikeAndOthersChangeTheMean() throws Exception {
        TrainingPlan plan = TrainingPlan.of(6, 4, 0.003, MASKING, 3);
        var a = new FederatedTraining.Site(SyntheticScan.cohort(8, 60, 0.8, 0.9, 1), plan);
        var b = new FederatedTraining.Site(SyntheticScan.cohort(8, 60, 0.8, 0.9, 2), plan);
        float[] alone = federated(List.of(a), 2);
        assertThat(federated(List.of(a, a), 2)).isEqualTo(alone);
        assertThat(federated(List.of(a, b), 2)).isNotEqualTo(alone);
    }

    @Test
    void stepsOfAllSitesAreTold() throws Exception {
        TrainingPlan plan = TrainingPlan.of(5, 2, 0.003, MASKING, 3);
        var site = new FederatedTraining.Site(SyntheticScan.cohort(4, 60, 0.8, 0.9, 1), plan);
        List<Long> steps = new ArrayList<>();
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL);
                var training = new FederatedTraining(model, List.of(site, site), 3, event -> {
                    if (event instanceof TrainingEvent.Stepped stepped) {
                        steps.add(stepped.step());
                    }
                })) {
            training.run(START);
        }
        assertThat(steps).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void sitesMustTakeTheSameSteps() throws Exception {
        List<SyntheticScan> scans = SyntheticScan.cohort(4, 60, 0.8, 0.9, 1);
        var five = new FederatedTraining.Site(scans, TrainingPlan.of(5, 2, 0.003, MASKING, 3));
        var six = new FederatedTraining.Site(scans, TrainingPlan.of(6, 2, 0.003, MASKING, 3));
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL)) {
            assertThatThrownBy(() -> new FederatedTraining(model, List.of(five, six), 3, event -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("as many steps");
        }
    }

    @Test
    void sumsOfScansAddUpToSumsOfAll() throws Exception {
        List<SyntheticScan> scans = SyntheticScan.cohort(5, 60, 0.8, 0.9, 4);
        var evaluation = new Evaluation(SyntheticScan.SMALL, scans, 2, MASKING, 0, 7);
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL)) {
            model.loadParameters(START);
            ReconstructionSums all = evaluation.sums(model);
            List<ReconstructionSums> byScan = evaluation.sumsByScan(model);
            assertThat(byScan).hasSize(5);
            assertThat(byScan.stream().mapToLong(ReconstructionSums::values)).containsOnly(all.values() / 5);
            assertThat(byScan.stream()
                            .mapToDouble(ReconstructionSums::errorModel)
                            .sum())
                    .isCloseTo(all.errorModel(), withinPercentage(1e-9));
        }
    }

    private static float[] federated(List<FederatedTraining.Site> sites, int localSteps) throws Exception {
        try (BrainLm model = new BrainLm(SyntheticScan.SMALL);
                var training = new FederatedTraining(model, sites, localSteps, event -> {})) {
            return training.run(START);
        }
    }
}
