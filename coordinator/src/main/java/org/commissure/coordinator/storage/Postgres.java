package org.commissure.coordinator.storage;

import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** A schema of a PostgreSQL server. */
record Postgres(PostgresConfig config) implements Vendor {
    /** With a hash of the schema's name the key of an advisory lock. */
    private static final int WRITE_LOCK = 0x436f6d31;

    private static final int CONNECT_SECONDS = 10;

    /** An answer that takes longer will not come any more: a network that swallows packets looks like this. */
    private static final int ANSWER_SECONDS = 60;

    @Override
    public String name() {
        return config.url();
    }

    @Override
    public String remedy() {
        return "check that the server runs, [database] in coordinator.toml, the password and sslrootcert;"
                + " the user must own the schema";
    }

    @Override
    public DataSource dataSource() {
        return source("commissure coordinator", ANSWER_SECONDS);
    }

    /**
     * @param application as {@code pg_stat_activity} shows it
     * @param answerSeconds after which a silent connection counts as lost, unless the address states a limit
     */
    DataSource source(String application, int answerSeconds) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(config.url());
        config.user().ifPresent(source::setUser);
        config.password().ifPresent(source::setPassword);
        config.sslMode().ifPresent(source::setSslMode);
        source.setApplicationName(application);
        source.setTcpKeepAlive(true);
        if (!config.states(PGProperty.CONNECT_TIMEOUT)) {
            source.setConnectTimeout(CONNECT_SECONDS);
        }
        if (!config.states(PGProperty.SOCKET_TIMEOUT)) {
            source.setSocketTimeout(answerSeconds);
        }
        if (!config.states(PGProperty.GSS_ENC_MODE)) {
            source.setGssEncMode("disable"); // TLS it is, and one round trip less
        }
        return source;
    }

    @Override
    public String migrations() {
        return "classpath:db/coordinator-postgresql";
    }

    /**
     * What is committed is on the disk, whatever the server's default is; a process that stands still in the middle of
     * a transaction does not hold everybody up for ever.
     */
    @Override
    public String initialStatement() {
        return "SELECT set_config('synchronous_commit', 'on', false)"
                + " WHERE current_setting('synchronous_commit') IN ('off', 'local');"
                + " SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '20s'";
    }

    /**
     * One writer at a time, as in SQLite: what is numbered in a transaction, such as the leaves of the log, is then
     * numbered without a gap and in the order of the commits.
     */
    @Override
    public void lock(Handle transaction) {
        transaction.execute("SELECT pg_advisory_xact_lock(?, hashtext(current_schema()::text))", WRITE_LOCK);
    }
}
