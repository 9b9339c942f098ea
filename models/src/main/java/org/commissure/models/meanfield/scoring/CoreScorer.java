package org.commissure.models.meanfield.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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

    private List<Cost> run(
            Connectome connectome,
            Target target,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            int repeats,
            long seed,
            boolean dynamics)
            throws InterruptedException {
        List<Callable<List<Statistics>>> tasks = new ArrayList<>();
        AtomicInteger finished = new AtomicInteger();
        int all = Math.multiplyExact(candidates.size(), repeats);
        for (int repeat = 0; repeat < repeats; repeat++) {
            PhiloxNoise noise = PhiloxNoise.of(seed, repeat);
            for (int from = 0; from < candidates.size(); from += batch) {
                List<RegionalParameters> part = candidates.subList(from, Math.min(candidates.size(), from + batch));
                tasks.add(() -> {
                    List<Statistics> done = simulated(connectome, settings, part, noise, dynamics);
                    listener.simulated(finished.addAndGet(part.size()), all);
                    return done;
                });
            }
        }
        List<List<Statistics>> byCandidate = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            byCandidate.add(new ArrayList<>());
        }
        int next = 0;
        for (Future<List<Statistics>> done : threads.invokeAll(tasks)) {
            for (Statistics statistics : result(done)) {
                byCandidate.get(next++ % candidates.size()).add(statistics);
            }
        }
        return byCandidate.stream().map(repeated -> cost(repeated, target)).toList();
    }

    private List<Statistics> simulated(
            Connectome connectome,
            ScoringSettings settings,
            List<RegionalParameters> candidates,
            PhiloxNoise noise,
            boolean dynamics) {
        List<Statistics> all = new ArrayList<>();
        for (Bold bold :
                simulator.simulate(connectome, candidates, settings.haemodynamics(), settings.timing(), noise)) {
            all.add(statistics(bold.after(settings.timing().discardedFrames()), settings, dynamics));
        }
        return all;
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
}
