package org.commissure.coordinator.round;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment: the document that {@code run status --json} prints, and what the report of a
 * finished run is written from.
 *
 * @param reason why it ended; empty while it runs
 * @param study the study's name
 * @param round of {@code rounds}; 0 evaluates the initial model
 * @param sum {@code TRAIN} or {@code EVALUATE}
 * @param phase lower-case name of the phase
 * @param waitingFor sites whose answer the phase still awaits
 * @param deadline ISO-8601 UTC, until when; null where the phase has none
 * @param secondsLeft estimate for the rest of the run from the rounds so far; null before the first
 */
public record RunSummary(
        String runId,
        RunOutcome state,
        String reason,
        String study,
        int round,
        int rounds,
        String sum,
        String phase,
        int attempt,
        List<String> waitingFor,
        @Nullable String deadline,
        @Nullable Long secondsLeft,
        List<SiteSummary> sites,
        List<RoundSummary> history) {
    public RunSummary {
        waitingFor = List.copyOf(waitingFor);
        sites = List.copyOf(sites);
        history = List.copyOf(history);
    }
}
