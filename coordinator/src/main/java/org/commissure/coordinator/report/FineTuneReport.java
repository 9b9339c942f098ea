package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FrozenEmbedding;
import org.commissure.protocol.study.PhenotypePlan;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/**
 * How a phenotype's scores came about that are those of a fine-tuning; part of {@code report.json}.
 *
 * @param modelSha256 hex, of the released model that it began with
 * @param pooling {@code cls} or {@code mean}
 * @param trainable {@code head} or {@code all}
 * @param encoderRate 0 where the encoder stayed
 * @param headWidths of the hidden layers
 * @param round whose model the report's scores are of; null where none was scored
 * @param rounds the headline score by round
 * @param baselines what the run fitted to be compared with, once training was over
 */
public record FineTuneReport(
        String modelSha256,
        String pooling,
        String trainable,
        double encoderRate,
        List<Integer> headWidths,
        @Nullable Integer round,
        List<RoundScore> rounds,
        Baselines baselines) {
    public FineTuneReport {
        headWidths = List.copyOf(headWidths);
        rounds = List.copyOf(rounds);
    }

    /** @param score R², AUC or macro AUC of the fine-tuned model */
    public record RoundScore(int round, @Nullable Estimate score) {}

    /**
     * @param unavailable why there are none; null where there are
     * @param trainingPatients of all sites, to whom they were fitted; null where there are none
     * @param demographics of how many of them each column is known; empty where there are none
     */
    public record Baselines(
            @Nullable String unavailable, @Nullable Long trainingPatients, List<Known> demographics) {
        public Baselines {
            demographics = List.copyOf(demographics);
        }

        static Baselines of(Study study, PhenotypeResult.@Nullable Trained trained) {
            if (trained == null) {
                String reason = study.baselines().isPresent()
                        ? "their sums or scores were not released, see the log"
                        : study.privacy().mode() == Study.PrivacyMode.NONE
                                ? "the study asks for none (finetune.baselines)"
                                : "they need exact sums over the training patients, which would undo the study's noise";
                return new Baselines(reason, null, List.of());
            }
            List<PhenotypePlan.Column> columns = study.baselines().orElseThrow().covariates();
            return new Baselines(
                    null,
                    trained.patients(),
                    IntStream.range(0, columns.size())
                            .mapToObj(i -> new Known(
                                    columns.get(i).column(), trained.known().get(i)))
                            .toList());
        }

        /** In sentences. */
        String words() {
            if (unavailable != null) {
                return "Connectivity and demographics are not scored here: " + unavailable + ".";
            }
            List<String> unknown = demographics.stream()
                    .filter(known -> known.patients() == 0)
                    .map(Known::column)
                    .toList();
            return "Connectivity (ridge, or logistic regression), demographics and majority were fitted exactly to the same "
                    + trainingPatients + " training patients, of whom "
                    + demographics.stream()
                            .map(known -> known.column() + " is known of " + known.patients())
                            .collect(Collectors.joining(", "))
                    + "."
                    + (unknown.isEmpty()
                            ? ""
                            : " No site's table states " + String.join(", ", unknown)
                                    + ", so demographics know nothing of it.");
        }
    }

    /** @param patients training patients of all sites of whom the column is known */
    public record Known(String column, long patients) {}

    static FineTuneReport of(
            FineTunePlan plan, List<RoundSummary> history, Study study, PhenotypeResult.@Nullable Trained trained) {
        int training = study.rounds().count();
        List<RoundScore> rounds = new ArrayList<>();
        for (RoundSummary round : history) {
            PhenotypeResult result = round.phenotype();
            if (round.round() <= training && result != null) {
                rounds.add(new RoundScore(
                        round.round(), headline(result.scores().getFirst().metrics())));
            }
        }
        Integer scored = trained != null
                ? Integer.valueOf(training)
                : rounds.isEmpty() ? null : rounds.getLast().round();
        return new FineTuneReport(
                plan.modelSha256(),
                plan.pooling() == FrozenEmbedding.Readout.CLS ? "cls" : "mean",
                plan.trainable().name().toLowerCase(Locale.ROOT),
                plan.rateOfEncoder(),
                plan.hidden(),
                scored,
                rounds,
                Baselines.of(study, trained));
    }

    private static @Nullable Estimate headline(PredictionMetrics metrics) {
        return switch (metrics) {
            case RegressionMetrics numeric -> numeric.r2();
            case ClassificationMetrics two -> two.auc();
            case ClassesMetrics several -> several.macroAuc();
        };
    }

    /** What was trained, in a sentence. */
    String words() {
        String head = headWidths.isEmpty() ? "a linear head" : "a head with hidden layers of width " + headWidths;
        return (trainable.equals("head")
                        ? "Trained: " + head + " on the frozen encoder"
                        : String.format(
                                Locale.ROOT,
                                "Trained: %s and the encoder, at rate %s of the head's",
                                head,
                                encoderRate))
                + " of the released model of parameters " + modelSha256 + " (" + pooling + " of its embeddings).";
    }
}
