package org.commissure.coordinator.storage;

import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/** What differs between the databases that a coordinator can keep its state in. */
sealed interface Vendor permits Sqlite, Postgres {
    /** For messages; never with a password. */
    String name();

    /** What to do where it cannot be opened. */
    String remedy();

    DataSource dataSource();

    /** Where Flyway finds the schema's versions in this vendor's words. */
    String migrations();

    /** What each connection is told before its first use. */
    String initialStatement();

    /** Waits for the database's one write lock and holds it to the end of the transaction that has just begun. */
    void lock(Handle transaction);
}
