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
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Simulator;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Costs;
import org.commissure.models.meanfield.statistics.FastDynamics;
import org.commissure.models.meanfield.statistics.FunctionalConnectivity;
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
    public List<Cost> score(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException {
        return run(
                connectome,
                target,
                settings,
                candidates,
                repeats,
                seed,
                target.dynamics().isPresent());
    }

    @Override
    public List<Cost> scoreConnectivity(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException {
        return run(connectome, target, settings, candidates, repeats, seed, false);
    }

    /** Keeps the simulations of all candidates where they fit into a third of the memory. */
    @Override
    public StagedScores connectivityThenDynamics(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed)
            throws InterruptedException {
        double bytes = (double) Double.BYTES
                * candidates.size()
                * repeats
                * settings.timing().keptFrames()
                * connectome.regions();
        if (target.dynamics().isEmpty() || bytes > Runtime.getRuntime().maxMemory() / 3.0) {
            return Scorer.super.connectivityThenDynamics(connectome, target, settings, candidates, repeats, seed);
        }
        List<List<Kept>> kept = simulateEach(
                connectome,
                settings,
                candidates,
                repeats,
                seed,
                bold -> new Kept(statistics(bold, settings, false), bold));
        return new KeptScores(kept, target, settings);
    }

    private List<Cost> run(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed,
            boolean dynamics)
            throws InterruptedException {
        return simulateEach(
                        connectome, settings, candidates, repeats, seed, bold -> statistics(bold, settings, dynamics))
                .stream()
                .map(repeated -> cost(repeated, target))
                .toList();
    }

    /** What is made of each simulation, by candidate and repeat. */
    private <T> List<List<T>> simulateEach(
            Connectome connectome,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed,
            Function<Bold, T> made)
            throws InterruptedException {
        List<Callable<List<T>>> tasks = new ArrayList<>();
        AtomicInteger finished = new AtomicInteger();
        int all = Math.multiplyExact(candidates.size(), repeats);
        for (int repeat = 0; repeat < repeats; repeat++) {
            PhiloxNoise noise = PhiloxNoise.of(seed, repeat);
            for (int from = 0; from < candidates.size(); from += batch) {
                List<RegionalParameters> part = candidates.subList(from, Math.min(candidates.size(), from + batch));
                tasks.add(() -> {
                    List<T> done =
                            simulator
                                    .simulate(connectome, part, settings.haemodynamics(), settings.timing(), noise)
                                    .stream()
                                    .map(bold -> made.apply(
                                            bold.after(settings.timing().discardedFrames())))
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

    private Statistics statistics(Bold bold, ScoringSettings settings, boolean dynamics) {
        if (!bold.isFinite()) {
            return new Statistics(true, new double[0], new long[0]);
        }
        long[] histogram = dynamics
                ? dynamicsByThread.get().histogram(bold, settings.windowFrames(), settings.strideFrames())
                : new long[0];
        return new Statistics(false, FunctionalConnectivity.of(bold), histogram);
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

    private static Cost cost(List<Statistics> repeated, Target target) {
        for (Statistics statistics : repeated) {
            if (statistics.diverged()) {
                return Cost.DIVERGED;
            }
        }
        List<long[]> histograms = repeated.stream()
                .map(Statistics::histogram)
                .filter(histogram -> histogram.length > 0)
                .toList();
        return Costs.of(repeated.stream().map(Statistics::correlation).toList(), histograms, target);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        simulator.close();
    }

    /** What is kept of one simulation. */
    private record Statistics(boolean diverged, double[] correlation, long[] histogram) {}

    /** A simulation whose dynamics may be asked for. */
    private record Kept(Statistics statistics, Bold bold) {}

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
            List<Callable<Statistics>> tasks = new ArrayList<>();
            for (int candidate : candidates) {
                for (Kept one : kept.get(candidate)) {
                    tasks.add(() -> statistics(one.bold(), settings, true));
                }
            }
            List<Statistics> all = new ArrayList<>();
            for (Future<Statistics> done : threads.invokeAll(tasks)) {
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
