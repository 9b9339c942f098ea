package org.commissure.coordinator.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.commissure.protocol.UserError;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one replica, among those that share a schema of PostgreSQL, to act as the coordinator.
 *
 * <p>It is an advisory lock of a session of its own, on which the leader says every second that it is there. The server
 * itself ends a session that is silent for ten seconds, whatever became of its process, machine or network, and the
 * next replica has the lock within half a second. A leader that gets no answer within five seconds, or loses any
 * connection to the database, stops at once: before the server would let another one lead. One that stood still and
 * wakes up as a leader of yesterday writes nothing: each transaction checks, under the write lock, that the number of
 * the newest leader is its own.
 *
 * <p>Thread-safe.
 */
public final class Leadership implements Database.Fence, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** With a hash of the schema's name the key of the advisory lock. */
    private static final int LEADER_LOCK = 0x436f6d32;

    private static final int ANSWER_SECONDS = 5;
    private static final int SILENCE_SECONDS = 2 * ANSWER_SECONDS;
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Connection session;
    private final Consumer<String> lost;
    private final AtomicBoolean over = new AtomicBoolean();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("leader").daemon().factory());
    private volatile long epoch;

    private Leadership(Connection session, Consumer<String> lost) {
        this.session = session;
        this.lost = lost;
        var unused = beats.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Waits until this process leads.
     *
     * @param standingBy called once where another replica leads at first
     * @param lost told why, once this process must not act as the coordinator any more; must end it
     * @throws UserError if the database cannot be asked
     */
    public static Leadership await(PostgresConfig config, Runnable standingBy, Consumer<String> lost)
            throws InterruptedException {
        Postgres server = new Postgres(config);
        try {
            Connection session =
                    server.source("commissure leader", ANSWER_SECONDS).getConnection();
            try (Statement statement = session.createStatement()) {
                statement.execute("SET idle_session_timeout = '" + SILENCE_SECONDS + "s'");
            }
            for (boolean first = true; !tryLock(session); first = false) {
                if (first) {
                    standingBy.run();
                }
                Thread.sleep(LOOK.toMillis());
            }
            return new Leadership(session, lost);
        } catch (SQLException e) {
            throw new UserError(
                    "the database " + server.name() + " cannot be asked who leads: " + e.getMessage(),
                    server.remedy() + "; PostgreSQL must be 14 or newer, and a pooler in between must keep sessions",
                    e);
        }
    }

    private static boolean tryLock(Connection session) throws SQLException {
        try (PreparedStatement statement =
                session.prepareStatement("SELECT pg_try_advisory_lock(?, hashtext(current_schema()::text))")) {
            statement.setInt(1, LEADER_LOCK);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    /** Counts the leaders on by one: from now on {@code database} writes for this one, and nobody for an earlier one. */
    public void begin(Database database) {
        epoch = database.writing(handle -> handle.createQuery("UPDATE leader SET epoch = epoch + 1 RETURNING epoch")
                .mapTo(Long.class)
                .one());
        database.fence(this);
        LOG.info("this replica leads, as number {}", epoch);
    }

    private void beat() {
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            lose("the session with the leader's lock is lost: " + e.getMessage());
        }
    }

    @Override
    public void check(Handle handle) {
        long newest =
                handle.createQuery("SELECT epoch FROM leader").mapTo(Long.class).one();
        if (newest != epoch) {
            lose("leader number " + newest + " has taken over from number " + epoch);
            throw new IllegalStateException("this process does not lead any more");
        }
    }

    /** What the database cannot do now, the next leader does; what it will never do is for the caller to handle. */
    @Override
    public void failed(JdbiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isOfTheServer(sql)) {
                lose("the database is lost: " + sql.getMessage());
                return;
            }
        }
    }

    /** PostgreSQL's error classes: connection, resources, operator's intervention, system; and both of our timeouts. */
    private static boolean isOfTheServer(SQLException failure) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        return failure instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.equals("25P03")
                || state.equals("55P03");
    }

    private void lose(String why) {
        if (over.compareAndSet(false, true)) {
            lost.accept(why);
        }
    }

    /** Lets the next replica lead. */
    @Override
    public void close() {
        over.set(true);
        beats.shutdown();
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("the leader's session was gone already", e);
        }
    }
}
