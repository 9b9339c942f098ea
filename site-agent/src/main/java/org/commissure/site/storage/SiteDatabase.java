package org.commissure.site.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The site's SQLite file. A committed transaction survives a kill and a power cut (write-ahead log,
 * {@code synchronous=FULL}); deleted secrets are overwritten ({@code secure_delete}). Thread-safe:
 * each call opens its own connection, unless {@link #keepConnections}, and other processes may read at the same time.
 */
public final class SiteDatabase {
    private static final int CONNECTIONS = 8;

    private final SQLiteDataSource source;
    private volatile Jdbi jdbi;

    private SiteDatabase(SQLiteDataSource source) {
        this.source = source;
        this.jdbi = Jdbi.create(source);
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
            Flyway flyway = Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/site")
                    .load();
            requireKnown(file, flyway);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new UserError(
                    "the site's database " + file + " cannot be opened: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "check that the disk is not full, that this user may write there, and that no newer version"
                            + " of Commissure has used this folder",
                    e);
        }
        return new SiteDatabase(source);
    }

    /** Flyway itself passes over what it does not know. */
    private static void requireKnown(Path file, Flyway flyway) {
        MigrationInfo current = flyway.info().current();
        if (current != null && current.getState() == MigrationState.FUTURE_SUCCESS) {
            throw new UserError(
                    "the site's database " + file
                            + " was used by a newer version of Commissure (its tables are of version "
                            + current.getVersion() + ")",
                    "install that version again, or restore a backup from before it; nothing was changed");
        }
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

    /** Connections that stay open. */
    public interface Kept extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Until the result is closed, connections serve one call after the other: opening one, and folding the write-ahead
     * log away with the last, costs more than a transaction. Whoever keeps them {@linkplain #foldAway folds} what must
     * not stay.
     */
    public Kept keepConnections() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("site-database");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        HikariDataSource connections = new HikariDataSource(config);
        jdbi = Jdbi.create(connections);
        return () -> {
            jdbi = Jdbi.create(source);
            connections.close();
        };
    }

    /** Empties the write-ahead log, which holds older versions of pages, deleted secrets on them too. */
    public void foldAway() {
        jdbi.useHandle(handle -> handle.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    /**
     * Copies what is committed into a new file, in which every sum under way has ended: nothing secret of one, and no
     * answer that could be given twice, is in any page of it.
     *
     * @param nowUnixMs when those sums ended
     */
    public void copyWithoutSecrets(Path file, long nowUnixMs) {
        // Not in jdbi's own transaction: VACUUM is in none.
        jdbi.useHandle(handle -> handle.execute("VACUUM INTO ?", file.toString()));
        SQLiteDataSource copy = new SQLiteDataSource();
        copy.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        Jdbi.create(copy).useHandle(handle -> {
            handle.execute(
                    "UPDATE secure_sum SET secrets = NULL, answer = NULL, phase = 'abandoned', updated_ms = ?,"
                            + " note = 'the site was restored from a backup'"
                            + " WHERE phase NOT IN ('released', 'abandoned', 'refused')",
                    nowUnixMs);
            handle.execute("UPDATE secure_sum SET secrets = NULL, answer = NULL");
            handle.execute("VACUUM");
        });
    }

    Jdbi jdbi() {
        return jdbi;
    }
}
