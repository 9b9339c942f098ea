package org.commissure.coordinator.storage;

import java.util.List;
import java.util.OptionalLong;
import org.commissure.coordinator.round.RunEvent;

/**
 * What a database says about its log and its newest run, without the keys that it takes to serve it.
 *
 * @param given how many leaves were ever given out
 * @param firstWaiting the first leaf that waits in the outbox; empty where none does
 * @param newestRun events of the newest run; empty where there was none
 */
public record Continuity(long given, OptionalLong firstWaiting, List<RunEvent> newestRun) {
    public static Continuity of(Database database) {
        OptionalLong first = database.read(handle -> handle.createQuery("SELECT MIN(leaf) - 1 FROM log_outbox")
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty()));
        List<RunEvent> events = database.read(
                handle -> handle.createQuery("SELECT body FROM run_event WHERE run_id = (SELECT id FROM run"
                                + " ORDER BY started_unix_ms DESC, rowid DESC LIMIT 1) ORDER BY seq")
                        .mapTo(String.class)
                        .map(EventJson::read)
                        .list());
        return new Continuity(LogOutbox.given(database), first, events);
    }

    /** Whether a log of {@code entries} entries can go on with this database. */
    public boolean fits(long entries) {
        return given >= entries && firstWaiting.orElse(given) <= entries;
    }
}
