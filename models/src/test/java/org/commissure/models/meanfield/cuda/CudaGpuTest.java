package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.torch.EngineUnavailableException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real GPU against the reference engine, and how fast it is; skipped, with the reason, where there is none. */
@Tag("gpu")
final class CudaGpuTest {
    /** Of BOLD in percent: the float engines' over the published simulation. */
    private static final double BOLD_TOLERANCE = 5e-3;

    @ParameterizedTest
    @CsvSource({"2, KONG_2021", "68, KONG_2021", "68, WANG_2018", "200, KONG_2021", "1024, WANG_2018"})
    void aSimulationEqualsTheReference(int regions, Haemodynamics haemodynamics) {
        Timing timing = new Timing(.01, 100, 1_003, 50, 2);
        Connectome connectome = Example.connectome(regions, regions);
        List<RegionalParameters> candidates = Example.candidates(regions, 3, regions);
        PhiloxNoise noise = PhiloxNoise.of(11, 3);
        try (CudaSimulator gpu = gpu()) {
            List<Bold> actual = gpu.simulate(connectome, candidates, haemodynamics, timing, noise);
            List<Bold> expected =
                    new ReferenceSimulator().simulate(connectome, candidates, haemodynamics, timing, noise);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).values())
                        .containsExactly(expected.get(i).values(), within(BOLD_TOLERANCE));
            }
        }
    }

    @Test
    void thePublishedSimulationAndItsStatisticsEqualTheReference() {
        Connectome connectome = Example.connectome(68, 1);
        List<RegionalParameters> candidates = Example.candidates(68, 500, 1);
        PhiloxNoise noise = PhiloxNoise.of(1, 0);
        SlidingWindow window = new SlidingWindow(ConnectivityDynamics.WINDOW_FRAMES, 1);
        try (CudaSimulator gpu = gpu()) {
            for (int run = 0; run < 2; run++) { // the first compiles
                long start = System.nanoTime();
                gpu.statistics(connectome, candidates, Haemodynamics.KONG_2021, Timing.KONG_2021, noise, window, true);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "%s: %.0f simulations/s with FCD at stride 1 (%s)%n",
                        run == 0 ? "first call" : "second call", candidates.size() / seconds, gpu.description());
            }
            SimulatedStatistics actual = gpu.statistics(
                            connectome,
                            candidates.subList(0, 1),
                            Haemodynamics.KONG_2021,
                            Timing.KONG_2021,
                            noise,
                            window,
                            true)
                    .getFirst();
            Bold expected = new ReferenceSimulator()
                    .simulate(connectome, candidates.subList(0, 1), Haemodynamics.KONG_2021, Timing.KONG_2021, noise)
                    .getFirst()
                    .after(Timing.KONG_2021.discardedFrames());
            assertThat(actual.correlation())
                    .containsExactly(FunctionalConnectivity.of(expected), within(BOLD_TOLERANCE));
            long[] histogram = ConnectivityDynamics.histogram(expected, window.frames(), window.stride());
            assertThat(largestDifference(actual.histogram(), histogram)).isLessThan(5e-3);
        }
    }

    /** Of the cumulative distributions. */
    private static double largestDifference(long[] one, long[] other) {
        long difference = 0;
        long largest = 0;
        long total = 0;
        for (int bin = 0; bin < one.length; bin++) {
            difference += one[bin] - other[bin];
            largest = Math.max(largest, Math.abs(difference));
            total += other[bin];
        }
        return (double) largest / total;
    }

    private static CudaSimulator gpu() {
        try {
            return CudaSimulator.open();
        } catch (EngineUnavailableException e) {
            System.out.println("skipped: " + e.getMessage());
            Assumptions.abort("no GPU");
            throw e;
        }
    }
}
