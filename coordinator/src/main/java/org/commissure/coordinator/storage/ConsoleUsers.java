package org.commissure.coordinator.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who may sign in to the console. Thread-safe, across processes too: a change counts from the next request on. */
public final class ConsoleUsers {
    private final Database database;

    public ConsoleUsers(Database database) {
        this.database = database;
    }

    /**
     * One person.
     *
     * @param role as {@code ConsoleRole} writes it
     * @param passwordHash in PHC string format; empty for somebody who signs in through an OpenID provider only
     * @param changed when the password was set, or the user added without one
     * @param disabled whether the account is kept, and nobody may sign in with it
     */
    public record User(String name, String role, String passwordHash, Instant changed, boolean disabled) {
        /** Somebody who may sign in. */
        public User(String name, String role, String passwordHash, Instant changed) {
            this(name, role, passwordHash, changed, false);
        }

        public boolean hasPassword() {
            return !passwordHash.isEmpty();
        }
    }

    /** @return whether the name was free */
    public boolean add(User user) {
        return database.writing(handle -> insert(handle, user));
    }

    static boolean insert(Handle handle, User user) {
        return handle.execute(
                        "INSERT INTO console_user (name, role, password, changed_unix_ms)"
                                + " VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                        user.name(),
                        user.role(),
                        user.passwordHash(),
                        user.changed().toEpochMilli())
                > 0;
    }

    /** @return whether there is such a user */
    public boolean setPassword(String name, String passwordHash, Instant now) {
        return database.writing(handle -> handle.execute(
                        "UPDATE console_user SET password = ?, changed_unix_ms = ? WHERE name = ?",
                        passwordHash,
                        now.toEpochMilli(),
                        name))
                > 0;
    }

    /** @param role as {@code ConsoleRole} writes it @return whether there is such a user */
    public boolean setRole(String name, String role) {
        return database.writing(handle -> handle.execute("UPDATE console_user SET role = ? WHERE name = ?", role, name))
                > 0;
    }

    /** @return whether there is such a user */
    public boolean setDisabled(String name, boolean disabled) {
        return database.writing(handle ->
                        handle.execute("UPDATE console_user SET disabled = ? WHERE name = ?", disabled ? 1 : 0, name))
                > 0;
    }

    /** @return whether there was such a user */
    public boolean remove(String name) {
        return database.writing(handle -> {
                    handle.execute("DELETE FROM console_identity WHERE name = ?", name);
                    return handle.execute("DELETE FROM console_user WHERE name = ?", name);
                })
                > 0;
    }

    /** By name. */
    public List<User> users() {
        return database.read(handle -> handle.createQuery("SELECT * FROM console_user ORDER BY name")
                .map((row, context) -> user(row))
                .list());
    }

    public Optional<User> user(String name) {
        return database.read(handle -> handle.createQuery("SELECT * FROM console_user WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> user(row))
                .findOne());
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                row.getString("name"),
                row.getString("role"),
                row.getString("password"),
                Instant.ofEpochMilli(row.getLong("changed_unix_ms")),
                row.getInt("disabled") != 0);
    }
}
