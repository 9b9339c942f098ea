package org.commissure.coordinator.console.access;

import java.time.Clock;
import java.util.regex.Pattern;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.protocol.UserError;

/**
 * Changes who may sign in, for the operator's commands and for administrators at the console alike. Each change counts from
 * the next request on. Thread-safe.
 *
 * @param users where they are kept
 */
public record Accounts(ConsoleUsers users, Clock clock) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** @throws UserError if the name or the role cannot be used, or the name is taken */
    public ConsoleRole requireNew(String name, String role) {
        if (!NAME.matcher(name).matches()) {
            throw new UserError("'" + name + "' is no name for a user", "use up to 64 letters, digits and . _ @ -");
        }
        ConsoleRole known = ConsoleRole.of(role);
        if (users.user(name).isPresent()) {
            throw taken(name);
        }
        return known;
    }

    /** @throws UserError as {@link #requireNew}, or if the password is too short or too long */
    public void add(String name, String role, char[] password) {
        ConsoleRole known = requireNew(name, role);
        if (!users.add(new ConsoleUsers.User(name, known.word(), Passwords.hash(password), clock.instant()))) {
            throw taken(name);
        }
    }

    /** Whoever is signed in with the old one is not any more. @throws UserError if there is no such user */
    public void setPassword(String name, char[] password) {
        require(name);
        known(name, users.setPassword(name, Passwords.hash(password), clock.instant()));
    }

    /** @throws UserError if there is no such user or role */
    public void setRole(String name, String role) {
        known(name, users.setRole(name, ConsoleRole.of(role).word()));
    }

    /** Whoever is signed in as a disabled user is not any more. @throws UserError if there is no such user */
    public void setDisabled(String name, boolean disabled) {
        known(name, users.setDisabled(name, disabled));
    }

    /** @throws UserError if there is no such user */
    public void remove(String name) {
        known(name, users.remove(name));
    }

    /** @throws UserError if there is no such user */
    public void require(String name) {
        known(name, users.user(name).isPresent());
    }

    private static void known(String name, boolean there) {
        if (!there) {
            throw new UserError("there is no user '" + name + "'", "see 'console users list'");
        }
    }

    private static UserError taken(String name) {
        return new UserError(
                "there is a user '" + name + "' already",
                "change the password with 'console users password', or remove it");
    }
}
