package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.ExplicitNoise;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.ZeroNoise;
import org.commissure.models.meanfield.simulation.ReferenceSimulator;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of the kernels, run on the CPU, against the reference engine and the reference statistics. */
final class EmulatedKernelsTest {
    private static final double BOLD_TOLERANCE = 1e-4;
    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({"2, KONG_2021", "5, WANG_2018", "68, KONG_2021", "129, WANG_2018", "132, KONG_2021"})
    void aSimulationEqualsTheReferenceForAnySizeAndPreset(int regions, Haemodynamics haemodynamics) {
        Timing timing = new Timing(.01, 100, 403, 50, 2);
        compare(regions, haemodynamics, timing, PhiloxNoise.of(11, 3), GIBIBYTE, 2);
    }

    @Test
    void givenAndAbsentNoiseEqualTheReference() {
        Timing timing = new Timing(.005, 20, 200, 33, 0);
        float[] increments = new float[220 * 6];
        Random random = new Random(4);
        for (int i = 0; i < increments.length; i++) {
            increments[i] = (float) random.nextGaussian();
        }
        compare(6, Haemodynamics.KONG_2021, timing, new ExplicitNoise(6, increments), GIBIBYTE, 2);
        compare(6, Haemodynamics.WANG_2018, timing, new ZeroNoise(), GIBIBYTE, 2);
    }

    @Test
    void aSimulationInSeveralLaunchesIsTheSame() {
        KernelSource source = new KernelSource(7, Haemodynamics.KONG_2021, new Timing(.01, 30, 300, 40, 1));
        Connectome connectome = Example.connectome(7, 1);
        List<RegionalParameters> candidates = Example.candidates(7, 2, 1);
        PhiloxNoise noise = PhiloxNoise.of(5, 0);
        EmulatedGpu gpu = EmulatedGpu.in(folder, GIBIBYTE);
        Accelerator.Program program = gpu.compile(source.text());
        List<Bold> whole;
        List<Bold> parts;
        try (DeviceRun run = new DeviceRun(gpu, program, source, new BatchPlan(2, 330), connectome, noise)) {
            run.simulate(candidates);
            whole = run.series(2);
        }
        try (DeviceRun run = new DeviceRun(gpu, program, source, new BatchPlan(2, 17), connectome, noise)) {
            run.simulate(candidates);
            parts = run.series(2);
        }
        for (int i = 0; i < 2; i++) {
            assertThat(parts.get(i).values()).containsExactly(whole.get(i).values());
        }
        assertThat(gpu.heldBytes).isZero();
    }

    @Test
    void candidatesInSeveralBatchesEqualTheReference() {
        Timing timing = new Timing(.01, 10, 100, 20, 0);
        KernelSource source = new KernelSource(4, Haemodynamics.KONG_2021, timing);
        long room = BatchPlan.bytesOfACandidate(source, 0) * 3 + 4 * (110 * 4 + 16 + 6);
        EmulatedGpu gpu = compare(4, Haemodynamics.KONG_2021, timing, PhiloxNoise.of(2, 0), (long) (room / .9) + 8, 7);
        assertThat(gpu.launches.stream().filter(launch -> launch.startsWith("simulate")))
                .containsExactly("simulate 3 1 32", "simulate 3 1 32", "simulate 1 1 32");
        assertThat(gpu.heldBytes).isZero();
    }

