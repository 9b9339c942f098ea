package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.jdbi.v3.core.Handle;

/** The secure sums this site has been asked to take part in. Thread-safe. */
public final class SumStore {
    private final SiteDatabase database;

    public SumStore(SiteDatabase database) {
        this.database = database;
    }

    public Optional<SumRow> find(SumId sum) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM secure_sum WHERE run_id = :run"
                                + " AND round = :round AND kind = :kind AND attempt = :attempt")
                        .bind("run", sum.getRunId())
                        .bind("round", sum.getRound())
                        .bind("kind", sum.getKind().name())
                        .bind("attempt", sum.getAttempt())
                        .map((row, context) -> row(row))
                        .findOne());
    }

    /** The sums of a run that have not ended, oldest first. */
    public List<SumRow> unfinished(String runId) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM secure_sum WHERE run_id = :run"
                                + " AND phase NOT IN ('refused', 'released', 'abandoned') ORDER BY opened_ms")
                        .bind("run", runId)
                        .map((row, context) -> row(row))
                        .list());
    }

    public List<SumRow> inPhase(String phase) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("SELECT * FROM secure_sum WHERE phase = :phase ORDER BY opened_ms")
                                .bind("phase", phase)
                                .map((row, context) -> row(row))
                                .list());
    }

    /**
     * Invitations to evaluations that ended in a release, as they were signed, oldest first.
     *
     * @param part bytes that they hold somewhere
     */
    public List<SumRow> evaluationsWith(ByteString part) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM secure_sum WHERE kind = 'EVALUATE'"
                                + " AND phase = 'released' AND instr(invitation, :part) > 0 ORDER BY opened_ms")
                        .bind("part", part.toByteArray())
                        .map((row, context) -> row(row))
                        .list());
    }

    /** The newest sums first. */
    public List<SumRow> newest(int limit) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT * FROM secure_sum ORDER BY opened_ms DESC, rowid DESC LIMIT :limit")
                        .bind("limit", limit)
                        .map((row, context) -> row(row))
                        .list());
    }

    /** Inserts or replaces; part of the caller's transaction. */
    public void save(Handle handle, SumRow row) {
        handle.createUpdate("INSERT INTO secure_sum (run_id, round, kind, attempt, phase, invitation, secrets, answer,"
                        + " note, opened_ms, updated_ms) VALUES (:run, :round, :kind, :attempt, :phase, :invitation,"
                        + " :secrets, :answer, :note, :opened, :updated) ON CONFLICT (run_id, round, kind, attempt)"
                        + " DO UPDATE SET phase = excluded.phase, secrets = excluded.secrets, answer = excluded.answer,"
                        + " note = excluded.note, updated_ms = excluded.updated_ms")
                .bind("run", row.sum().getRunId())
                .bind("round", row.sum().getRound())
                .bind("kind", row.sum().getKind().name())
                .bind("attempt", row.sum().getAttempt())
                .bind("phase", row.phase())
                .bind("invitation", row.invitation())
                .bindByType("secrets", row.secrets().orElse(null), byte[].class)
                .bindByType("answer", row.answer().orElse(null), byte[].class)
                .bind("note", row.note())
                .bind("opened", row.openedUnixMs())
                .bind("updated", row.updatedUnixMs())
                .execute();
    }

    private static SumRow row(ResultSet row) throws SQLException {
        return new SumRow(
                SumId.newBuilder()
                        .setRunId(row.getString("run_id"))
                        .setRound(row.getInt("round"))
                        .setKind(SumKind.valueOf(row.getString("kind")))
                        .setAttempt(row.getInt("attempt"))
                        .build(),
                row.getString("phase"),
                row.getBytes("invitation"),
                Optional.ofNullable(row.getBytes("secrets")),
                Optional.ofNullable(row.getBytes("answer")),
                row.getString("note"),
                row.getLong("opened_ms"),
                row.getLong("updated_ms"));
    }
}
