package org.commissure.site.storage;

import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The site's SQLite file. A committed transaction survives a kill and a power cut (write-ahead log,
 * {@code synchronous=FULL}); deleted secrets are overwritten ({@code secure_delete}). Thread-safe:
 * each call opens its own connection, and other processes may read at the same time.
 */
public final class SiteDatabase {
    private final Jdbi jdbi;

    private SiteDatabase(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Opens the file, creating it or bringing its tables up to date. */
    public static SiteDatabase open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(10_000);
        config.enforceForeignKeys(true);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        try {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/site")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new UserError(
                    "the site's database " + file + " cannot be opened: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "check that the disk is not full, that this user may write there, and that no newer version"
                            + " of Commissure has used this folder",
                    e);
        }
        return new SiteDatabase(Jdbi.create(source));
    }

    /** What one transaction does. */
    @FunctionalInterface
    public interface Work {
        void run(Handle handle);
    }

    /** Runs {@code work} in one durable transaction: all of it, or nothing. */
    public void transaction(Work work) {
        jdbi.useTransaction(work::run);
    }

    Jdbi jdbi() {
        return jdbi;
    }
}
