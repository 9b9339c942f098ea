package org.commissure.coordinator.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.v1.LogEntry;
import org.jdbi.v3.core.Handle;

/** Runs that wait for their turn. Thread-safe, across processes too. */
public final class QueuedRuns {
    private final Database database;
    private final LogOutbox outbox;

    public QueuedRuns(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /**
     * One of them.
     *
     * @param notBefore when it may begin at the earliest
     * @param approvals how many sites must have approved the study's plan
     * @param problem why it was refused when it was its turn; empty where it was not
     */
    public record Row(String runId, String study, Instant notBefore, int approvals, Instant queued, String problem) {}

    /** Adds it at the end, with its entry for the log. @return whether its id was free in the queue */
    public boolean add(Row row, LogEntry entry) {
        return database.writing(handle -> {
            int added = handle.execute(
                    "INSERT INTO run_queue (run_id, position, study, not_before_unix_ms, approvals, queued_unix_ms,"
                            + " problem) SELECT ?, COALESCE(MAX(position), 0) + 1, ?, ?, ?, ?, ? FROM run_queue"
                            + " WHERE true ON CONFLICT (run_id) DO NOTHING",
                    row.runId(),
                    row.study(),
                    row.notBefore().toEpochMilli(),
                    row.approvals(),
                    row.queued().toEpochMilli(),
                    row.problem());
            if (added > 0) {
                outbox.add(handle, List.of(entry));
            }
            return added > 0;
        });
    }

    /** In their order. */
    public List<Row> rows() {
        return database.read(QueuedRuns::rows);
    }

    public Optional<Row> row(String runId) {
        return rows().stream().filter(row -> row.runId().equals(runId)).findFirst();
    }

    private static List<Row> rows(Handle handle) {
        return handle.createQuery("SELECT * FROM run_queue ORDER BY position, run_id")
                .map((row, context) -> new Row(
                        row.getString("run_id"),
                        row.getString("study"),
                        Instant.ofEpochMilli(row.getLong("not_before_unix_ms")),
                        row.getInt("approvals"),
                        Instant.ofEpochMilli(row.getLong("queued_unix_ms")),
                        row.getString("problem")))
                .list();
    }

    /** @param place from 1; beyond the end is the end @return whether it is there */
    public boolean move(String runId, int place) {
        return database.writing(handle -> {
            List<String> order =
                    new ArrayList<>(rows(handle).stream().map(Row::runId).toList());
            if (!order.remove(runId)) {
                return false;
            }
            order.add(Math.clamp(place - 1, 0, order.size()), runId);
            for (int i = 0; i < order.size(); i++) {
                handle.execute("UPDATE run_queue SET position = ? WHERE run_id = ?", i + 1, order.get(i));
            }
            return true;
        });
    }

    /** Why it was refused, or with an empty text, that it may be tried again. @return whether it is there */
    public boolean setProblem(String runId, String problem) {
        return database.writing(
                        handle -> handle.execute("UPDATE run_queue SET problem = ? WHERE run_id = ?", problem, runId))
                > 0;
    }

    /** Takes it out. @param entries for the log, if it is there @return whether it was */
    public boolean remove(String runId, List<LogEntry> entries) {
        return database.writing(handle -> {
            boolean there = handle.execute("DELETE FROM run_queue WHERE run_id = ?", runId) > 0;
            if (there) {
                outbox.add(handle, entries);
            }
            return there;
        });
    }
}
