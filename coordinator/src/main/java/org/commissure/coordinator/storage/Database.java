package org.commissure.coordinator.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
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

    private static final int CONNECTIONS = 8;

    /** Keeps connections: opening one, and folding the write-ahead log away with the last, costs more than a transaction. */
    private final HikariDataSource connections;

    private final Jdbi jdbi;

    private Database(HikariDataSource connections) {
        this.connections = connections;
        this.jdbi = Jdbi.create(connections);
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
            return new Database(connections(source));
        } catch (FlywayException | HikariPool.PoolInitializationException e) {
            throw new UserError(
                    "the database " + file + " cannot be opened: " + e.getMessage(),
                    "check the folder's permissions and free space; never edit the file by hand",
                    e);
        }
    }

    private static HikariDataSource connections(SQLiteDataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("database");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
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
        connections.close();
    }
}
