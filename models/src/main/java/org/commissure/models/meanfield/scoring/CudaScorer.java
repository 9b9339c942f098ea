package org.commissure.models.meanfield.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.PhiloxNoise;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.cuda.CudaSimulator;
import org.commissure.models.meanfield.cuda.SlidingWindow;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Prediction;
import org.commissure.models.meanfield.statistics.SimulatedStatistics;

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
    public List<Cost> score(ScoringTask task) throws InterruptedException {
        ScoringSettings settings = task.settings();
        List<RegionalParameters> candidates = task.candidates();
        int repeats = task.repeats();
        SlidingWindow window = new SlidingWindow(settings.windowFrames(), settings.strideFrames());
        List<List<SimulatedStatistics>> byRepeat = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped between two repeats");
            }
            byRepeat.add(simulator.statistics(
                    task.connectome(),
                    candidates,
                    settings.haemodynamics(),
                    settings.timing(),
                    PhiloxNoise.of(task.seed(), repeat),
                    window,
                    task.wantsDynamics()));
            listener.simulated(candidates.size() * (repeat + 1), Math.multiplyExact(candidates.size(), repeats));
        }
        return IntStream.range(0, candidates.size())
                .parallel()
                .mapToObj(candidate -> Prediction.of(
                                byRepeat.stream().map(all -> all.get(candidate)).toList())
                        .map(prediction -> prediction.against(task.target()))
                        .orElse(Cost.DIVERGED))
                .toList();
    }

    @Override
    public void close() {
        simulator.close();
    }
}
