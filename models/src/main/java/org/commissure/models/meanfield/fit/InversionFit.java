package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.nio.file.Path;
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
     * @param validated best iterations that are validated
     * @param name of the checkpoints in {@code folder}
     */
    public static FitOutcome run(
            Scorer scorer,
            FitSplits splits,
            LogScales scales,
            InversionSettings settings,
            int validated,
            SelectionSettings selection,
            long seed,
            int threads,
            String name,
            Optional<Path> folder,
            FitListener listener)
            throws IOException, InterruptedException {
        List<InversionStep> steps = new Inversion(
                        scorer, splits.train(), scales, settings, seed, threads, name, listener)
                .run(EvolutionFit.checkpoint(folder, name));
        List<Candidate> candidates = steps.stream()
                .sorted(Comparator.comparingDouble(step -> -step.fcCorrelation()))
                .limit(validated)
                .map(step -> new Candidate(
                        scales.parameters(step.logs()),
                        seed,
                        step.iteration(),
                        new Cost(step.fcCorrelation(), 0, false)))
                .toList();
        List<Chosen> chosen = new Selection(scorer, splits, selection, seed, listener)
                .run(candidates, EvolutionFit.checkpoint(folder, name + "-selection"));
        return new FitOutcome(
                chosen,
                List.of(steps.stream().map(step -> 1 - step.fcCorrelation()).toList()));
    }
}
