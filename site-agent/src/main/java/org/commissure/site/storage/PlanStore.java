package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.commissure.protocol.v1.Signed;
import org.jdbi.v3.core.Handle;

/**
 * Signed plans that this site was sent, what its stewards said about each, and the runs of each. Decisions are only
 * added. Thread-safe, across processes too: stewards decide while the agent serves.
 */
public final class PlanStore {
    private final SiteDatabase database;

    public PlanStore(SiteDatabase database) {
        this.database = database;
    }

    /** @param signed a StudyPlan, verified when it came */
    public record Plan(ByteString sha256, Signed signed, long receivedUnixMs) {}

    /**
     * @param action one of {@code approve}, {@code refuse}, {@code revoke}
     * @param steward who decided; stays at the site
     * @param terms what was approved, else empty
     * @param signature of the steward over the terms; empty where stewards have no keys
     */
    public record Decision(
            ByteString plan,
            String action,
            String steward,
            String terms,
            ByteString signature,
            String reason,
            long decidedUnixMs) {}

    /** Keeps a plan; one that is known already stays as it was. @return whether it is new */
    public boolean add(Plan plan) {
        boolean known = plans().stream().anyMatch(each -> each.sha256().equals(plan.sha256()));
        database.transaction(
                handle -> handle.createUpdate("INSERT OR IGNORE INTO plan (plan_sha256, signed, received_ms)"
                                + " VALUES (:plan, :signed, :received)")
                        .bind("plan", plan.sha256().toByteArray())
                        .bind("signed", plan.signed().toByteArray())
                        .bind("received", plan.receivedUnixMs())
                        .execute());
        return !known;
    }

    /** All plans, newest first. */
    public List<Plan> plans() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM plan ORDER BY received_ms DESC, rowid DESC")
                        .map((row, context) -> new Plan(
                                ByteString.copyFrom(row.getBytes("plan_sha256")),
                                signed(row.getBytes("signed")),
                                row.getLong("received_ms")))
                        .list());
    }

    /** All decisions about any plan, oldest first. */
    public List<Decision> decisions() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM plan_decision ORDER BY sequence")
                        .map((row, context) -> decision(row))
                        .list());
    }

    /** Adds a decision; part of the caller's transaction. */
    public void decide(Handle handle, Decision decision) {
        handle.createUpdate(
                        "INSERT INTO plan_decision (plan_sha256, action, steward, terms, signature, reason, decided_ms)"
                                + " VALUES (:plan, :action, :steward, :terms, :signature, :reason, :decided)")
                .bind("plan", decision.plan().toByteArray())
                .bind("action", decision.action())
                .bind("steward", decision.steward())
                .bind("terms", decision.terms())
                .bind("signature", decision.signature().toByteArray())
                .bind("reason", decision.reason())
                .bind("decided", decision.decidedUnixMs())
                .execute();
    }

    /** Notes that a run was accepted under a plan. */
    public void begun(ByteString plan, String runId) {
        database.transaction(handle -> handle.createUpdate(
                        "INSERT OR IGNORE INTO plan_run (plan_sha256, run_id) VALUES (:plan, :run)")
                .bind("plan", plan.toByteArray())
                .bind("run", runId)
                .execute());
    }

    /** The runs that were accepted under a plan. */
    public Set<String> runs(ByteString plan) {
        return new HashSet<>(database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT run_id FROM plan_run WHERE plan_sha256 = :plan")
                        .bind("plan", plan.toByteArray())
                        .mapTo(String.class)
                        .list()));
    }

    private static Decision decision(ResultSet row) throws SQLException {
        return new Decision(
                ByteString.copyFrom(row.getBytes("plan_sha256")),
                row.getString("action"),
                row.getString("steward"),
                row.getString("terms"),
                ByteString.copyFrom(row.getBytes("signature")),
                row.getString("reason"),
                row.getLong("decided_ms"));
    }

    private static Signed signed(byte[] bytes) {
        try {
            return Signed.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the site's database holds a plan that cannot be decoded", e);
        }
    }
}
