package org.commissure.models.meanfield.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.cuda.CudaSimulator;
import org.commissure.models.meanfield.cuda.SimulatedStatistics;
import org.commissure.models.meanfield.cuda.SlidingWindow;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Costs;
import org.commissure.models.meanfield.statistics.Target;

/**
 * A {@link Scorer} on a GPU: series never leave it, only correlations and histograms do; the comparison with the data
 * runs on the cores. Float: costs differ from the CPU engines' in the fourth digit or later.
 */
final class CudaScorer implements Scorer {
    private final CudaSimulator simulator;
    private final ScoringListener listener;

    /** @param simulator closed together with the scorer */
    CudaScorer(CudaSimulator simulator, ScoringListener listener) {
        this.simulator = simulator;
        this.listener = listener;
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
        SlidingWindow window = new SlidingWindow(settings.windowFrames(), settings.strideFrames());
        List<List<SimulatedStatistics>> byRepeat = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped between two repeats");
            }
            byRepeat.add(simulator.statistics(
                    connectome,
                    candidates,
                    settings.haemodynamics(),
                    settings.timing(),
                    PhiloxNoise.of(seed, repeat),
                    window,
                    dynamics));
            listener.simulated(candidates.size() * (repeat + 1), Math.multiplyExact(candidates.size(), repeats));
        }
        return IntStream.range(0, candidates.size())
                .parallel()
                .mapToObj(candidate ->
                        cost(byRepeat.stream().map(all -> all.get(candidate)).toList(), target))
                .toList();
    }

    private static Cost cost(List<SimulatedStatistics> repeated, Target target) {
        if (repeated.stream().anyMatch(SimulatedStatistics::diverged)) {
            return Cost.DIVERGED;
        }
        List<long[]> histograms = repeated.stream()
                .map(SimulatedStatistics::histogram)
                .filter(histogram -> histogram.length > 0)
                .toList();
        return Costs.of(repeated.stream().map(SimulatedStatistics::correlation).toList(), histograms, target);
    }

    @Override
    public void close() {
        simulator.close();
    }
}
