package org.commissure.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands.
 *
 * @param state RUNNING, FINISHED, FAILED or CANCELLED
 * @param reason why it ended; empty while it runs
 * @param sum kind of the present secure sum, such as TRAIN
 * @param phase of that sum
 * @param waitingFor sites whose answer the phase awaits
 * @param deadline of the phase, ISO-8601 UTC; null where it has none
 * @param secondsLeft estimate for the rest of the run; null while nothing is known
 * @param hold why no further round begins; null where nothing holds the run
 * @param history the newest round that ended; {@link ConsoleClient#rounds} gives all
 */
public record Run(
        String runId,
        String state,
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
        @Nullable Hold hold,
        List<Site> sites,
        List<Round> history) {
    public Run {
        waitingFor = List.copyOf(waitingFor);
        sites = List.copyOf(sites);
        history = List.copyOf(history);
    }

    /** @param kind PAUSING, PAUSED or HOURS @param until ISO-8601 UTC; null where a person must resume the run */
    public record Hold(String kind, String reason, @Nullable String until) {}

    /** @param fraction of its present activity that is done, 0 to 1 */
    public record Site(String name, boolean connected, String activity, double fraction, long bytesReceived) {}

    /** Whether it has ended. */
    public boolean isOver() {
        return !state.equals("RUNNING");
    }
}
