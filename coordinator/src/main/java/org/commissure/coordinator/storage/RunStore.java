package org.commissure.coordinator.storage;

import java.util.List;
import java.util.Optional;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.RunJournal;
import org.commissure.coordinator.round.Step;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;
import org.jdbi.v3.core.Handle;

/** Events of runs in the database, each with its log entries in one transaction. Thread-safe. */
public final class RunStore implements RunJournal {
    /** Of an event's JSON; what a handful of sites deal is less and stays. */
    private static final int MUCH_CHARACTERS = 8192;

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

    /** One event at a time, for with 200 sites they are 66 MB, which every restart would read again. */
    @Override
    public void forgetDealt(String runId) {
        List<Long> large = database.read(handle -> handle.createQuery("SELECT seq FROM run_event WHERE run_id = :run"
                        + " AND kind = 'SiteAnswered' AND LENGTH(body) > :much AND seq > COALESCE((SELECT seq FROM run_event"
                        + " WHERE run_id = :run AND kind = 'SumStarted' ORDER BY seq DESC LIMIT 1), 0)")
                .bind("run", runId)
                .bind("much", MUCH_CHARACTERS)
                .mapTo(Long.class)
                .list());
        if (!large.isEmpty()) {
            database.write(handle -> large.forEach(seq -> forgetDealt(handle, runId, seq)));
        }
    }

    private static void forgetDealt(Handle handle, String runId, long seq) {
        RunEvent event = handle.createQuery("SELECT body FROM run_event WHERE run_id = :run AND seq = :seq")
                .bind("run", runId)
                .bind("seq", seq)
                .mapTo(String.class)
                .map(EventJson::read)
                .one();
        if (event instanceof RunEvent.SiteAnswered answer && answer.step() == Step.SHARE_KEYS) {
            handle.execute(
                    "UPDATE run_event SET body = ? WHERE run_id = ? AND seq = ?",
                    EventJson.write(new RunEvent.SiteAnswered(
                            answer.atUnixMs(),
                            answer.sum(),
                            answer.site(),
                            answer.step(),
                            Signed.getDefaultInstance())),
                    runId,
                    seq);
        }
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
