package org.commissure.coordinator.storage;

import com.google.protobuf.ByteString;
import java.util.List;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Signed;

/** Which operators approved which plans; the caller has verified their signatures. Thread-safe. */
public final class RunApprovals {
    private final Database database;
    private final LogOutbox outbox;

    public RunApprovals(Database database, LogOutbox outbox) {
        this.database = database;
        this.outbox = outbox;
    }

    /** Keeps an approval, with its log entry; a repeated one of the same operator changes nothing. */
    public void add(ByteString planSha256, String operator, Signed signed, ByteString certificate, LogEntry entry) {
        database.write(handle -> {
            int added = handle.execute(
                    "INSERT INTO run_approval (plan_sha256, operator, signed, certificate)"
                            + " VALUES (?, ?, ?, ?) ON CONFLICT (plan_sha256, operator) DO NOTHING",
                    planSha256.toByteArray(),
                    operator,
                    signed.toByteArray(),
                    certificate.toByteArray());
            if (added > 0) {
                outbox.add(handle, List.of(entry));
            }
        });
    }

    /** The operators who approved the plan, sorted. */
    public List<String> operators(ByteString planSha256) {
        return database.read(handle -> handle.createQuery(
                        "SELECT operator FROM run_approval WHERE plan_sha256 = :plan ORDER BY operator")
                .bind("plan", planSha256.toByteArray())
                .mapTo(String.class)
                .list());
    }
}
