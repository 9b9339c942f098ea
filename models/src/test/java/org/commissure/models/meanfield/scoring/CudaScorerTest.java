package org.commissure.models.meanfield.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.cuda.EmulatedGpu;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The GPU's scorer, its kernels run on the CPU, against the reference engine's. */
final class CudaScorerTest {
    private static final ScoringSettings SETTINGS =
            new ScoringSettings(Haemodynamics.KONG_2021, new Timing(.01, 50, 1_600, 20, 5), 20, 1);
    private static final Connectome CONNECTOME =
            Connectome.scaling(new double[][] {{0, 3, 1, 0}, {3, 0, 2, 1}, {1, 2, 0, 4}, {0, 1, 4, 0}});
    private static final List<RegionalParameters> CANDIDATES = List.of(
            RegionalParameters.homogeneous(4, .5, .3, 1, .003),
            RegionalParameters.homogeneous(4, .5, .3, 1e30, .003),
            RegionalParameters.homogeneous(4, .7, .31, 2, .005));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void costsEqualTheReferenceEnginesAndADivergedCandidateSaysSo() throws InterruptedException {
        ScoringTask task = new ScoringTask(CONNECTOME, target(), SETTINGS, CANDIDATES, 2, 5);
        try (Scorer gpu = new CudaScorer(EmulatedGpu.simulator(folder), ScoringListener.NONE);
                Scorer reference = new CoreScorer(new ReferenceSimulator(), 1, 1)) {
            List<Cost> actual = gpu.score(task);
            List<Cost> expected = reference.score(task);
            assertThat(actual.get(1).diverged()).isTrue();
            for (int i = 0; i < CANDIDATES.size(); i++) {
                assertThat(actual.get(i).diverged()).isEqualTo(expected.get(i).diverged());
                assertThat(actual.get(i).fcCorrelation())
                        .isCloseTo(expected.get(i).fcCorrelation(), within(1e-3));
                assertThat(actual.get(i).ks()).isCloseTo(expected.get(i).ks(), within(5e-3));
            }
            List<Cost> connectivity = gpu.score(task.connectivityAlone());
            assertThat(connectivity.getFirst().ks()).isZero();
        }
    }

    private static Target target() {
        double[] cumulative = new double[ConnectivityDynamics.BINS];
        for (int bin = 0; bin < cumulative.length; bin++) {
            cumulative[bin] = (bin + 1.0) / cumulative.length;
        }
        return new Target(4, new double[] {.5, .2, .1, .4, .3, .6}, Optional.of(cumulative));
    }
}
