package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.scoring.Scorer;

/**
 * A fit by several searches: each from its own seed on the training split, the best of all chosen on the validation
 * split, and reported on the test split. Everything is resumable: each search and the selection keep a checkpoint.
 */
public final class EvolutionFit {
    /** Candidates that are timed. */
    private static final int SAMPLE = 64;

    private EvolutionFit() {}

    /**
     * @param folder for checkpoints; a fit that finds its own there goes on from them
     * @throws FitCheckpointException if a checkpoint there is of another fit
     */
    public static FitOutcome run(
            Scorer scorer,
            FitSplits splits,
            CandidateSpace space,
            FitPlan plan,
            long seed,
            Optional<Path> folder,
            FitListener listener)
            throws IOException, InterruptedException {
        List<Candidate> candidates = new ArrayList<>();
        List<List<Double>> curves = new ArrayList<>();
        for (int search = 0; search < plan.seeds(); search++) {
            long searchSeed = seed + search;
            String stage = "seed " + (search + 1) + " of " + plan.seeds();
            List<GenerationBest> history = new EvolutionSearch(
                            scorer, splits.train(), space, plan.search(), searchSeed, stage, listener)
                    .run(checkpoint(folder, "search-" + searchSeed));
            curves.add(history.stream().map(GenerationBest::total).toList());
            history.stream()
                    .sorted(Comparator.comparingDouble(GenerationBest::total))
                    .limit(plan.validated())
                    .map(best ->
                            new Candidate(space.parameters(best.point()), searchSeed, best.generation(), best.cost()))
                    .forEach(candidates::add);
        }
        List<Chosen> chosen = new Selection(scorer, splits, plan.selection(), seed, listener)
                .run(candidates, checkpoint(folder, "selection"));
        return new FitOutcome(chosen, curves);
    }

    /**
     * A plan for a budget of time, from the speed of this machine now; a fit that is resumed keeps its first plan.
     *
     * @param folder as in {@link #run}
     */
    public static FitPlan planWithin(
            Duration budget,
            FitPlan published,
            Scorer scorer,
            FitSplits splits,
            CandidateSpace space,
            long seed,
            Optional<Path> folder)
            throws IOException, InterruptedException {
        Optional<FitCheckpoint<FitPlan>> file = folder.map(path -> new FitCheckpoint<>(
                path.resolve("plan.json"),
                "plan",
                new Fingerprint()
                        .add(splits.train())
                        .add(splits.validation())
                        .add(splits.test())
                        .add(space.fingerprint())
                        .add(budget + ", " + published)
                        .add(Long.toString(seed))
                        .hex(),
                FitPlan.class));
        Optional<FitPlan> kept = file.isPresent() ? file.get().read() : Optional.empty();
        if (kept.isPresent()) {
            return kept.get();
        }
        FitPlan plan =
                FitPlan.within(budget, simulationsPerSecond(scorer, splits.train(), space, published), published);
        if (file.isPresent()) {
            file.get().write(plan);
        }
        return plan;
    }

    /** The second of two small generations: the first one compiles the engine. */
    private static double simulationsPerSecond(Scorer scorer, FitData train, CandidateSpace space, FitPlan published)
            throws InterruptedException {
        SearchSettings sample =
                new SearchSettings(published.search().scoring(), SAMPLE, SearchSettings.parentsOf(SAMPLE), 2, 1, 0);
        List<Long> times = new ArrayList<>();
        try {
            times.add(System.nanoTime());
            new EvolutionSearch(scorer, train, space, sample, 0, "", progress -> times.add(System.nanoTime()))
                    .run(Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("a search without a checkpoint touches no file", e);
        }
        return SAMPLE / ((times.getLast() - times.get(times.size() - 2)) / 1e9);
    }

    static Optional<Path> checkpoint(Optional<Path> folder, String name) {
        return folder.map(path -> path.resolve(name + ".checkpoint.json"));
    }
}
