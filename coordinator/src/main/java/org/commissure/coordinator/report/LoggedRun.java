package org.commissure.coordinator.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.coordinator.round.SiteSummary;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.Facts;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.jspecify.annotations.Nullable;

/**
 * A run of a study of kind brainlm, phenotype or finetune as the log alone tells it, with scores from the opened sums. What neither
 * holds is taken from the report: the seconds of a round, the bytes of a site, and of a phenotype's run whether it
 * converged and how many patients overlap.
 */
final class LoggedRun {
    private final LogFacts facts;
    private final KeptSums sums;
    private final RunReport stated;
    private final Path model;
    private final Study study;

    /** @param model the run's {@code model.safetensors} */
    LoggedRun(LogFacts facts, KeptSums sums, RunReport stated, Path model, Study study) {
        this.facts = facts;
        this.sums = sums;
        this.stated = stated;
        this.model = model;
        this.study = study;
    }

    /**
     * What a coordinator would have written the report from.
     *
     * @throws UserError if the log does not hold the run, or not its end
     * @throws KeptSums.DamagedSumException if a kept sum is not the one in the log
     */
    RunSummary summary() throws KeptSums.DamagedSumException {
        LoggedEntry started = only(Actions.RUN_STARTED);
        LoggedEntry finished = only(Actions.RUN_FINISHED);
        List<RoundSummary> rounds = rounds(text(started, "model_sha256"));
        return new RunSummary(
                stated.run().id(),
                RunOutcome.valueOf(text(finished, "outcome")),
                finished.entry().getDetail(),
                study.study().name(),
                rounds.isEmpty() ? 0 : rounds.getLast().round(),
                StudySums.lastRound(study),
                "",
                "",
                1,
                List.of(),
                null,
                null,
                List.of(text(started, "sites").split(" ")).stream()
                        .map(site -> new SiteSummary(site, true, "", 0, bytes(site)))
                        .toList(),
                rounds);
    }

    /** How each round ended, by the coordinator's entries. */
    private List<RoundSummary> rounds(String initialModel) throws KeptSums.DamagedSumException {
        SortedMap<Integer, LoggedEntry> ends = new TreeMap<>();
        Map<Integer, String> models = new TreeMap<>();
        for (LoggedEntry logged : facts.by(LogFacts.COORDINATOR).toList()) {
            int round = logged.entry().getRound();
            switch (logged.entry().getAction()) {
                case Actions.SUM_RELEASED -> {
                    if (round == 0 || !LogFacts.isOf(logged, LogFacts.EVALUATE)) {
                        ends.put(round, logged);
                    }
                }
                case Actions.MODEL_RELEASED -> models.put(round, text(logged, "model_sha256"));
                case Actions.ROUND_ABORTED -> ends.put(round, logged);
                case Actions.EVALUATION_UNAVAILABLE -> ends.putIfAbsent(round, logged);
                default -> {
                    // says nothing about how a round ended
                }
            }
        }
        List<RoundSummary> rounds = new ArrayList<>();
        String model = initialModel;
        for (Map.Entry<Integer, LoggedEntry> end : ends.entrySet()) {
            model = models.getOrDefault(end.getKey(), model);
            rounds.add(round(end.getKey(), end.getValue(), model));
        }
        return rounds;
    }

    private RoundSummary round(int round, LoggedEntry end, String model) throws KeptSums.DamagedSumException {
        boolean aborted = end.entry().getAction().equals(Actions.ROUND_ABORTED);
        return new RoundSummary(
                round,
                aborted ? RoundOutcome.ABORTED : round == 0 ? RoundOutcome.INITIAL : RoundOutcome.RELEASED,
                end.entry().getAttempt(),
                LogFacts.survivors(end),
                stated.rounds().stream()
                        .filter(said -> said.round() == round)
                        .mapToDouble(RunReport.Round::seconds)
                        .findFirst()
                        .orElse(0),
                evaluation(round).orElse(null),
                model,
                null,
                aborted ? null : phenotype(round, model, LogFacts.survivors(end).size()));
    }

