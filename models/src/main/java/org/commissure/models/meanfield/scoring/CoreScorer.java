package org.commissure.models.meanfield.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.commissure.models.meanfield.Bold;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.FastDynamics;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;
import org.commissure.models.meanfield.statistics.Target;

/** A {@link Scorer} on the machine's cores: each task simulates one batch of candidates. */
public final class CoreScorer implements Scorer {
    private final Simulator simulator;
    private final int batch;
    private final ScoringListener listener;
    private final ExecutorService threads;
    private final ThreadLocal<FastDynamics> dynamicsByThread = ThreadLocal.withInitial(FastDynamics::new);

    public CoreScorer(Simulator simulator, int batch, int threads) {
        this(simulator, batch, threads, ScoringListener.NONE);
    }

    /**
     * @param simulator closed together with the scorer
     * @param batch candidates that the engine takes at once
     */
    public CoreScorer(Simulator simulator, int batch, int threads, ScoringListener listener) {
        this.simulator = simulator;
        this.batch = batch;
        this.listener = listener;
        this.threads = Executors.newFixedThreadPool(threads);
    }

    @Override
    public List<Cost> score(ScoringTask task) throws InterruptedException {
        return simulateEach(task, bold -> statistics(bold, task.settings(), task.wantsDynamics())).stream()
                .map(repeated -> cost(repeated, task.target()))
                .toList();
    }

    /** Keeps the simulations of all candidates where they fit into a third of the memory. */
    @Override
    public StagedScores connectivityThenDynamics(ScoringTask task) throws InterruptedException {
        double bytes = (double) Double.BYTES
                * task.candidates().size()
                * task.repeats()
                * task.settings().timing().keptFrames()
                * task.connectome().regions();
        if (!task.wantsDynamics() || bytes > Runtime.getRuntime().maxMemory() / 3.0) {
            return Scorer.super.connectivityThenDynamics(task);
        }
        List<List<Kept>> kept = simulateEach(task, bold -> new Kept(statistics(bold, task.settings(), false), bold));
        return new KeptScores(kept, task.target(), task.settings());
    }

    /** What is made of each simulation, by candidate and repeat. */
    private <T> List<List<T>> simulateEach(ScoringTask task, Function<Bold, T> made) throws InterruptedException {
        List<RegionalParameters> candidates = task.candidates();
        int repeats = task.repeats();
        ScoringSettings settings = task.settings();
        List<Callable<List<T>>> tasks = new ArrayList<>();
        AtomicInteger finished = new AtomicInteger();
        int all = Math.multiplyExact(candidates.size(), repeats);
        for (int repeat = 0; repeat < repeats; repeat++) {
            PhiloxNoise noise = PhiloxNoise.of(task.seed(), repeat);
            for (int from = 0; from < candidates.size(); from += batch) {
                List<RegionalParameters> part = candidates.subList(from, Math.min(candidates.size(), from + batch));
                tasks.add(() -> {
                    List<T> done = simulator
                            .simulate(task.connectome(), part, settings.haemodynamics(), settings.timing(), noise)
                            .stream()
                            .map(bold -> made.apply(bold.after(settings.timing().discardedFrames())))
                            .toList();
                    listener.simulated(finished.addAndGet(part.size()), all);
                    return done;
                });
            }
        }
        List<List<T>> byCandidate = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            byCandidate.add(new ArrayList<>());
        }
        int next = 0;
        for (Future<List<T>> done : threads.invokeAll(tasks)) {
            for (T one : result(done)) {
                byCandidate.get(next++ % candidates.size()).add(one);
            }
        }
        return byCandidate;
    }

    private SimulatedStatistics statistics(Bold bold, ScoringSettings settings, boolean dynamics) {
        return SimulatedStatistics.of(
                bold,
                kept -> dynamics
                        ? dynamicsByThread.get().histogram(kept, settings.windowFrames(), settings.strideFrames())
                        : new long[0]);
    }

    private static <T> T result(Future<T> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a simulation failed", e.getCause());
        }
    }

    private static Cost cost(List<SimulatedStatistics> repeated, Target target) {
        return Prediction.of(repeated)
                .map(prediction -> prediction.against(target))
                .orElse(Cost.DIVERGED);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        simulator.close();
    }

    /** A simulation whose dynamics may be asked for. */
    private record Kept(SimulatedStatistics statistics, Bold bold) {}

    /** Candidates whose simulations are in memory. */
    private final class KeptScores implements StagedScores {
        private List<List<Kept>> kept;
        private final Target target;
        private final ScoringSettings settings;

        KeptScores(List<List<Kept>> kept, Target target, ScoringSettings settings) {
            this.kept = kept;
            this.target = target;
            this.settings = settings;
        }

        @Override
        public List<Cost> connectivity() {
            return kept.stream()
                    .map(repeated ->
                            cost(repeated.stream().map(Kept::statistics).toList(), target))
                    .toList();
        }

        @Override
        public List<Cost> withDynamics(List<Integer> candidates) throws InterruptedException {
            List<Callable<SimulatedStatistics>> tasks = new ArrayList<>();
            for (int candidate : candidates) {
                for (Kept one : kept.get(candidate)) {
                    tasks.add(() -> statistics(one.bold(), settings, true));
                }
            }
            List<SimulatedStatistics> all = new ArrayList<>();
            for (Future<SimulatedStatistics> done : threads.invokeAll(tasks)) {
                all.add(result(done));
            }
            int repeats = all.size() / candidates.size();
            List<Cost> costs = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                costs.add(cost(all.subList(i * repeats, (i + 1) * repeats), target));
            }
            return costs;
        }

        @Override
        public void close() {
            kept = List.of();
        }
    }
}
