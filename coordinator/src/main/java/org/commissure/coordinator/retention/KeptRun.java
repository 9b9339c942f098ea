package org.commissure.coordinator.retention;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run, and what a rule would take from it.
 *
 * @param ended ISO-8601 UTC; null while it is under way, or its folder incomplete
 * @param models files in {@code models/}, with working state of the server's optimiser
 * @param sums files in {@code sums/}
 * @param evaluationSums files in {@code evaluations/}
 * @param bytes of all of those
 * @param goes files that the rule takes, relative to the run's folder
 * @param goesBytes their size
 * @param loses what nobody can do any more without them, in words
 */
public record KeptRun(
        String runId,
        @Nullable String ended,
        int models,
        int sums,
        int evaluationSums,
        long bytes,
        List<String> goes,
        long goesBytes,
        List<String> loses) {
    public KeptRun {
        goes = List.copyOf(goes);
        loses = List.copyOf(loses);
    }
}
