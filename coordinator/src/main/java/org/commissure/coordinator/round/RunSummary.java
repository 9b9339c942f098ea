package org.commissure.coordinator.round;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * @param secondsLeft estimate for the rest of the run from the rounds so far; null before the first, and while it is held
 * @param hold why no further round begins, or none will; null where nothing holds the run
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
        @Nullable RunHold hold,
        List<SiteSummary> sites,
        List<RoundSummary> history) {
    public RunSummary {
        waitingFor = List.copyOf(waitingFor);
        sites = List.copyOf(sites);
        history = List.copyOf(history);
    }

    /** Of a run that nothing holds. */
    public RunSummary(
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
        this(
                runId,
                state,
                reason,
                study,
                round,
                rounds,
                sum,
                phase,
                attempt,
                waitingFor,
                deadline,
                secondsLeft,
                null,
                sites,
                history);
    }

    /** Whether somebody asked for a pause that has not been taken back. */
    @JsonIgnore
    public boolean isPaused() {
        return hold != null && hold.kind() != RunHold.Kind.HOURS;
    }

    /** The document with the newest round only: what changes while a run is under way. */
    public RunSummary withNewestRound() {
        return new RunSummary(
                runId,
                state,
                reason,
                study,
                round,
                rounds,
                sum,
                phase,
                attempt,
                waitingFor,
                deadline,
                secondsLeft,
                hold,
                sites,
                history.isEmpty() ? List.of() : List.of(history.getLast()));
    }
}
