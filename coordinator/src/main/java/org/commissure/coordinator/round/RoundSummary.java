package org.commissure.coordinator.round;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finished round.
 *
 * @param attempts attempts its training sum took (round 0: its evaluation)
 * @param survivors names of the sites whose updates are in the released sum
 * @param seconds from the first invitation to the end of the evaluation
 * @param evaluation null where the evaluation could not be summed, or nothing was released
 * @param modelSha256 hex, of the flat float32 parameters the round ended with
 * @param regional external scores of a regional study; null in every other
 * @param phenotype what was read from the round's newest sum of a study of kind phenotype, or from its evaluation in one
 *     of kind finetune; null in every other
 */
public record RoundSummary(
        int round,
        RoundOutcome outcome,
        int attempts,
        List<String> survivors,
        double seconds,
        @Nullable EvaluationSummary evaluation,
        String modelSha256,
        @Nullable RegionalScores regional,
        @Nullable PhenotypeResult phenotype) {
    public RoundSummary {
        survivors = List.copyOf(survivors);
    }

    public RoundSummary(
            int round,
            RoundOutcome outcome,
            int attempts,
            List<String> survivors,
            double seconds,
            @Nullable EvaluationSummary evaluation,
            String modelSha256) {
        this(round, outcome, attempts, survivors, seconds, evaluation, modelSha256, null, null);
    }
}
