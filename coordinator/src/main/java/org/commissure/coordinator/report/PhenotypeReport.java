package org.commissure.coordinator.report;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RoundOutcome;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.coordinator.round.RunSummary;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/**
 * What a study of kind phenotype or finetune found; part of {@code report.json}.
 *
 * @param target the column
 * @param type {@code regression} or {@code classification}
 * @param classes of a classification, in the study's order; empty in a regression
 * @param encoder whose embeddings models predict from; null where they predict from connectivity
 * @param covariates from which demographics-only predicts; none in a fine-tuning without baselines
 * @param newtonSteps released sums of gradient and Hessian, in a fine-tuning of its baselines; 0 in a regression, which
 *     needs none
 * @param converged whether they ended because nothing moved any more; true in a regression
 * @param overlap patients at more than one site; null where nobody counted
 * @param sites that scored
 * @param scores of each model, baselines beside the federated one; empty where they were not released
 * @param fineTuned how a fine-tuning came about; null in a study of kind phenotype
 */
public record PhenotypeReport(
        String target,
        String type,
        List<String> classes,
        @Nullable Encoder encoder,
        List<String> covariates,
        String scaling,
        String harmonisation,
        int newtonSteps,
        boolean converged,
        PhenotypeResult.@Nullable Overlap overlap,
        int sites,
        List<PhenotypeResult.Score> scores,
        @Nullable FineTuneReport fineTuned) {
    /**
     * The frozen model of a study of embeddings.
     *
     * @param pooling {@code cls} or {@code mean}
     */
    public record Encoder(String modelSha256, String pooling, int windowsPerScan) {
        static Encoder of(FrozenEmbedding embedding) {
            return new Encoder(embedding.modelSha256(), name(embedding.pooling()), embedding.windowsPerScan());
        }
    }

    public PhenotypeReport {
        classes = List.copyOf(classes);
        covariates = List.copyOf(covariates);
        scores = List.copyOf(scores);
    }

    static PhenotypeReport of(RunSummary summary, PhenotypePlan plan) {
        List<PhenotypeResult> results = summary.history().stream()
                .map(RoundSummary::phenotype)
                .filter(Objects::nonNull)
                .toList();
        boolean classification = plan.target().type() == PhenotypePlan.Type.CLASSIFICATION;
        long steps = summary.history().stream()
                .filter(round -> round.phenotype() != null
                        && round.round() > plan.course().size() - plan.fit().iterations())
                .count();
        PhenotypeResult last = results.isEmpty() ? null : results.getLast();
        return new PhenotypeReport(
                plan.target().column(),
                name(plan.target().type()),
                plan.target().classes().orElse(List.of()),
                plan.features().embedding().map(Encoder::of).orElse(null),
                plan.covariates().stream().map(PhenotypePlan.Column::column).toList(),
                name(plan.harmonisation().scaling()),
                name(plan.harmonisation().method()).replace('_', '-'),
                classification ? (int) steps : 0,
                !classification || (last != null && last.converged()),
                results.stream()
                        .map(PhenotypeResult::overlap)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                last == null ? 0 : last.sites(),
                last == null ? List.of() : last.scores(),
                null);
    }

    static PhenotypeReport of(RunSummary summary, FineTunePlan plan, Study study) {
        PhenotypeResult last = summary.history().stream()
                .map(RoundSummary::phenotype)
                .filter(result -> result != null && !result.scores().isEmpty())
                .reduce((earlier, later) -> later)
                .orElse(null);
        boolean beside = last != null && last.trained() != null;
        boolean newton = beside && plan.target().type() == PhenotypePlan.Type.CLASSIFICATION;
        return new PhenotypeReport(
                plan.target().column(),
                name(plan.target().type()),
                plan.target().classes().orElse(List.of()),
                null,
                study.baselines().map(PhenotypePlan::covariates).orElse(List.of()).stream()
                        .map(PhenotypePlan.Column::column)
                        .toList(),
                name(PhenotypePlan.Scaling.NONE),
                name(PhenotypePlan.Method.NONE),
                newton ? newtonSteps(summary, study) : 0,
                !newton || (last != null && last.converged()),
                null,
                last == null ? 0 : last.sites(),
                last == null ? List.of() : last.scores(),
                FineTuneReport.of(plan, summary.history(), study, last == null ? null : last.trained()));
    }

    /** Rounds of the baselines whose sum was released, but for the first, which is FIT. */
    private static int newtonSteps(RunSummary summary, Study study) {
        return (int) summary.history().stream()
                .filter(round -> round.round() > study.rounds().count() + 1 && round.outcome() == RoundOutcome.RELEASED)
                .count();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
