package org.commissure.coordinator.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.commissure.coordinator.console.access.LoginGuard;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.console.access.Sessions;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.protocol.UserError;

/** Begins and ends sessions. Thread-safe. */
final class SignIn {
    private static final int MAXIMUM_NAME_CHARS = 64;

    private final ConsoleUsers users;
    private final Sessions sessions;
    private final LoginGuard guard;
    private final AccessLog accesses;

    SignIn(ConsoleUsers users, Sessions sessions, LoginGuard guard, AccessLog accesses) {
        this.users = users;
        this.sessions = sessions;
        this.guard = guard;
        this.accesses = accesses;
    }

    /**
     * Who is signed in.
     *
     * @param csrf goes into the header {@code X-CSRF-Token} of every changing request
     * @param ends when the session ends if nothing is done
     */
    record Who(String name, String role, String csrf, Instant ends) {
        static Who of(Sessions.Session session) {
            return new Who(session.person(), session.role().word(), session.csrf(), session.ends());
        }
    }

    /** One sentence. */
    record Said(String said) {}

    Endpoint.Reply signIn(Endpoint.Call call) {
        String name = call.text("name");
        char[] password = call.text("password").toCharArray();
        if (name.isEmpty() || name.length() > MAXIMUM_NAME_CHARS || password.length == 0) {
            throw new Problem(400, "name and password are missing", "send both as JSON");
        }
        Duration wait = guard.begin(name, call.address());
        if (!wait.isZero()) {
            accesses.refused(name, call.address(), "sign-in", "too many attempts");
            throw new Problem(
                    429, "too many attempts", "wait " + Math.max(1, wait.toMinutes() + 1) + " minutes, then try again");
        }
        Optional<ConsoleUsers.User> user = users.user(name);
        boolean right = user.isPresent()
                && Passwords.matches(password, user.get().passwordHash())
                && !user.get().disabled();
        if (user.isEmpty()) {
            Passwords.matchNobody(password);
        }
        if (!right) {
            accesses.refused(name, call.address(), "sign-in", "wrong name or password");
            throw new Problem(401, "wrong name or password", "ask the operator for a new one if you forgot it");
        }
        guard.succeeded(name, call.address());
        if (!call.token().isEmpty()) {
            sessions.end(call.token());
        }
        String token = sessions.begin(user.orElseThrow());
        accesses.done(name, call.address(), "sign-in");
        return new Endpoint.Reply(
                Who.of(sessions.find(token, true)
                        .orElseThrow(() -> new UserError("the account was removed just now", "ask the operator"))),
                Optional.of(token));
    }

    Endpoint.Reply signOut(Endpoint.Call call) {
        sessions.end(call.token());
        return new Endpoint.Reply(new Said("signed out"), Optional.of(""));
    }

    Endpoint.Reply who(Endpoint.Call call) {
        return Endpoint.Reply.of(Who.of(call.signedIn()));
    }
}
