package org.commissure.models.meanfield.cuda;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.Timing;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.torch.EngineUnavailableException;

/**
 * The model on the first visible NVIDIA GPU, in float: a block of threads for each candidate, a thread for each region.
 * Candidates are taken in batches that fit the memory. Thread-safe: calls wait for each other.
 */
public final class CudaSimulator implements Simulator {
    private static final int KEPT_PROGRAMS = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Accelerator accelerator;
    private final Map<KernelSource, Accelerator.Program> programs = new LinkedHashMap<>();
    private boolean closed;

    CudaSimulator(Accelerator accelerator) {
        this.accelerator = accelerator;
    }

    /** @throws EngineUnavailableException naming what is missing (driver, GPU or compiler) and what to do */
    public static CudaSimulator open() {
        return new CudaSimulator(CudaAccelerator.open(CudaInstallation.ofThisMachine()));
    }

    @Override
    public List<Bold> simulate(
            Connectome connectome,
            List<RegionalParameters> candidates,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise) {
        KernelSource source = new KernelSource(connectome.regions(), haemodynamics, timing);
        return inBatches(source, connectome, candidates, noise, 0, (run, count) -> run.series(count));
    }

    /**
     * Simulates every candidate with the same noise and keeps its statistics only; the series stay on the GPU.
     *
     * @param dynamics whether the histograms of the dynamics are wanted
     * @throws IllegalArgumentException if a candidate's regions are not the connectome's, or the frames are too few for
     *     the window
     */
    public List<SimulatedStatistics> statistics(
            Connectome connectome,
            List<RegionalParameters> candidates,
            Haemodynamics haemodynamics,
            Timing timing,
            Noise noise,
            SlidingWindow window,
            boolean dynamics) {
        KernelSource source = new KernelSource(connectome.regions(), haemodynamics, timing);
        int windows = dynamics ? window.count(timing) : 0;
        return inBatches(
                source,
                connectome,
                candidates,
                noise,
                windows,
                (run, count) -> run.statistics(count, window, dynamics));
    }

    private <T> List<T> inBatches(
            KernelSource source,
            Connectome connectome,
            List<RegionalParameters> candidates,
            Noise noise,
            int windows,
            BiFunction<DeviceRun, Integer, List<T>> results) {
        for (RegionalParameters candidate : candidates) {
            if (candidate.regions() != source.regions()) {
                throw new IllegalArgumentException("a candidate has parameters for " + candidate.regions()
                        + " regions, but the structural connectome has " + source.regions());
            }
        }
        if (candidates.isEmpty()) {
            return List.of();
        }
        lock.lock();
        try {
            Accelerator.Program program = program(source);
            BatchPlan plan = BatchPlan.of(source, candidates.size(), windows, accelerator.freeBytes());
            List<T> all = new ArrayList<>();
            try (DeviceRun run = new DeviceRun(accelerator, program, source, plan, connectome, noise)) {
                for (int from = 0; from < candidates.size(); from += plan.candidates()) {
                    List<RegionalParameters> batch =
                            candidates.subList(from, Math.min(candidates.size(), from + plan.candidates()));
                    run.simulate(batch);
                    all.addAll(results.apply(run, batch.size()));
                }
            }
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    private Accelerator.Program program(KernelSource source) {
        if (closed) {
            throw new IllegalStateException("the GPU engine is closed");
        }
        Accelerator.Program known = programs.get(source);
        if (known != null) {
            return known;
        }
        if (programs.size() == KEPT_PROGRAMS) {
            Iterator<Accelerator.Program> oldest = programs.values().iterator();
            oldest.next().close();
            oldest.remove();
        }
        Accelerator.Program compiled = accelerator.compile(source.text());
        programs.put(source, compiled);
        return compiled;
    }

    @Override
    public String description() {
        return "GPU, float, one block a candidate: " + accelerator.name();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                programs.values().forEach(Accelerator.Program::close);
                accelerator.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
