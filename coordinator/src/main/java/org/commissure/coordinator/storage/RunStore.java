package org.commissure.coordinator.storage;

import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunJournal;
import org.commissure.protocol.v1.LogEntry;
import org.jdbi.v3.core.Handle;

/** Events of runs in the database, each with its log entries in one transaction. Thread-safe. */
public final class RunStore implements RunJournal {
    private final Database database;
    private final LogOutbox outbox;

    public RunStore(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    @Override
    public void begin(RunEvent.RunStarted first, List<LogEntry> entries) {
        database.write(handle -> {
            handle.execute("INSERT INTO run (id, started_unix_ms) VALUES (?, ?)", first.runId(), first.atUnixMs());
            insert(handle, first.runId(), first, entries);
        });
    }

    @Override
    public void append(String runId, RunEvent event, List<LogEntry> entries) {
        database.write(handle -> insert(handle, runId, event, entries));
    }

    private void insert(Handle handle, String runId, RunEvent event, List<LogEntry> entries) {
        handle.execute(
                "INSERT INTO run_event (run_id, seq, kind, body)"
                        + " SELECT ?, COALESCE(MAX(seq), 0) + 1, ?, ? FROM run_event WHERE run_id = ?",
                runId,
                EventJson.kind(event),
                EventJson.write(event),
                runId);
        outbox.add(handle, entries);
    }

    @Override
    public List<RunEvent> events(String runId) {
        return database.read(handle -> handle.createQuery("SELECT body FROM run_event WHERE run_id = :run ORDER BY seq")
                .bind("run", runId)
                .mapTo(String.class)
                .map(EventJson::read)
                .list());
    }

    /** The text of the study that a run was started with; empty where there is no such run. */
    public Optional<String> study(String runId) {
        return database.read(handle -> handle.createQuery(
                                "SELECT body FROM run_event WHERE run_id = :run ORDER BY seq LIMIT 1")
                        .bind("run", runId)
                        .mapTo(String.class)
                        .findOne())
                .map(body -> ((RunEvent.RunStarted) EventJson.read(body)).studyText());
    }

    @Override
    public Optional<String> newestRun() {
        return database.read(
                handle -> handle.createQuery("SELECT id FROM run ORDER BY started_unix_ms DESC, rowid DESC LIMIT 1")
                        .mapTo(String.class)
                        .findOne());
    }

    /** A run as the database lists it. */
    public record Row(String id, long startedUnixMs) {}

    /** Newest first. */
    public List<Row> runs(int offset, int limit) {
        return database.read(handle -> handle.createQuery("SELECT id, started_unix_ms FROM run"
                        + " ORDER BY started_unix_ms DESC, rowid DESC LIMIT :limit OFFSET :offset")
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, context) -> new Row(row.getString("id"), row.getLong("started_unix_ms")))
                .list());
    }

    public int count() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM run")
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public void written(String runId) {
        database.write(handle -> handle.execute("UPDATE run SET written = 1 WHERE id = ?", runId));
    }

    @Override
    public boolean isWritten(String runId) {
        return database.read(handle -> handle.createQuery("SELECT written FROM run WHERE id = :run")
                .bind("run", runId)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
    }
}
