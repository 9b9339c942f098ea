package org.commissure.coordinator.report;

import java.util.List;
import org.commissure.protocol.evaluation.Estimate;
import org.commissure.protocol.evaluation.ReconstructionMetrics;
import org.jspecify.annotations.Nullable;

/**
 * How the last scored model fares on the sealed external cohorts; part of {@code report.json}. Every number follows from
 * the opened sums of the rounds named.
 *
 * @param round whose model it is
 * @param modelSha256 hex
 * @param untrained R² of the run's initial model, in round 0; null where that was not scored, or is this model
 * @param findings against every baseline, nulls included
 * @param comparison with training at a single site, and on all data in one place
 * @param dropouts sites that are missing from released sums of training
 */
public record SealedEvaluation(
        int round,
        String modelSha256,
        ReconstructionMetrics metrics,
        @Nullable Estimate untrained,
        List<Finding> findings,
        Comparison comparison,
        List<Dropout> dropouts) {
    public SealedEvaluation {
        findings = List.copyOf(findings);
        dropouts = List.copyOf(dropouts);
    }

    /** What the interval of a difference says. */
    public enum Verdict {
        /** It lies above zero. */
        BETTER,
        /** It holds zero: a null result. */
        NO_DIFFERENCE,
        /** It lies below zero. */
        WORSE,
        /** There is no interval. */
        UNKNOWN
    }

    /**
     * The model's R² less that of a baseline.
     *
     * @param paired whether model and baseline were resampled together; where not, the interval is wider than need be
     */
    public record Finding(String baseline, Estimate difference, boolean paired, Verdict verdict) {}

    /**
     * R² of the same design trained elsewise: by each site alone, if the study asks for it, every patient scored by the model
     * of its own site. Nobody holds the pooled data.
     *
     * @param reason why columns are null
     * @param federatedOverSingleSite the difference with its paired interval; null where {@code singleSite} is
     */
    public record Comparison(
            @Nullable Double singleSite,
            double federated,
            @Nullable Double pooled,
            String reason,
            @Nullable Estimate federatedOverSingleSite) {}

    /** A site that took part in the run and is not in {@code rounds} of its released training sums. */
    public record Dropout(String site, int rounds, int of) {}
}
