package org.commissure.models.meanfield.federated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.commissure.models.meanfield.Connectome;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.fit.CandidateSpace;
import org.commissure.models.meanfield.fit.EvolutionSearch;
import org.commissure.models.meanfield.fit.FitData;
import org.commissure.models.meanfield.fit.FitListener;
import org.commissure.models.meanfield.fit.GenerationBest;
import org.commissure.models.meanfield.fit.Inversion;
import org.commissure.models.meanfield.fit.InversionSettings;
import org.commissure.models.meanfield.fit.InversionStep;
import org.commissure.models.meanfield.fit.LogScales;
import org.commissure.models.meanfield.fit.SearchSettings;
import org.commissure.models.meanfield.scoring.Scorer;
import org.commissure.models.meanfield.scoring.ScoringSettings;
import org.commissure.models.meanfield.scoring.ScoringTask;
import org.commissure.models.meanfield.statistics.Cost;
import org.commissure.models.meanfield.statistics.Target;

/**
 * The fit of released statistics: a search or an inversion on the training part; among its best
 * candidates the validation part chooses, under noise that the search has not seen. It needs no patient
 * and follows from its arguments, so anyone who has the released statistics can repeat it.
 */
public final class GroupFit {
    /** Candidates that the validation part compares. */
    private static final int COMPARED = 10;

    /** Prior variance of every log-parameter (Wang et al. 2019). */
    private static final double PRIOR_VARIANCE = 0.25;

    private final Scorer scorer;
    private final FitData training;
    private final Optional<Target> validation;
    private final ScoringSettings settings;
    private final int repeats;
    private final long seed;
    private final FitListener listener;

    /**
     * @param validation absent where that part is empty; the training part then chooses too
     * @param settings with the stride of the search
     */
    public GroupFit(
            Scorer scorer,
            Connectome connectome,
            Target training,
            Optional<Target> validation,
            ScoringSettings settings,
            int repeats,
            long seed,
            FitListener listener) {
        this.scorer = scorer;
        this.training = new FitData(connectome, training);
        this.validation = validation;
        this.settings = settings;
        this.repeats = repeats;
        this.seed = seed;
        this.listener = listener;
    }

    /** @param validation absent where that part is empty */
    public record Fitted(RegionalParameters parameters, Cost training, Optional<Cost> validation) {}

    /** By CMA-ES over {@code space}, {@code offspring} candidates in each generation. */
    public Fitted evolution(CandidateSpace space, int offspring, int generations) throws InterruptedException {
        SearchSettings search =
                new SearchSettings(settings, offspring, SearchSettings.parentsOf(offspring), generations, repeats, 0);
        try {
            List<GenerationBest> history = new EvolutionSearch(
                            scorer, training, space, search, seed, space.description(), listener)
                    .run(Optional.empty());
            return chosen(history.stream()
                    .sorted(Comparator.comparingDouble(GenerationBest::total))
                    .limit(COMPARED)
                    .map(best -> space.parameters(best.point()))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("a search without a checkpoint touches no file", e);
        }
    }

    /**
     * By expectation–maximisation from the published prior.
     *
     * @throws ArithmeticException if the simulation leaves the range of numbers
     */
    public Fitted inversion(int iterations, int threads) throws InterruptedException {
        LogScales scales = LogScales.wang2018(training.regions(), false);
        InversionSettings inversion =
                new InversionSettings(settings, iterations, PRIOR_VARIANCE, InversionSettings.WANG_2018.dampings());
        try {
            List<InversionStep> steps = new Inversion(
                            scorer, training, scales, inversion, seed, threads, "rmfm", listener)
                    .run(Optional.empty());
            return chosen(steps.stream()
                    .sorted(Comparator.comparingDouble(step -> -step.fcCorrelation()))
                    .limit(COMPARED)
                    .map(step -> scales.parameters(step.logs()))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("an inversion without a checkpoint touches no file", e);
        }
    }

    private Fitted chosen(List<RegionalParameters> candidates) throws InterruptedException {
        List<Cost> first = scored(training.target(), candidates);
        List<Cost> decisive = validation.isPresent() ? scored(validation.get(), candidates) : first;
        int best = 0;
        for (int i = 1; i < candidates.size(); i++) {
            if (decisive.get(i).total() < decisive.get(best).total()) {
                best = i;
            }
        }
        if (decisive.get(best).diverged()) {
            throw new ArithmeticException("no candidate of the fit can be simulated");
        }
        return new Fitted(
                candidates.get(best),
                first.get(best),
                validation.isPresent() ? Optional.of(decisive.get(best)) : Optional.empty());
    }

    private List<Cost> scored(Target target, List<RegionalParameters> candidates) throws InterruptedException {
        return scorer.score(
                new ScoringTask(training.connectome(), target, settings.withStride(1), candidates, repeats, ~seed));
    }
}
