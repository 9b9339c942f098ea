package org.commissure.models.meanfield.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.meanfield.statistics.Target;
import org.junit.jupiter.api.Test;

final class ReferenceSimulatorTest {
    private static final double BOLD_TOLERANCE = 1e-9;

    private final ReferenceSimulator simulator = new ReferenceSimulator();

    @Test
    void fiveRegionsWithGivenNoiseEqualTheReferenceToTwelveDigits() throws IOException {
        Connectome connectome = Connectome.ofScaled(MeanFieldReference.square("C_toy/sc.npy"));
        RegionalParameters parameters = new RegionalParameters(
                new double[] {.3, .4, .5, .6, .7}, new double[] {.28, .29, .3, .31, .32}, 2.5, new double[] {
                    .001, .002, .003, .004, .005
                });
        double[] gating = MeanFieldReference.numbers("C_toy/S.npy");

        Bold bold = simulator.simulate(
                connectome,
                parameters,
                Haemodynamics.KONG_2021,
                new Timing(.01, 20, 220, 72, 0),
                explicit(5, "C_toy/noise_f32.npy"),
                (step, state) -> assertThat(state.gating())
                        .containsExactly(Arrays.copyOfRange(gating, step * 5, step * 5 + 5), within(1e-12)));

        assertThat(bold.values()).containsExactly(MeanFieldReference.numbers("C_toy/bold.npy"), within(1e-12));
    }

    @Test
    void publishedParametersWithGivenNoiseEqualTheReference() throws IOException {
        double[] expected = MeanFieldReference.numbers("A_short_explicit/bold_ref_f64_cand_frame_node.npy");
        int size = 217 * 68;
        for (int candidate = 0; candidate < 10; candidate += 3) {
            Bold bold = simulator
                    .simulate(
                            MeanFieldReference.connectome("train"),
                            List.of(MeanFieldReference.published(candidate)),
                            Haemodynamics.KONG_2021,
                            new Timing(.01, 1_000, 15_601, 72, 167),
                            explicit(68, "A_short_explicit/noise_f32.npy"))
                    .getFirst();
            assertThat(bold.values())
                    .containsExactly(
                            Arrays.copyOfRange(expected, candidate * size, (candidate + 1) * size),
                            within(BOLD_TOLERANCE));
        }
    }

    @Test
    void theWholePublishedSimulationAndItsCostsEqualTheReference() throws IOException {
        Bold bold = simulator
                .simulate(
                        MeanFieldReference.connectome("train"),
                        List.of(MeanFieldReference.published(0)),
                        Haemodynamics.KONG_2021,
                        Timing.KONG_2021,
                        new PhiloxNoise(0x12345678, 0x9abcdef0, 0, 7))
                .getFirst()
                .after(Timing.KONG_2021.discardedFrames());

        assertThat(bold.values())
                .containsExactly(
                        MeanFieldReference.numbers("D_full_philox/bold_cand0_1200x68_f64.npy"), within(BOLD_TOLERANCE));
        Cost cost = Prediction.of(List.of(SimulatedStatistics.of(
                        bold, kept -> ConnectivityDynamics.histogram(kept, ConnectivityDynamics.WINDOW_FRAMES, 1))))
                .orElseThrow()
                .against(target("train"));
        assertThat(cost.fcCorrelation()).isCloseTo(0.6899732880370135, within(1e-6));
        assertThat(cost.ks()).isCloseTo(0.14435548836248385, within(1e-6));
    }

    private static Target target(String split) throws IOException {
        return new Target(
                68,
                FunctionalConnectivity.upperTriangle(MeanFieldReference.square("common/FC_" + split + ".npy")),
                Optional.of(fromCounts(MeanFieldReference.numbers("common/FCDcdf_" + split + ".npy"))));
    }

    private static double[] fromCounts(double[] cumulativeCounts) {
        double total = cumulativeCounts[cumulativeCounts.length - 1];
        return Arrays.stream(cumulativeCounts).map(count -> count / total).toArray();
    }

    private static ExplicitNoise explicit(int regions, String file) throws IOException {
        double[] values = MeanFieldReference.numbers(file);
        float[] noise = new float[values.length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) values[i];
        }
        return new ExplicitNoise(regions, noise);
    }
}