    private EmulatedGpu compare(
            int regions, Haemodynamics haemodynamics, Timing timing, Noise noise, long freeBytes, int count) {
        Connectome connectome = Example.connectome(regions, regions);
        List<RegionalParameters> candidates = Example.candidates(regions, count, regions);
        EmulatedGpu gpu = EmulatedGpu.in(folder, freeBytes);
        try (CudaSimulator simulator = new CudaSimulator(gpu)) {
            List<Bold> actual = simulator.simulate(connectome, candidates, haemodynamics, timing, noise);
            List<Bold> expected =
                    new ReferenceSimulator().simulate(connectome, candidates, haemodynamics, timing, noise);
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(actual.get(i).frames()).isEqualTo(timing.frames());
                assertThat(actual.get(i).values())
                        .as("candidate " + i)
                        .containsExactly(expected.get(i).values(), within(BOLD_TOLERANCE));
            }
        }
        return gpu;
    }

    @Test
    void philoxNoiseIsTheHosts() {
        KernelSource source = new KernelSource(69, Haemodynamics.KONG_2021, new Timing(.01, 0, 2_000, 100, 0));
        PhiloxNoise noise = new PhiloxNoise(0x12345678, 0x9abcdef0, 3, 7);
        float[] expected = new float[1_500 * 69];
        noise.fill(400, 1_500, 69, expected);
        EmulatedGpu gpu = EmulatedGpu.in(folder, GIBIBYTE);
        try (NoiseTable table = new NoiseTable(gpu, gpu.compile(source.text()), noise, 69, 1_500);
                Arena arena = Arena.ofConfined()) {
            MemorySegment copied = arena.allocate(4L * expected.length);
            table.holding(400, 1_500).download(0, copied);
            float[] actual = copied.toArray(ValueLayout.JAVA_FLOAT);
            int different = 0;
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isCloseTo(expected[i], within(Math.ulp(expected[i])));
                different += actual[i] == expected[i] ? 0 : 1;
            }
            assertThat(different).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"12, 1", "12, 3", "33, 2"})
    void connectivityAndItsDynamicsEqualTheReferenceStatistics(int regions, int stride) {
        Timing timing = new Timing(.01, 50, 20 * 120, 20, 7);
        int window = 30;
        Connectome connectome = Example.connectome(regions, 9);
        List<RegionalParameters> candidates = Example.candidates(regions, 2, 9);
        PhiloxNoise noise = PhiloxNoise.of(8, 1);
        EmulatedGpu gpu = EmulatedGpu.in(folder, GIBIBYTE);
        try (CudaSimulator simulator = new CudaSimulator(gpu)) {
            List<Bold> series = simulator.simulate(connectome, candidates, Haemodynamics.KONG_2021, timing, noise);
            List<SimulatedStatistics> statistics = simulator.statistics(
                    connectome,
                    candidates,
                    Haemodynamics.KONG_2021,
                    timing,
                    noise,
                    new SlidingWindow(window, stride),
                    true);
            for (int i = 0; i < candidates.size(); i++) {
                Bold kept = series.get(i).after(timing.discardedFrames());
                assertThat(statistics.get(i).correlation())
                        .containsExactly(FunctionalConnectivity.of(kept), within(1e-4));
                long[] expected = ConnectivityDynamics.histogram(kept, window, stride);
                assertThat(sum(statistics.get(i).histogram())).isEqualTo(sum(expected));
                // One pair of windows may lie on the edge of a bin, whatever share of all it is.
                assertThat(largestDifference(statistics.get(i).histogram(), expected))
                        .isLessThan(Math.max(2e-3, 1.5 / sum(expected)));
            }
        }
        assertThat(gpu.heldBytes).isZero();
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** Of the cumulative distributions. */
    private static double largestDifference(long[] one, long[] other) {
        long difference = 0;
        long largest = 0;
        for (int bin = 0; bin < one.length; bin++) {
            difference += one[bin] - other[bin];
            largest = Math.max(largest, Math.abs(difference));
        }
        return (double) largest / sum(other);
    }

    @Test
    void aCandidateThatDivergesDisturbsNoOther() {
        Timing timing = new Timing(.01, 10, 20 * 60, 20, 0);
        RegionalParameters sound = Example.candidates(8, 1, 3).getFirst();
        RegionalParameters wild = RegionalParameters.homogeneous(8, .5, .3, 1e30, .001);
        Connectome connectome = Example.connectome(8, 3);
        PhiloxNoise noise = PhiloxNoise.of(1, 0);
        SlidingWindow window = new SlidingWindow(20, 1);
        try (CudaSimulator simulator = new CudaSimulator(EmulatedGpu.in(folder, GIBIBYTE))) {
            List<SimulatedStatistics> both = simulator.statistics(
                    connectome, List.of(wild, sound), Haemodynamics.KONG_2021, timing, noise, window, true);
            List<SimulatedStatistics> alone = simulator.statistics(
                    connectome, List.of(sound), Haemodynamics.KONG_2021, timing, noise, window, true);
            assertThat(both.getFirst().diverged()).isTrue();
            assertThat(both.get(1).diverged()).isFalse();
            assertThat(both.get(1).correlation())
                    .containsExactly(alone.getFirst().correlation());
            assertThat(both.get(1).histogram()).containsExactly(alone.getFirst().histogram());
        }
    }

    @Test
    void aClosedEngineAndTheWrongNumberOfRegionsAreRefused() {
        Timing timing = new Timing(.01, 10, 100, 20, 0);
        CudaSimulator simulator = new CudaSimulator(EmulatedGpu.in(folder, GIBIBYTE));
        assertThatThrownBy(() -> simulator.simulate(
                        Example.connectome(8, 3),
                        Example.candidates(7, 1, 1),
                        Haemodynamics.KONG_2021,
                        timing,
                        new ZeroNoise()))
                .hasMessageContaining("7 regions")
                .hasMessageContaining("has 8");
        simulator.close();
        simulator.close();
        assertThatThrownBy(() -> simulator.simulate(
                        Example.connectome(8, 3),
                        Example.candidates(8, 1, 1),
                        Haemodynamics.KONG_2021,
                        timing,
                        new ZeroNoise()))
                .hasMessageContaining("closed");
    }
}
