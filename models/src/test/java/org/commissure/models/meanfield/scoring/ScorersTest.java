package org.commissure.models.meanfield.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.models.engine.Device;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.files.MatrixFile;
import org.commissure.models.meanfield.files.ParameterFile;
import org.commissure.models.meanfield.files.TargetFile;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;
import org.commissure.models.reference.ReferenceNumbers;
import org.commissure.models.torch.EngineUnavailableException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class ScorersTest {
    private static final int PUBLISHED_FC_COST_ROW = 8;
    private static final Connectome TRIANGLE = Connectome.scaling(new double[][] {{0, 3, 1}, {3, 0, 2}, {1, 2, 0}});
    private static final Target TARGET = new Target(3, new double[] {.6, .1, .4}, Optional.empty());
    private static final ScoringSettings SHORT =
            new ScoringSettings(Haemodynamics.KONG_2021, Timing.of(0.72, 100), 30, 1);

    @Test
    void theFastScorerAgreesWithTheDoubleOneAndTellsHowFarItIs() throws InterruptedException {
        List<RegionalParameters> candidates = List.of(
                RegionalParameters.homogeneous(3, .5, .3, 1, .002),
                RegionalParameters.homogeneous(3, .4, .31, 2, .003));
        ScoringTask task = new ScoringTask(TRIANGLE, TARGET, SHORT, candidates, 3, 5);
        List<Integer> done = new ArrayList<>();
        ScoringListener listener = (finished, all) -> {
            synchronized (done) {
                assertThat(all).isEqualTo(6);
                done.add(finished);
            }
        };
        try (Scorer fast = Scorers.open(Device.CPU, 2, listener);
                Scorer exact = new CoreScorer(new ReferenceSimulator(), 1, 2)) {
            List<Cost> costs = fast.score(task);
            List<Cost> expected = exact.score(task);
            for (int i = 0; i < costs.size(); i++) {
                assertThat(costs.get(i).fcCorrelation())
                        .isCloseTo(expected.get(i).fcCorrelation(), within(1e-3));
            }
        }
        assertThat(done).contains(6);
    }

    @Test
    void aGraphicsProcessorThatCannotBeUsedIsSaid() {
        assertThatThrownBy(() -> Scorers.open(Device.CUDA, 1)).isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    @Tag("slow")
    void thePublishedParametersHaveTheirPublishedCosts() throws IOException, InterruptedException {
        Path folder = ReferenceNumbers.folder("reference/meanfield");
        Path table = folder.resolve("published/pmfm_top10_parameters_and_costs.csv");
        List<RegionalParameters> candidates = ParameterFile.read(table).candidates();
        double[] published = MatrixFile.read(table)[PUBLISHED_FC_COST_ROW];
        Connectome connectome = TargetFile.connectome(folder.resolve("common/SC_test_scaled.npy"));
        Target target = TargetFile.read(folder.resolve("common/FC_test.npy"), Optional.empty());
        double[] mean = new double[candidates.size()];
        int groups = 5;
        try (Scorer scorer = Scorers.open(Device.CPU, Runtime.getRuntime().availableProcessors())) {
            for (int group = 0; group < groups; group++) {
                List<Cost> costs = scorer.score(
                        new ScoringTask(connectome, target, ScoringSettings.KONG_2021, candidates, 10, 100 + group));
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += costs.get(i).fcCost() / groups;
                }
            }
        }
        assertThat(mean).containsExactly(published, within(.005));
    }
}
