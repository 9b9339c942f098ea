package org.commissure.coordinator.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** For whom an OpenID provider vouches, and as which console user. Thread-safe, across processes too. */
public final class ConsoleIdentities {
    private final Database database;

    public ConsoleIdentities(Database database) {
        this.database = database;
    }

    /**
     * One person at a provider.
     *
     * @param name of the console user
     * @param subject the provider's own, lasting name; absent until somebody with {@code email} signed in
     * @param email in lower case; absent where an administrator named the subject, or a claim lets the person in
     * @param granted whether the user is there because of a claim only
     */
    public record Identity(
            String name, String issuer, Optional<String> subject, Optional<String> email, boolean granted) {
        public Identity {
            email = email.map(address -> address.toLowerCase(Locale.ROOT));
        }
    }

    /** Binds a user whom there is, in the place of an earlier binding. @return whether nobody else has that identity */
    public boolean bind(Identity identity) {
        return database.writing(handle -> {
            if (isTaken(handle, identity)) {
                return false;
            }
            handle.execute("DELETE FROM console_identity WHERE name = ?", identity.name());
            insert(handle, identity);
            return true;
        });
    }

    /** Adds a user and binds it. @return whether both the name and the identity were free */
    public boolean add(ConsoleUsers.User user, Identity identity) {
        return database.writing(handle -> {
            if (isTaken(handle, identity) || !ConsoleUsers.insert(handle, user)) {
                return false;
            }
            insert(handle, identity);
            return true;
        });
    }

    private static boolean isTaken(Handle handle, Identity identity) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM console_identity"
                                        + " WHERE issuer = :issuer AND name <> :name AND (subject = :subject OR email = :email)")
                        .bind("issuer", identity.issuer())
                        .bind("name", identity.name())
                        .bind("subject", identity.subject().orElse(""))
                        .bind("email", identity.email().orElse(""))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static void insert(Handle handle, Identity identity) {
        handle.execute(
                "INSERT INTO console_identity (name, issuer, subject, email, granted) VALUES (?, ?, ?, ?, ?)",
                identity.name(),
                identity.issuer(),
                identity.subject().orElse(null),
                identity.email().orElse(null),
                identity.granted() ? 1 : 0);
    }

    /** The first sign-in of somebody who was bound by address: from now on it is this person's, whoever has the address later. */
    public boolean pin(String name, String subject) {
        return database.writing(handle -> handle.execute(
                        "UPDATE console_identity SET subject = ? WHERE name = ? AND subject IS NULL", subject, name))
                > 0;
    }

    /** @return whether there was a binding */
    public boolean unbind(String name) {
        return database.writing(handle -> handle.execute("DELETE FROM console_identity WHERE name = ?", name)) > 0;
    }

    /**
     * Ends every account that is there because of a claim only, but for those that are disabled: whoever still has a role
     * gets it at the next sign-in.
     */
    public void removeGranted() {
        database.write(handle -> {
            handle.execute("DELETE FROM console_user WHERE disabled = 0 AND name IN"
                    + " (SELECT name FROM console_identity WHERE granted = 1)");
            handle.execute("DELETE FROM console_identity WHERE granted = 1 AND name NOT IN"
                    + " (SELECT name FROM console_user)");
        });
    }

    public Optional<Identity> bySubject(String issuer, String subject) {
        return one("issuer = :issuer AND subject = :value", issuer, subject);
    }

    public Optional<Identity> byEmail(String issuer, String email) {
        return one("issuer = :issuer AND email = :value", issuer, email.toLowerCase(Locale.ROOT));
    }

    private Optional<Identity> one(String which, String issuer, String value) {
        return database.read(handle -> handle.createQuery("SELECT * FROM console_identity WHERE " + which)
                .bind("issuer", issuer)
                .bind("value", value)
                .map((row, context) -> identity(row))
                .findOne());
    }

    public Optional<Identity> of(String name) {
        return database.read(handle -> handle.createQuery("SELECT * FROM console_identity WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> identity(row))
                .findOne());
    }

    /** By name. */
    public List<Identity> all() {
        return database.read(handle -> handle.createQuery("SELECT * FROM console_identity ORDER BY name")
                .map((row, context) -> identity(row))
                .list());
    }

    private static Identity identity(ResultSet row) throws SQLException {
        return new Identity(
                row.getString("name"),
                row.getString("issuer"),
                Optional.ofNullable(row.getString("subject")),
                Optional.ofNullable(row.getString("email")),
                row.getInt("granted") != 0);
    }
}
