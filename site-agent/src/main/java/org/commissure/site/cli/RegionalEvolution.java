package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.models.meanfield.fit.CandidateSpace;
import org.commissure.models.meanfield.fit.EvolutionFit;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.FitOutcome;
import org.commissure.models.meanfield.fit.FitPlan;
import org.commissure.models.meanfield.fit.FitProgress;
import org.commissure.models.meanfield.fit.FitSplits;
import org.commissure.models.meanfield.scoring.Scorer;
import org.jspecify.annotations.Nullable;

/**
 * One evolution with its plan, and how it is told.
 *
 * @param seconds wall time of this process
 */
record RegionalEvolution(FitPlan plan, FitOutcome outcome, double seconds) {

    static RegionalEvolution run(
            String name,
            Scorer scorer,
            FitSplits splits,
            CandidateSpace space,
            FitPlan sizes,
            @Nullable Duration budget,
            long seed,
            Path folder,
            FitListener listener)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Files.createDirectories(folder);
        FitPlan plan = budget == null
                ? sizes
                : EvolutionFit.planWithin(budget, sizes, scorer, splits, space, seed, Optional.of(folder));
        FitListener named = progress -> listener.progressed(new FitProgress(
                name + ", " + progress.stage(), progress.done(), progress.total(), progress.best(), progress.left()));
        FitOutcome outcome = EvolutionFit.run(scorer, splits, space, plan, seed, Optional.of(folder), named);
        return new RegionalEvolution(plan, outcome, (System.nanoTime() - begin) / 1e9);
    }

    Map<String, Object> facts(boolean dynamics) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("seeds", plan.seeds());
        facts.put("offspring", plan.search().offspring());
        facts.put("parents", plan.search().parents());
        facts.put("generations", outcome.curves().stream().map(List::size).toList());
        facts.put("repeats", plan.search().repeats());
        facts.put("strideFrames", plan.search().scoring().strideFrames());
        facts.put("validated", plan.validated());
        facts.put("validationRepeats", plan.selection().validationRepeats());
        facts.put("testSets", plan.selection().testSets());
        facts.put("testRepeats", plan.selection().testRepeats());
        facts.put("seconds", seconds);
        facts.put("candidates", RegionalFitReport.facts(outcome, dynamics, dynamics));
        return facts;
    }

    static List<String> names(FitOutcome outcome) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= outcome.curves().size(); i++) {
            names.add("seed " + i);
        }
        return names;
    }
}
