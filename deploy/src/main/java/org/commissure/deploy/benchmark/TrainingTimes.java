package org.commissure.deploy.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.LogEntry;

/** When the steps of each round's TRAIN sum happened, by the coordinator's own log. */
public final class TrainingTimes {
    private final List<LogEntry> entries;

    private TrainingTimes(List<LogEntry> entries) {
        this.entries = entries;
    }

    public static TrainingTimes read(Path log) {
        return new TrainingTimes(
                LogReader.read(log).stream().map(LoggedEntry::entry).toList());
    }

    /** From the first entry of one action of {@link Actions} to the last of another. */
    public double seconds(int round, String from, String until) {
        return (last(round, until).getTimeUnixMs() - first(round, from).getTimeUnixMs()) / 1000.0;
    }

    private LogEntry first(int round, String action) {
        return of(round, action).findFirst().orElseThrow(() -> missing(round));
    }

    /** The entry of an action that happened last. */
    public LogEntry last(int round, String action) {
        return of(round, action).reduce((earlier, later) -> later).orElseThrow(() -> missing(round));
    }

    private Stream<LogEntry> of(int round, String action) {
        return entries.stream()
                .filter(entry -> entry.getAction().equals(action)
                        && entry.getRound() == round
                        && entry.getFactList().stream()
                                .anyMatch(fact -> fact.getValue().equals("TRAIN")));
    }

    private static UserError missing(int round) {
        return new UserError(
                "round " + round + " was not released", "see what the sites and the coordinator say above");
    }
}
