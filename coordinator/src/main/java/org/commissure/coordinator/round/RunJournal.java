package org.commissure.coordinator.round;

import java.util.List;
import java.util.Optional;
import org.commissure.protocol.v1.LogEntry;

/**
 * Where events become durable. Each method returns after its effect has reached the disk, and throws
 * an unchecked exception where it has not.
 */
public interface RunJournal {

    /** Opens a run with its first event. */
    void begin(RunEvent.RunStarted first, List<LogEntry> entries);

    /** Adds one event and the log entries it causes, both or neither. */
    void append(String runId, RunEvent event, List<LogEntry> entries);

    /** All events of a run in order; empty where there is no such run. */
    List<RunEvent> events(String runId);

    /** The run that was started last. */
    Optional<String> newestRun();

    /** Marks the run's folder as complete. */
    void written(String runId);

    boolean isWritten(String runId);
}
