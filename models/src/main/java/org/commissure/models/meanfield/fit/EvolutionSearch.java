package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.scoring.StagedScores;
import org.commissure.models.meanfield.statistics.Cost;

/**
 * One search from one seed over a {@link CandidateSpace} on the training split. Every generation's random numbers come
 * from the seed and the generation alone, so a search that was killed goes on from its checkpoint with the same
 * candidates to the bit (on the same engine). An interrupt ends it between two simulations; the checkpoint then holds
 * the last whole generation.
 */
public final class EvolutionSearch {
    /** Rules of the published code for an early end. */
    private static final double GOOD_TOTAL = 0.3;

    private static final double SETTLED_PATH = 11;
    private static final int GOOD_GENERATIONS = 5;
    private static final double SMALLEST_STEP = 0.001;

    private final Scorer scorer;
    private final FitData train;
    private final CandidateSpace space;
    private final SearchSettings settings;
    private final long seed;
    private final String stage;
    private final FitListener listener;
    private final EvolutionStrategy strategy;

    /** @param stage how progress names this search */
    public EvolutionSearch(
            Scorer scorer,
            FitData train,
            CandidateSpace space,
            SearchSettings settings,
            long seed,
            String stage,
            FitListener listener) {
        if (space.regions() != train.regions()) {
            throw new IllegalArgumentException(
                    "the maps have " + space.regions() + " regions, but the connectome has " + train.regions());
        }
        this.scorer = scorer;
        this.train = train;
        this.space = space;
        this.settings = settings;
        this.seed = seed;
        this.stage = stage;
        this.listener = listener;
        this.strategy = new EvolutionStrategy(
                space.dimensions(),
                settings.offspring(),
                settings.parents(),
                settings.opening().largestStep());
    }

    /** What a search carries from one generation to the next. */
    record State(StrategyState strategy, List<GenerationBest> history, int good, long elapsedMillis) {}

    /**
     * Runs, or goes on where {@code checkpoint} ends; a finished search returns at once.
     *
     * @return the best candidate of each generation, in order
     * @throws FitCheckpointException if the checkpoint is of another search
     */
    public List<GenerationBest> run(Optional<Path> checkpoint) throws IOException, InterruptedException {
        Optional<FitCheckpoint<State>> file =
                checkpoint.map(path -> new FitCheckpoint<>(path, "search", fingerprint(), State.class));
        Optional<State> kept = file.isPresent() ? file.get().read() : Optional.empty();
        State state = kept.isPresent() ? kept.get() : start();
        long before = state.elapsedMillis();
        int resumedAt = state.strategy().generation();
        long begin = System.nanoTime();
        while (!finished(state)) {
            state = generation(state, before + (System.nanoTime() - begin) / 1_000_000);
            if (file.isPresent()) {
                file.get().write(state);
            }
            report(state, System.nanoTime() - begin, resumedAt);
        }
        return List.copyOf(state.history());
    }

    private State start() throws InterruptedException {
        List<CandidateSpace.Start> starts = new ArrayList<>();
        for (int i = 0; i < settings.opening().starts(); i++) {
            starts.add(settings.opening().start(space, new Random(Seeds.of(seed, Seeds.START, i))));
        }
        CandidateSpace.Start best = starts.size() == 1 ? starts.getFirst() : best(starts);
        return new State(strategy.start(best), List.of(), 0, 0);
    }

    private CandidateSpace.Start best(List<CandidateSpace.Start> starts) throws InterruptedException {
        List<Cost> costs = scorer.score(new ScoringTask(
                train.connectome(),
                train.target(),
                settings.scoring(),
                starts.stream().map(start -> space.parameters(start.mean())).toList(),
                1,
                Seeds.of(seed, Seeds.START, 0)));
        int best = 0;
        for (int i = 1; i < costs.size(); i++) {
            if (costs.get(i).total() < costs.get(best).total()) {
                best = i;
            }
        }
        return starts.get(best);
    }

    private boolean finished(State state) {
        return state.strategy().generation() >= settings.generations()
                || state.good() >= GOOD_GENERATIONS
                || state.strategy().step() < SMALLEST_STEP
                || settings.limitMillis() > 0
                        && !state.history().isEmpty()
                        && state.elapsedMillis() >= settings.limitMillis();
    }

    private State generation(State state, long elapsedMillis) throws InterruptedException {
        long start = System.nanoTime();
        int generation = state.strategy().generation();
        List<double[]> points = strategy.sample(
                state.strategy(), new Random(Seeds.of(seed, Seeds.CANDIDATES, generation)), space::contains);
        List<RegionalParameters> candidates =
                points.stream().map(space::parameters).toList();
        LazyRanking ranking;
        try (StagedScores scores = scorer.connectivityThenDynamics(new ScoringTask(
                train.connectome(),
                train.target(),
                settings.scoring(),
                candidates,
                settings.repeats(),
                Seeds.of(seed, Seeds.SEARCH_NOISE, generation)))) {
            ranking = LazyRanking.of(scores, settings.parents(), settings.parents());
        }
        StrategyState next = strategy.next(
                state.strategy(), ranking.best().stream().map(points::get).toList());
        GenerationBest best = new GenerationBest(
                generation + 1,
                points.get(ranking.best().getFirst()),
                ranking.costs().getFirst().fcCorrelation(),
                ranking.costs().getFirst().ks(),
                ranking.dynamicsScored());
        List<GenerationBest> history = new ArrayList<>(state.history());
        history.add(best);
        boolean good = best.total() < GOOD_TOTAL && next.stepPathNorm() < SETTLED_PATH;
        return new State(
                next, history, state.good() + (good ? 1 : 0), elapsedMillis + (System.nanoTime() - start) / 1_000_000);
    }

    private void report(State state, long nanos, int resumedAt) {
        int done = state.strategy().generation();
        double best = state.history().stream()
                .mapToDouble(GenerationBest::total)
                .min()
                .orElseThrow();
        Duration left = FitProgress.left(nanos, done - resumedAt, settings.generations() - done);
        if (settings.limitMillis() > 0) {
            Duration untilLimit = Duration.ofMillis(Math.max(0, settings.limitMillis() - state.elapsedMillis()));
            left = left.compareTo(untilLimit) < 0 ? left : untilLimit;
        }
        listener.progressed(new FitProgress(stage, done, settings.generations(), best, left));
    }

    private String fingerprint() {
        return new Fingerprint()
                .add(train)
                .add(space.fingerprint())
                .add(settings.description())
                .add(Long.toString(seed))
                .hex();
    }
}
