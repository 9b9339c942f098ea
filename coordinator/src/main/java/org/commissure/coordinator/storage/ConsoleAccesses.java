package org.commissure.coordinator.storage;

import java.time.Instant;
import java.util.List;

/** Who read what at the console, and who was refused. Thread-safe. */
public final class ConsoleAccesses {
    private final Database database;

    public ConsoleAccesses(Database database) {
        this.database = database;
    }

    /**
     * One access.
     *
     * @param person who was signed in; for a refused sign-in the name that was typed; empty for nobody
     * @param address of the network peer
     * @param what method and path, or {@code sign-in}
     * @param outcome {@code ok}, or why not
     */
    public record Access(Instant at, String person, String address, String what, String outcome) {}

    public void add(Access access) {
        database.write(handle -> handle.execute(
                "INSERT INTO console_access (at_unix_ms, person, address, what, outcome)" + " VALUES (?, ?, ?, ?, ?)",
                access.at().toEpochMilli(),
                access.person(),
                access.address(),
                access.what(),
                access.outcome()));
    }

    public long count() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM console_access")
                .mapTo(Long.class)
                .one());
    }

    /** Newest first. */
    public List<Access> newest(int offset, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT * FROM console_access ORDER BY id DESC LIMIT :limit OFFSET :offset")
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, context) -> new Access(
                        Instant.ofEpochMilli(row.getLong("at_unix_ms")),
                        row.getString("person"),
                        row.getString("address"),
                        row.getString("what"),
                        row.getString("outcome")))
                .list());
    }

    /** Forgets what lies before {@code until}. */
    public void forget(Instant until) {
        database.write(
                handle -> handle.execute("DELETE FROM console_access WHERE at_unix_ms < ?", until.toEpochMilli()));
    }
}
