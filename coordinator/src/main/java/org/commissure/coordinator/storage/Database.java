package org.commissure.coordinator.storage;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.commissure.protocol.UserError;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The database file of one coordinator. Several processes may open it: every transaction takes the
 * write lock at its start and waits for it. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final int BUSY_MILLISECONDS = 20_000;

    private final Jdbi jdbi;
    /** When the last connection closes, SQLite folds the write-ahead log away; this one stays open. */
    private final Connection last;

    private Database(Jdbi jdbi, Connection last) {
        this.jdbi = jdbi;
        this.last = last;
    }

    /** @throws UserError if the file cannot be opened or brought up to date */
    public static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        try {
            var unused = Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/coordinator")
                    .load()
                    .migrate();
            return new Database(Jdbi.create(() -> connect(source)), source.getConnection());
        } catch (FlywayException | SQLException e) {
            throw new UserError(
                    "the database " + file + " cannot be opened: " + e.getMessage(),
                    "check the folder's permissions and free space; never edit the file by hand",
                    e);
        }
    }

    private static Connection connect(SQLiteDataSource source) throws SQLException {
        return source.getConnection();
    }

    /** Whether a run is under way or its folder incomplete. */
    public boolean hasUnfinishedRun() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM run WHERE written = 0)")
                .mapTo(Boolean.class)
                .one());
    }

    Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        try {
            last.close();
        } catch (SQLException e) {
            throw new UserError("the database cannot be closed: " + e.getMessage(), "check the disk", e);
        }
    }
}
