package org.commissure.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.commissure.coordinator.round.RoundSummary;
import org.commissure.protocol.evaluation.ClassesMetrics;
import org.commissure.protocol.evaluation.ClassificationMetrics;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.RegressionMetrics;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FrozenEmbedding;
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
 */
public record FineTuneReport(
        String modelSha256,
        String pooling,
        String trainable,
        double encoderRate,
        List<Integer> headWidths,
        @Nullable Integer round,
        List<RoundScore> rounds) {
    public FineTuneReport {
        headWidths = List.copyOf(headWidths);
        rounds = List.copyOf(rounds);
    }

    /** @param score R², AUC or macro AUC of the fine-tuned model */
    public record RoundScore(int round, @Nullable Estimate score) {}

    static FineTuneReport of(FineTunePlan plan, List<RoundSummary> history) {
        List<RoundScore> rounds = new ArrayList<>();
        for (RoundSummary round : history) {
            if (round.phenotype() != null) {
                rounds.add(new RoundScore(
                        round.round(),
                        headline(round.phenotype().scores().getFirst().metrics())));
            }
        }
        return new FineTuneReport(
                plan.modelSha256(),
                plan.pooling() == FrozenEmbedding.Readout.CLS ? "cls" : "mean",
                plan.trainable().name().toLowerCase(Locale.ROOT),
                plan.rateOfEncoder(),
                plan.hidden(),
                rounds.isEmpty() ? null : rounds.getLast().round(),
                rounds);
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
