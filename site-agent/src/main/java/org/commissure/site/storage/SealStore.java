package org.commissure.site.storage;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Which split of the cohort each run was started with, and the secret salt of the split. Thread-safe. */
public final class SealStore {
    private static final String SALT = "cohort_salt";
    private static final int SALT_BYTES = 32;

    private final SiteDatabase database;

    public SealStore(SiteDatabase database) {
        this.database = database;
    }

    /** The hashes that commit to a run's split, and the log entry that says so. */
    public record Seal(ByteString internalSha256, ByteString externalSha256, ByteString entrySha256) {}

    /**
     * The site's secret salt, born at its first use. One salt for the life of the site, so that a
     * patient who was external in one run never trains a model in another.
     */
    public byte[] salt(SecureRandom random) {
        byte[] fresh = new byte[SALT_BYTES];
        random.nextBytes(fresh);
        database.transaction(
                handle -> handle.createUpdate("INSERT OR IGNORE INTO site_setting (name, value) VALUES (:name, :value)")
                        .bind("name", SALT)
                        .bind("value", fresh)
                        .execute());
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT value FROM site_setting WHERE name = :name")
                        .bind("name", SALT)
                        .map((row, context) -> row.getBytes("value"))
                        .one());
    }

    public Optional<Seal> find(String runId) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM sealed_cohort WHERE run_id = :run")
                        .bind("run", runId)
                        .map((row, context) -> new Seal(
                                ByteString.copyFrom(row.getBytes("internal_sha256")),
                                ByteString.copyFrom(row.getBytes("external_sha256")),
                                ByteString.copyFrom(row.getBytes("entry_sha256"))))
                        .findOne());
    }

    /** Seals a run once and for all; part of the caller's transaction. */
    public void save(Handle handle, String runId, Seal seal) {
        handle.createUpdate("INSERT INTO sealed_cohort (run_id, internal_sha256, external_sha256, entry_sha256)"
                        + " VALUES (:run, :internal, :external, :entry)")
                .bind("run", runId)
                .bind("internal", seal.internalSha256().toByteArray())
                .bind("external", seal.externalSha256().toByteArray())
                .bind("entry", seal.entrySha256().toByteArray())
                .execute();
    }
}
