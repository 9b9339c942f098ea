package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;

/** Published plans, and each site's last word about them. Thread-safe, across processes too. */
public final class PlanStore {
    private final Database database;
    private final LogOutbox outbox;

    public PlanStore(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** @param sha256 of the plan's canonical bytes */
    public record Plan(ByteString sha256, Signed signed, long publishedUnixMs) {}

    /** @param action the log's word for it, such as {@code plan.approved} */
    public record Decision(String site, String action, String reason, long decidedUnixMs) {}

    /** Keeps a plan, with its entry for the log in the same transaction. */
    public void publish(Plan plan, LogEntry entry) {
        database.write(handle -> {
            handle.execute(
                    "INSERT INTO plan (plan_sha256, signed, published_unix_ms) VALUES (?, ?, ?)",
                    plan.sha256().toByteArray(),
                    plan.signed().toByteArray(),
                    plan.publishedUnixMs());
            outbox.add(handle, List.of(entry));
        });
    }

    /** Newest first. */
    public List<Plan> plans() {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM plan ORDER BY published_unix_ms DESC, rowid DESC")
                .map((row, context) -> new Plan(
                        ByteString.copyFrom(row.getBytes("plan_sha256")),
                        signed(row.getBytes("signed")),
                        row.getLong("published_unix_ms")))
                .list());
    }

    /** Takes a site's word; an older one does not replace a newer. A plan that is not known is ignored. */
    public void decided(ByteString plan, Decision decision) {
        database.write(handle -> handle.execute(
                "INSERT INTO plan_decision (plan_sha256, site, action, reason, decided_unix_ms)"
                        + " SELECT plan_sha256, ?, ?, ?, ? FROM plan WHERE plan_sha256 = ?"
                        + " ON CONFLICT (plan_sha256, site) DO UPDATE SET action = excluded.action,"
                        + " reason = excluded.reason, decided_unix_ms = excluded.decided_unix_ms"
                        + " WHERE excluded.decided_unix_ms >= plan_decision.decided_unix_ms",
                decision.site(),
                decision.action(),
                decision.reason(),
                decision.decidedUnixMs(),
                plan.toByteArray()));
    }

    /** By site. */
    public List<Decision> decisions(ByteString plan) {
        return database.read(
                handle -> handle.createQuery("SELECT * FROM plan_decision WHERE plan_sha256 = :plan" + " ORDER BY site")
                        .bind("plan", plan.toByteArray())
                        .map((row, context) -> new Decision(
                                row.getString("site"),
                                row.getString("action"),
                                row.getString("reason"),
                                row.getLong("decided_unix_ms")))
                        .list());
    }

    private static Signed signed(byte[] bytes) {
        try {
            return Signed.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a plan in the database cannot be read", e);
        }
    }
}