    /** @param sites in the sum that the round ended with, where it was not scored */
    private @Nullable PhenotypeResult phenotype(int round, String modelSha256, int sites)
            throws KeptSums.DamagedSumException {
        PhenotypeReport said = stated.phenotype();
        Optional<PhenotypePlan> plan = study.phenotype();
        Optional<RunReport.EvaluationSum> sum = facts.evaluationSum(round);
        if (study.finetune().isPresent()) {
            return fineTuned(study.finetune().get(), round, modelSha256, sites, sum);
        }
        if (plan.isEmpty() || said == null || (round == 0 && sites == 0)) {
            return null;
        }
        return new PhenotypeResult(
                round == 0 ? said.overlap() : null,
                said.converged(),
                sum.isEmpty() ? List.of() : scores(plan.get(), modelSha256, sums.read(sum.get())),
                sum.map(opened -> opened.sites().size()).orElse(sites));
    }

    private @Nullable PhenotypeResult fineTuned(
            FineTunePlan plan, int round, String modelSha256, int sites, Optional<RunReport.EvaluationSum> sum)
            throws KeptSums.DamagedSumException {
        boolean beside = StudySums.scoresBaselines(study, round);
        PhenotypeReport said = stated.phenotype();
        PhenotypeResult fitted = new PhenotypeResult(null, said != null && said.converged(), List.of(), sites);
        if (sum.isEmpty()) {
            return beside ? fitted : null;
        }
        double[] values = sums.read(sum.get());
        int scored = sum.get().sites().size();
        try {
            return beside
                    ? PhenotypeResult.of(study, values, published(modelSha256), scored)
                            .after(fitted)
                    : new PhenotypeResult(null, false, PhenotypeResult.scores(plan, values), scored);
        } catch (IOException | IllegalArgumentException e) {
            throw new KeptSums.DamagedSumException("the scores cannot be recomputed: " + e.getMessage());
        }
    }

    private List<PhenotypeResult.Score> scores(PhenotypePlan plan, String modelSha256, double[] values)
            throws KeptSums.DamagedSumException {
        try {
            return PhenotypeResult.scores(PhenotypeVectors.of(plan), published(modelSha256), values);
        } catch (IOException | IllegalArgumentException e) {
            throw new KeptSums.DamagedSumException("the scores cannot be recomputed: " + e.getMessage());
        }
    }

    /** The vector that was scored, from which the sites' predictions follow. */
    private double[] published(String modelSha256) throws IOException, KeptSums.DamagedSumException {
        PublishedModel published = PublishedModel.read(model);
        if (!published.sha256().equals(modelSha256)) {
            throw new KeptSums.DamagedSumException("model.safetensors is not the model that was scored");
        }
        float[] floats = published.values();
        double[] numbers = new double[floats.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = floats[i];
        }
        return numbers;
    }

    private Optional<EvaluationSummary> evaluation(int round) throws KeptSums.DamagedSumException {
        if (!study.reconstructs()) {
            return Optional.empty();
        }
        Optional<RunReport.EvaluationSum> sum = facts.evaluationSum(round);
        return sum.isEmpty()
                ? Optional.empty()
                : EvaluationSummary.of(sums.read(sum.get()), sum.get().sites().size());
    }

    private long bytes(String site) {
        return stated.sites().stream()
                .filter(said -> said.name().equals(site))
                .mapToLong(RunReport.Site::bytesReceived)
                .findFirst()
                .orElse(0);
    }

    private LoggedEntry only(String action) {
        return facts.by(LogFacts.COORDINATOR, action)
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "the log holds no entry " + action + " of run "
                                + stated.run().id(),
                        "name the log of the federation that the report is from"));
    }

    private static String text(LoggedEntry logged, String fact) {
        return Facts.text(logged.entry(), fact).orElse("");
    }
}
