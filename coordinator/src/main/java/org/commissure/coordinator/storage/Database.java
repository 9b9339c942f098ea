package org.commissure.coordinator.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.commissure.protocol.UserError;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The database of one coordinator: a SQLite file, or a schema of a PostgreSQL server. Several processes may open it:
 * every transaction that writes takes the one write lock at its start and waits for it. Thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 8;

    /** Keeps connections: opening one costs more than a transaction. */
    private final HikariDataSource connections;

    private final Vendor vendor;
    private final Jdbi jdbi;
    private volatile Fence fence = Fence.NONE;

    private Database(Vendor vendor, HikariDataSource connections) {
        this.vendor = vendor;
        this.connections = connections;
        this.jdbi = Jdbi.create(connections);
        jdbi.registerArgument(new Texts());
    }

    /** A SQLite file. @throws UserError if it cannot be opened or brought up to date */
    public static Database open(Path file) {
        return open(new Sqlite(file));
    }

    /** A PostgreSQL server. @throws UserError if it cannot be reached or brought up to date */
    public static Database open(PostgresConfig config) {
        return open(new Postgres(config));
    }

    private static Database open(Vendor vendor) {
        try {
            Flyway flyway = Flyway.configure()
                    .dataSource(vendor.dataSource())
                    .locations(vendor.migrations())
                    .load();
            requireKnown(vendor, flyway);
            var unused = flyway.migrate();
            HikariConfig config = new HikariConfig();
            config.setDataSource(vendor.dataSource());
            config.setConnectionInitSql(vendor.initialStatement());
            config.setPoolName("database");
            config.setMaximumPoolSize(CONNECTIONS);
            config.setMinimumIdle(1);
            return new Database(vendor, new HikariDataSource(config));
        } catch (FlywayException | HikariPool.PoolInitializationException e) {
            throw new UserError(
                    "the database " + vendor.name() + " cannot be opened: " + e.getMessage(), vendor.remedy(), e);
        }
    }

    /** Flyway itself passes over what it does not know. */
    private static void requireKnown(Vendor vendor, Flyway flyway) {
        MigrationInfo current = flyway.info().current();
        if (current != null && current.getState() == MigrationState.FUTURE_SUCCESS) {
            throw new UserError(
                    "the database " + vendor.name()
                            + " was used by a newer version of Commissure (its tables are of version "
                            + current.getVersion() + ")",
                    "install that version again, or restore a backup from before it; nothing was changed");
        }
    }

    /** Every further write is made only while {@code fence} lets it pass. */
    void fence(Fence fence) {
        this.fence = fence;
    }

    /** Whether a run is under way or its folder incomplete. */
    public boolean hasUnfinishedRun() {
        return read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM run WHERE written = 0)")
                .mapTo(Boolean.class)
                .one());
    }

    <R> R read(HandleCallback<R, RuntimeException> query) {
        try {
            return jdbi.withHandle(query);
        } catch (JdbiException e) {
            fence.failed(e);
            throw e;
        }
    }

    /** All of {@code change} or nothing, after everything that was written before. */
    void write(HandleConsumer<RuntimeException> change) {
        var unused = writing(handle -> {
            change.useHandle(handle);
            return true;
        });
    }

    /** As {@link #write}, with a result. */
    <R> R writing(HandleCallback<R, RuntimeException> change) {
        return attempt(change);
    }

    /** As {@link #writing}, where the change itself may find that it must not be made. */
    <R, X extends Exception> R attempt(HandleCallback<R, X> change) throws X {
        try {
            return jdbi.inTransaction(handle -> {
                vendor.lock(handle);
                fence.check(handle);
                return change.withHandle(handle);
            });
        } catch (JdbiException e) {
            fence.failed(e);
            throw e;
        }
    }

    /**
     * Copies what is committed into a new file, of one database without a write-ahead log.
     *
     * @param meanwhile called while everybody may read and nobody write
     * @return what it gave
     * @throws UserError if the copy cannot be written, or the database is no file
     */
    public <T> T copyTo(Path file, Supplier<T> meanwhile) {
        if (!(vendor instanceof Sqlite)) {
            throw new UserError(
                    "the coordinator's state is in the database " + vendor.name() + ", which is no file",
                    "take pg_dump of it, then a copy of the home's files, while no coordinator serves");
        }
        try {
            // The write lock of one connection, the reading of another: VACUUM is in no transaction.
            return jdbi.inTransaction(locked -> {
                var unused = locked.createQuery("SELECT 1").mapTo(Integer.class).one(); // with which it begins
                T given = meanwhile.get();
                try (Connection reading = connections.getConnection();
                        PreparedStatement copy = reading.prepareStatement("VACUUM INTO ?")) {
                    copy.setString(1, file.toString());
                    copy.executeUpdate();
                }
                return given;
            });
        } catch (SQLException | JdbiException e) {
            throw new UserError(
                    "the database cannot be copied to " + file + ": " + e.getMessage(),
                    "check free space and permissions",
                    e);
        }
    }

    @Override
    public void close() {
        connections.close();
    }

    /** What stands between a process and the database's state. Thread-safe. */
    interface Fence {
        /** Where there is only one process that could write. */
        Fence NONE = new Fence() {
            @Override
            public void check(Handle handle) {}

            @Override
            public void failed(JdbiException failure) {}
        };

        /** Called under the write lock, before anything is written. @throws RuntimeException if nothing may be */
        void check(Handle handle);

        /** The database did not do what it was asked. */
        void failed(JdbiException failure);
    }
}
