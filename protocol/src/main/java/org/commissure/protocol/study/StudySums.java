package org.commissure.protocol.study;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.commissure.protocol.v1.SumKind;

/** Which sums a run of a study takes, and how long they are. */
public final class StudySums {
    private StudySums() {}

    /** The kinds of sum that a run takes. */
    public static List<SumKind> kinds(Study study) {
        return study.published()
                .map(PublishedVectors::kinds)
                .orElseGet(() -> Stream.concat(
                                Stream.of(SumKind.TRAIN, SumKind.EVALUATE),
                                study.baselines().stream().flatMap(plan -> plan.course().stream()))
                        .distinct()
                        .toList());
    }

    /** The last round of a run: a fine-tuning's baselines have rounds of their own behind those of training. */
    public static int lastRound(Study study) {
        return study.rounds().count()
                + study.baselines().map(plan -> plan.course().size()).orElse(0);
    }

    /** Whether the scores of that round of a fine-tuning are also those of its baselines. */
    public static boolean scoresBaselines(Study study, int round) {
        return study.baselines().isPresent() && round > study.rounds().count();
    }

    /**
     * Values of one site's vector where the sum is exact; empty for TRAIN.
     *
     * @throws IllegalArgumentException if the study has no such sum
     */
    public static OptionalInt exactLength(Study study, SumKind kind, int round) {
        if (!kinds(study).contains(kind)) {
            throw new IllegalArgumentException("the study has no sum of kind " + kind);
        }
        if (study.published().isPresent()) {
            return OptionalInt.of(study.published().get().length(kind));
        }
        return switch (kind) {
            case TRAIN -> OptionalInt.empty();
            case EVALUATE -> OptionalInt.of(evaluationLength(study, round));
            default ->
                OptionalInt.of(
                        PhenotypeVectors.of(study.baselines().orElseThrow()).length(kind));
        };
    }

    /**
     * Values of one site's vector of the EVALUATE sum of a round.
     *
     * @throws IllegalStateException in a study that trains no network
     */
    public static int evaluationLength(Study study, int round) {
        if (study.finetune().isEmpty()) {
            return study.evaluation().layout().length();
        }
        FineTunePlan plan = study.finetune().get();
        int trained = plan.models().size() * plan.scores();
        return scoresBaselines(study, round)
                ? trained + PhenotypeVectors.of(study.baselines().orElseThrow()).length(SumKind.EVALUATE)
                : trained;
    }
}
