package org.commissure.coordinator.round;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;

/**
 * One phase of one secure sum. A phase ends as soon as every site that is still awaited has answered,
 * or at its deadline; it then hands on to the next phase or to {@link Aborted}, never anywhere else.
 */
public sealed interface RoundPhase permits Inviting, Exchanging, Aggregating, Released, Aborted {

    /** Lower-case name, as in fault points, log entries and the status. */
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** When the phase ends at the latest; {@link Long#MAX_VALUE} where it waits for no site. */
    default long deadlineUnixMs() {
        return Long.MAX_VALUE;
    }

    /** Sites whose answer is missing and still counted on. */
    SortedSet<String> waitingFor(RunState run);

    /** What {@code site}, which has just connected, must be told (again). */
    List<Command> ask(RunState run, String site);

    /** What the shell must do again after the process came up in this phase. */
    List<Command> resume(RunState run);

    /** Whether nothing more can come in, so that the phase should close before its deadline. */
    boolean complete(RunState run);

    /** Ends the phase with what it has. */
    Transition close(RunState run, long atUnixMs);
}
