package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commissure.privacy.dp.ConsentChange;
import org.jdbi.v3.core.Handle;

/** Withdrawals and renewals of consent, in order; only added to. Thread-safe, across processes too. */
public final class ConsentStore {
    private final SiteDatabase database;

    public ConsentStore(SiteDatabase database) {
        this.database = database;
    }

    /** @param patient a salted hash, never an id */
    public record Change(long sequence, ByteString patient, boolean withdrawn, long changedUnixMs, boolean inLedger) {
        /** For programs. */
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("when", Instant.ofEpochMilli(changedUnixMs).toString());
            facts.put("change", withdrawn ? "withdrawn" : "renewed");
            facts.put("patient", HexFormat.of().formatHex(patient.toByteArray()));
            facts.put("in_ledger", inLedger);
            return facts;
        }
    }

    /** Oldest first. */
    public List<Change> changes() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM consent_change ORDER BY sequence")
                        .map((row, context) -> change(row))
                        .list());
    }

    /** Adds a change; part of the caller's transaction. */
    public void add(Handle handle, ByteString patient, boolean withdrawn, long changedUnixMs) {
        handle.createUpdate("INSERT INTO consent_change (patient, withdrawn, changed_ms)"
                        + " VALUES (:patient, :withdrawn, :changed)")
                .bind("patient", patient.toByteArray())
                .bind("withdrawn", withdrawn)
                .bind("changed", changedUnixMs)
                .execute();
    }

    /** Adds a change that the ledger has, under its number; does nothing where that is taken. */
    public void restore(ConsentChange change) {
        database.transaction(handle -> handle.createUpdate(
                        "INSERT INTO consent_change (sequence, patient, withdrawn, changed_ms, in_ledger)"
                                + " VALUES (:number, :patient, :withdrawn, :changed, 1) ON CONFLICT DO NOTHING")
                .bind("number", change.number())
                .bind("patient", HexFormat.of().parseHex(change.patient()))
                .bind("withdrawn", change.withdrawn())
                .bind("changed", change.when().toEpochMilli())
                .execute());
    }

    /** Notes that the ledger has a change. */
    public void inLedger(long sequence) {
        database.transaction(
                handle -> handle.createUpdate("UPDATE consent_change SET in_ledger = 1 WHERE sequence = :sequence")
                        .bind("sequence", sequence)
                        .execute());
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                row.getLong("sequence"),
                ByteString.copyFrom(row.getBytes("patient")),
                row.getBoolean("withdrawn"),
                row.getLong("changed_ms"),
                row.getBoolean("in_ledger"));
    }
}
