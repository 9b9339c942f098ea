package org.commissure.coordinator.storage;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A file of this machine: write-ahead log, every commit flushed. */
record Sqlite(Path file) implements Vendor {
    private static final int BUSY_MILLISECONDS = 20_000;

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public String remedy() {
        return "check the folder's permissions and free space; never edit the file by hand";
    }

    @Override
    public DataSource dataSource() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLISECONDS);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public String migrations() {
        return "classpath:db/coordinator";
    }

    @Override
    public String initialStatement() {
        return "SELECT 1";
    }

    /** The transaction has it since its BEGIN IMMEDIATE. */
    @Override
    public void lock(Handle transaction) {}
}
