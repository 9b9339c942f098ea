package org.commissure.models.meanfield.fit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Costs;

/**
 * Chooses among candidates on the validation split and reports the chosen on the test split (Kong et al. 2021). What was
 * scored is kept in a checkpoint, so that the hours of a published-size selection survive a restart.
 */
public final class Selection {
    /** Candidates between two checkpoints; fills the lanes of a wide engine. */
    private static final int CHUNK = 32;

    private final Scorer scorer;
    private final FitSplits splits;
    private final SelectionSettings settings;
    private final long seed;
    private final FitListener listener;

    public Selection(Scorer scorer, FitSplits splits, SelectionSettings settings, long seed, FitListener listener) {
        this.scorer = scorer;
        this.splits = splits;
        this.settings = settings;
        this.seed = seed;
        this.listener = listener;
    }

    /**
     * @param validation of the first candidates
     * @param tests one list for each finished test set, in the order of the chosen
     */
    record State(List<Cost> validation, List<List<Cost>> tests) {}

    /**
     * @return the chosen, best on the validation split first; fewer than asked where most are alike, none where every
     *     candidate diverged
     */
    public List<Chosen> run(List<Candidate> candidates, Optional<Path> checkpoint)
            throws IOException, InterruptedException {
        Optional<FitCheckpoint<State>> file =
                checkpoint.map(path -> new FitCheckpoint<>(path, "selection", fingerprint(candidates), State.class));
        State state = file.isPresent()
                ? file.get().read().orElse(new State(List.of(), List.of()))
                : new State(List.of(), List.of());
        state = validate(candidates, state, file);
        List<Integer> best = distinct(candidates, state.validation());
        if (best.isEmpty()) {
            return List.of();
        }
        state = test(best.stream().map(candidates::get).toList(), state, file);
        List<Chosen> chosen = new ArrayList<>();
        for (int rank = 0; rank < best.size(); rank++) {
            int index = rank;
            List<Cost> sets =
                    state.tests().stream().map(costs -> costs.get(index)).toList();
            chosen.add(new Chosen(
                    candidates.get(best.get(rank)), state.validation().get(best.get(rank)), mean(sets)));
        }
        return chosen;
    }

    private State validate(List<Candidate> candidates, State begun, Optional<FitCheckpoint<State>> file)
            throws IOException, InterruptedException {
        State state = begun;
        int resumedAt = state.validation().size();
        long begin = System.nanoTime();
        while (state.validation().size() < candidates.size()) {
            int from = state.validation().size();
            List<Candidate> part = candidates.subList(from, Math.min(candidates.size(), from + CHUNK));
            List<Cost> costs = new ArrayList<>(state.validation());
            costs.addAll(
                    validationCosts(part.stream().map(Candidate::parameters).toList()));
            state = new State(costs, state.tests());
            save(file, state);
            report("validation", costs, costs.size(), candidates.size(), resumedAt, begin);
        }
        return state;
    }

    private List<Cost> validationCosts(List<RegionalParameters> parameters) throws InterruptedException {
        FitData data = splits.validation();
        ScoringTask task = new ScoringTask(
                data.connectome(),
                data.target(),
                settings.scoring(),
                parameters,
                settings.validationRepeats(),
                Seeds.of(seed, Seeds.VALIDATION_NOISE, 0));
        return scorer.score(settings.connectivityAlone() ? task.connectivityAlone() : task);
    }

    private State test(List<Candidate> chosen, State begun, Optional<FitCheckpoint<State>> file)
            throws IOException, InterruptedException {
        List<RegionalParameters> parameters =
                chosen.stream().map(Candidate::parameters).toList();
        State state = begun;
        int resumedAt = state.tests().size();
        long begin = System.nanoTime();
        while (state.tests().size() < settings.testSets()) {
            List<List<Cost>> tests = new ArrayList<>(state.tests());
            tests.add(scorer.score(new ScoringTask(
                    splits.test().connectome(),
                    splits.test().target(),
                    settings.scoring(),
                    parameters,
                    settings.testRepeats(),
                    Seeds.of(seed, Seeds.TEST_NOISE, tests.size()))));
            state = new State(state.validation(), tests);
            save(file, state);
            report("test", tests.getLast(), tests.size(), settings.testSets(), resumedAt, begin);
        }
        return state;
    }

    private static void save(Optional<FitCheckpoint<State>> file, State state) throws IOException {
        if (file.isPresent()) {
            file.get().write(state);
        }
    }

    private void report(String stage, List<Cost> costs, int done, int total, int resumedAt, long begin) {
        double best = costs.stream().mapToDouble(Cost::total).min().orElseThrow();
        listener.progressed(new FitProgress(
                stage, done, total, best, FitProgress.left(System.nanoTime() - begin, done - resumedAt, total - done)));
    }

    /** Indices of the best candidates that differ from better ones. */
    private List<Integer> distinct(List<Candidate> candidates, List<Cost> validation) {
        List<Integer> order = IntStream.range(0, candidates.size())
                .filter(i -> !validation.get(i).diverged())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> validation.get(i).total()))
                .toList();
        List<Integer> kept = new ArrayList<>();
        for (int index : order) {
            RegionalParameters one = candidates.get(index).parameters();
            if (kept.size() < settings.kept()
                    && kept.stream().noneMatch(k -> alike(one, candidates.get(k).parameters()))) {
                kept.add(index);
            }
        }
        return kept;
    }

    private boolean alike(RegionalParameters one, RegionalParameters other) {
        return correlate(one.recurrence(), other.recurrence())
                && correlate(one.input(), other.input())
                && correlate(one.noise(), other.noise());
    }

    /** Maps without variation have no correlation: they are alike where their values are. */
    private boolean correlate(double[] one, double[] other) {
        if (constant(one) || constant(other)) {
            return constant(one)
                    && constant(other)
                    && Math.min(one[0], other[0]) > settings.alike() * Math.max(one[0], other[0]);
        }
        return Costs.pearson(one, other) > settings.alike();
    }

    private static boolean constant(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return false;
            }
        }
        return true;
    }

    private static Cost mean(List<Cost> sets) {
        if (sets.stream().anyMatch(Cost::diverged)) {
            return Cost.DIVERGED;
        }
        return new Cost(
                sets.stream().mapToDouble(Cost::fcCorrelation).average().orElseThrow(),
                sets.stream().mapToDouble(Cost::ks).average().orElseThrow(),
                false);
    }

    private String fingerprint(List<Candidate> candidates) {
        Fingerprint fingerprint = new Fingerprint()
                .add(splits.validation())
                .add(splits.test())
                .add(settings.toString())
                .add(Long.toString(seed));
        candidates.forEach(candidate -> fingerprint.add(candidate.parameters().toVector()));
        return fingerprint.hex();
    }
}
