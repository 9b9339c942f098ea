package org.commissure.coordinator.federation;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunMachine;
import org.commissure.coordinator.round.RunOutcome;
import org.commissure.coordinator.round.RunState;
import org.commissure.coordinator.storage.RunStore;
import org.commissure.protocol.study.StudySums;
import org.jspecify.annotations.Nullable;

/** Every run that ever began, each from its own events. Thread-safe. */
final class RunList {
    private final RunStore runs;

    RunList(RunStore runs) {
        this.runs = runs;
    }

    /**
     * A run on one line.
     *
     * @param reason why it ended; empty while it runs
     * @param started ISO 8601, as every time here
     * @param ended null while it runs
     * @param round that it is in, or ended in
     * @param rounds of the study
     * @param modelSha256 hex, of the newest model that it released, or of the one that it started from
     */
    record Line(
            String runId,
            String study,
            RunOutcome state,
            String reason,
            String started,
            @Nullable String ended,
            int round,
            int rounds,
            String modelSha256) {}

    /** Newest first. @param most so many at most */
    List<Line> newest(int most) {
        return runs.runs(0, most).stream().map(this::line).toList();
    }

    private Line line(RunStore.Row row) {
        List<RunEvent> events = runs.events(row.id());
        RunState run = RunMachine.start((RunEvent.RunStarted) events.getFirst()).state();
        String ended = null;
        for (RunEvent event : events.subList(1, events.size())) {
            run = RunMachine.apply(run, event).state();
            if (run.outcome().terminal() && ended == null) {
                ended = Instant.ofEpochMilli(event.atUnixMs()).toString();
            }
        }
        return new Line(
                row.id(),
                run.plan().study().study().name(),
                run.outcome(),
                run.reason(),
                Instant.ofEpochMilli(row.startedUnixMs()).toString(),
                ended,
                run.sum().round(),
                StudySums.lastRound(run.plan().study()),
                HexFormat.of().formatHex(run.modelSha256().toByteArray()));
    }
}
