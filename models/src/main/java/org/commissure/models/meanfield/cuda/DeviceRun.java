package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.simulation.MeanField;
import org.commissure.models.meanfield.statistics.ConnectivityDynamics;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;

/** Memory of one call, and the kernels in their order. Not thread-safe. */
final class DeviceRun implements AutoCloseable {
    private static final int PARAMETERS = 4;
    private static final int STATES = 5;

    private final Accelerator accelerator;
    private final Accelerator.Program program;
    private final KernelSource source;
    private final BatchPlan plan;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final NoiseTable noise;
    private final Accelerator.Memory connectome;
    private final Accelerator.Memory parameters;
    private final Accelerator.Memory state;
    private final Accelerator.Memory bold;

    DeviceRun(
            Accelerator accelerator,
            Accelerator.Program program,
            KernelSource source,
            BatchPlan plan,
            Connectome connectome,
            Noise noise) {
        this.accelerator = accelerator;
        this.program = program;
        this.source = source;
        this.plan = plan;
        int regions = source.regions();
        try {
            this.noise = new NoiseTable(accelerator, program, noise, regions, plan.noiseSteps());
            open.push(this.noise);
            this.connectome = uploaded(transposed(connectome));
            this.parameters = floats((long) plan.candidates() * PARAMETERS * regions);
            this.state = floats((long) plan.candidates() * STATES * regions);
            this.bold = floats((long) plan.candidates() * source.timing().frames() * regions);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Accelerator.Memory floats(long count) {
        Accelerator.Memory memory = accelerator.allocate(count * Float.BYTES);
        open.push(memory);
        return memory;
    }

    private Accelerator.Memory uploaded(float[] values) {
        Accelerator.Memory memory = floats(values.length);
        upload(memory, values);
        return memory;
    }

    private static void upload(Accelerator.Memory memory, float[] values) {
        try (Arena arena = Arena.ofConfined()) {
            memory.upload(arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
        }
    }

    private static float[] transposed(Connectome connectome) {
        int regions = connectome.regions();
        float[] weights = new float[regions * regions];
        for (int to = 0; to < regions; to++) {
            for (int from = 0; from < regions; from++) {
                weights[from * regions + to] = (float) connectome.weight(to, from);
            }
        }
        return weights;
    }

    /** Fills the series of these candidates, at most the plan's. */
    void simulate(List<RegionalParameters> candidates) {
        upload(parameters, packed(candidates, source.timing()));
        int total = source.timing().totalSteps();
        for (int first = 0; first < total; first += noise.capacity()) {
            int steps = Math.min(noise.capacity(), total - first);
            program.launch(
                    "simulate",
                    new Accelerator.Grid(candidates.size(), 1, source.simulationThreads()),
                    connectome,
                    parameters,
                    noise.holding(first, steps),
                    state,
                    bold,
                    first,
                    steps);
        }
    }

    /** [candidates, 4, regions]: J·w, I, J·G, and σ in units of a step. */
    static float[] packed(List<RegionalParameters> candidates, Timing timing) {
        int regions = candidates.getFirst().regions();
        double step = Math.sqrt(timing.stepSeconds()) / Math.sqrt(MeanField.NOISE_UNIT_SECONDS);
        float[] packed = new float[candidates.size() * PARAMETERS * regions];
        int at = 0;
        for (RegionalParameters candidate : candidates) {
            for (int region = 0; region < regions; region++) {
                packed[at + region] = (float) (MeanField.COUPLING * candidate.recurrence()[region]);
                packed[at + regions + region] = (float) candidate.input()[region];
                packed[at + 2 * regions + region] = (float) (MeanField.COUPLING * candidate.coupling());
                packed[at + 3 * regions + region] = (float) (candidate.noise()[region] * step);
            }
            at += PARAMETERS * regions;
        }
        return packed;
    }

    /** The series that {@link #simulate} left. */
    List<Bold> series(int candidates) {
        int frames = source.timing().frames();
        int values = frames * source.regions();
        List<Bold> all = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment part = arena.allocate(ValueLayout.JAVA_FLOAT, values);
            for (int candidate = 0; candidate < candidates; candidate++) {
                bold.download(candidate * part.byteSize(), part);
                double[] series = new double[values];
                for (int i = 0; i < values; i++) {
                    series[i] = part.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                }
                all.add(new Bold(frames, source.regions(), series));
            }
        }
        return all;
    }

    /**
     * Statistics of the series that {@link #simulate} left, without the discarded frames.
     *
     * @param dynamics whether the histograms are wanted
     */
    List<SimulatedStatistics> statistics(int candidates, SlidingWindow window, boolean dynamics) {
        Timing timing = source.timing();
        try (Accelerator.Memory pairs = accelerator.allocate((long) source.pairs() * Integer.BYTES);
                Accelerator.Memory whole = rows(candidates)) {
            uploadPairs(pairs);
            connectivity(pairs, whole, candidates, timing.keptFrames(), 1, 1, false);
            float[] correlations = downloaded(whole, candidates * source.paddedPairs());
            int[] histograms = dynamics ? histograms(pairs, candidates, window) : new int[0];
            List<SimulatedStatistics> all = new ArrayList<>();
            for (int candidate = 0; candidate < candidates; candidate++) {
                all.add(new SimulatedStatistics(
                        correlation(correlations, candidate), histogram(histograms, candidate)));
            }
            return all;
        }
    }

    private double[] correlation(float[] all, int candidate) {
        double[] correlation = new double[source.pairs()];
        for (int pair = 0; pair < correlation.length; pair++) {
            correlation[pair] = all[candidate * source.paddedPairs() + pair];
        }
        return correlation;
    }

    private static long[] histogram(int[] all, int candidate) {
        long[] histogram = new long[all.length == 0 ? 0 : ConnectivityDynamics.BINS];
        for (int bin = 0; bin < histogram.length; bin++) {
            histogram[bin] = all[candidate * ConnectivityDynamics.BINS + bin];
        }
        return histogram;
    }

    private Accelerator.Memory rows(long count) {
        return accelerator.allocate(count * source.paddedPairs() * Float.BYTES);
    }

    private int[] histograms(Accelerator.Memory pairs, int candidates, SlidingWindow window) {
        int windows = window.count(source.timing());
        try (Accelerator.Memory rows = rows((long) candidates * windows);
                Accelerator.Memory counts =
                        accelerator.allocate((long) candidates * ConnectivityDynamics.BINS * Integer.BYTES)) {
            connectivity(pairs, rows, candidates, window.frames(), window.stride(), windows, true);
            program.launch(
                    "dynamics",
                    new Accelerator.Grid(
                            Math.ceilDiv(windows, KernelSource.TILE_WINDOWS), candidates, KernelSource.BLOCK_THREADS),
                    rows,
                    windows,
                    counts);
            int[] histograms = new int[candidates * ConnectivityDynamics.BINS];
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment copied = arena.allocate(ValueLayout.JAVA_INT, histograms.length);
                counts.download(0, copied);
                MemorySegment.copy(copied, ValueLayout.JAVA_INT, 0, histograms, 0, histograms.length);
            }
            return histograms;
        }
    }

    private void connectivity(
            Accelerator.Memory pairs,
            Accelerator.Memory into,
            int candidates,
            int frames,
            int stride,
            int windows,
            boolean standardised) {
        program.launch(
                "connectivity",
                new Accelerator.Grid(windows, candidates, KernelSource.BLOCK_THREADS),
                bold,
                pairs,
                into,
                source.timing().discardedFrames(),
                frames,
                stride,
                windows,
                standardised ? 1 : 0);
    }

    private void uploadPairs(Accelerator.Memory pairs) {
        int[] packed = new int[source.pairs()];
        int at = 0;
        for (int i = 0; i < source.regions(); i++) {
            for (int j = i + 1; j < source.regions(); j++) {
                packed[at++] = i << Short.SIZE | j;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            pairs.upload(arena.allocateFrom(ValueLayout.JAVA_INT, packed));
        }
    }

    private static float[] downloaded(Accelerator.Memory memory, int count) {
        float[] values = new float[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copied = arena.allocate(ValueLayout.JAVA_FLOAT, count);
            memory.download(0, copied);
            MemorySegment.copy(copied, ValueLayout.JAVA_FLOAT, 0, values, 0, count);
        }
        return values;
    }

    BatchPlan plan() {
        return plan;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            switch (open.pop()) {
                case NoiseTable table -> table.close();
                case Accelerator.Memory memory -> memory.close();
                default -> throw new AssertionError("nothing else is opened");
            }
        }
    }
}
