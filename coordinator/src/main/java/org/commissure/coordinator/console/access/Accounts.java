package org.commissure.coordinator.console.access;

import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.coordinator.storage.Database;
import org.commissure.protocol.UserError;

/**
 * Changes who may sign in, for the operator's commands and for administrators at the console alike. Each change counts from
 * the next request on. Thread-safe.
 *
 * @param users where they are kept
 * @param identities which of them an OpenID provider vouches for
 */
public record Accounts(ConsoleUsers users, ConsoleIdentities identities, Clock clock) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** OpenID Connect Core 1.0, section 2: at most 255 ASCII characters. */
    private static final Pattern SUBJECT = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,189}");

    /**
     * Whom an OpenID provider vouches for: by its lasting name for the person, or by an e-mail address until somebody has come
     * in by it.
     */
    public record Binding(String issuer, Optional<String> subject, Optional<String> email) {
        /** @throws UserError if not one of the two is given, or it cannot be one */
        public Binding {
            if (subject.isPresent() == email.isPresent()) {
                throw new UserError(
                        "a person at the provider is named by a subject or by an e-mail address", "name one of them");
            }
            if (subject.isPresent() && !SUBJECT.matcher(subject.get()).matches()) {
                throw new UserError("that is no subject", "copy it as the provider writes it, without spaces");
            }
            if (email.isPresent() && !EMAIL.matcher(email.get()).matches()) {
                throw new UserError("'" + email.get() + "' is no e-mail address", "write it as name@example.org");
            }
        }

        private ConsoleIdentities.Identity as(String name) {
            return new ConsoleIdentities.Identity(name, issuer, subject, email, false);
        }
    }

    public static Accounts of(Database database, Clock clock) {
        return new Accounts(new ConsoleUsers(database), new ConsoleIdentities(database), clock);
    }

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

    /** Adds somebody who signs in through the provider, without a password. @throws UserError as {@link #requireNew}, or if that person is a user already */
    public void add(String name, String role, Binding binding) {
        ConsoleRole known = requireNew(name, role);
        if (!identities.add(new ConsoleUsers.User(name, known.word(), "", clock.instant()), binding.as(name))) {
            throw boundAlready();
        }
    }

    /** Lets a user sign in through the provider too. @throws UserError if there is no such user, or that person is another one */
    public void bind(String name, Binding binding) {
        requireOwn(name);
        if (!identities.bind(binding.as(name))) {
            throw boundAlready();
        }
    }

    /** @throws UserError if the user could not sign in any more */
    public void unbind(String name) {
        requireOwn(name);
        if (!users.user(name).map(ConsoleUsers.User::hasPassword).orElse(false)) {
            throw new UserError(
                    name + " has no password and could not sign in any more",
                    "give one with 'console users password', or remove the user");
        }
        if (!identities.unbind(name)) {
            throw new UserError(name + " is not bound to a person at the provider", "see 'console users list'");
        }
    }

    /** Whoever is signed in with the old one is not any more. @throws UserError if there is no such user */
    public void setPassword(String name, char[] password) {
        requireOwn(name);
        known(name, users.setPassword(name, Passwords.hash(password), clock.instant()));
    }

    /** @throws UserError if there is no such user or role */
    public void setRole(String name, String role) {
        requireOwn(name);
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

    /** There is such a user, and not by the provider's word only. */
    public void requireOwn(String name) {
        require(name);
        if (identities.of(name).map(ConsoleIdentities.Identity::granted).orElse(false)) {
            throw new UserError(
                    name + " has the role, and no password, by a claim of the provider",
                    "have the provider change the claim, change 'console oidc set --map', or disable the user");
        }
    }

    private static void known(String name, boolean there) {
        if (!there) {
            throw new UserError("there is no user '" + name + "'", "see 'console users list'");
        }
    }

    private static UserError boundAlready() {
        return new UserError(
                "that person at the provider is a user already", "see 'console users list', and remove that one first");
    }

    private static UserError taken(String name) {
        return new UserError(
                "there is a user '" + name + "' already",
                "change the password with 'console users password', or remove it");
    }
}
