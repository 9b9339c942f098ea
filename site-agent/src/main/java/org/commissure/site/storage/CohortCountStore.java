package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.commissure.privacy.dp.NoisedCount;
import org.jdbi.v3.core.Handle;

/** The noised number of patients of each cohort, drawn once. Thread-safe. */
public final class CohortCountStore {
    private final SiteDatabase database;

    public CohortCountStore(SiteDatabase database) {
        this.database = database;
    }

    /**
     * @param delta at which its charge was made
     * @param stated whether the log entry of its charge is in the outbox
     */
    public record Drawn(NoisedCount count, double delta, boolean stated) {}

    public Optional<Drawn> find(ByteString commitment) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM cohort_count WHERE commitment = :commitment")
                        .bind("commitment", commitment.toByteArray())
                        .map((row, context) -> new Drawn(
                                new NoisedCount(row.getLong("noised"), row.getDouble("epsilon")),
                                row.getDouble("delta"),
                                row.getBoolean("stated")))
                        .findOne());
    }

    /** Keeps a cohort's only draw durably; another one for the same cohort is not taken. @return the one that is kept */
    public Drawn keep(ByteString commitment, NoisedCount count, double delta) {
        database.transaction(
                handle -> handle.createUpdate("INSERT OR IGNORE INTO cohort_count (commitment, noised, epsilon, delta)"
                                + " VALUES (:commitment, :noised, :epsilon, :delta)")
                        .bind("commitment", commitment.toByteArray())
                        .bind("noised", count.noised())
                        .bind("epsilon", count.epsilon())
                        .bind("delta", delta)
                        .execute());
        return find(commitment).orElseThrow();
    }

    /** The log entry of its charge leaves with the caller's transaction. */
    public void stated(Handle handle, ByteString commitment) {
        handle.createUpdate("UPDATE cohort_count SET stated = 1 WHERE commitment = :commitment")
                .bind("commitment", commitment.toByteArray())
                .execute();
    }
}
