package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * An inversion on the training split; the iteration to stop at is chosen on the validation split, and reported on the
 * test split. Resumable like {@link EvolutionFit}.
 */
public final class InversionFit {
    private InversionFit() {}

    /**
     * @param starts inversions from the same prior, each under noise of its own. A path of few parameters depends on
     *     the noise of its first steps: one long step along a flat valley may not be taken back. The first start has
     *     {@code seed} itself
     * @param validated best iterations of all starts that are validated
     * @param name of the checkpoints in {@code folder}
     */
    public static FitOutcome run(
            Scorer scorer,
            FitSplits splits,
            LogScales scales,
            InversionSettings settings,
            int starts,
            int validated,
            SelectionSettings selection,
            long seed,
            int threads,
            String name,
            Optional<Path> folder,
            FitListener listener)
            throws IOException, InterruptedException {
        if (starts < 1) {
            throw new IllegalArgumentException("an inversion needs at least one start, not " + starts);
        }
        List<Candidate> candidates = new ArrayList<>();
        List<List<Double>> curves = new ArrayList<>();
        for (int start = 0; start < starts; start++) {
            String called = start == 0 ? name : name + "-" + (start + 1);
            long own = start == 0 ? seed : Seeds.of(seed, Seeds.START, start);
            List<InversionStep> steps = new Inversion(
                            scorer, splits.train(), scales, settings, own, threads, called, listener)
                    .run(EvolutionFit.checkpoint(folder, called));
            steps.forEach(step -> candidates.add(new Candidate(
                    scales.parameters(step.logs()), own, step.iteration(), new Cost(step.fcCorrelation(), 0, false))));
            curves.add(steps.stream().map(step -> 1 - step.fcCorrelation()).toList());
        }
        List<Candidate> best = candidates.stream()
                .sorted(Comparator.comparingDouble(
                        candidate -> -candidate.train().fcCorrelation()))
                .limit(validated)
                .toList();
        List<Chosen> chosen = new Selection(scorer, splits, selection, seed, listener)
                .run(best, EvolutionFit.checkpoint(folder, name + "-selection"));
        return new FitOutcome(chosen, curves);
    }
}
