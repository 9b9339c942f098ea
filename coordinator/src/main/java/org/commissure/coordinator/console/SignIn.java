package org.commissure.coordinator.console;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.commissure.coordinator.console.access.LoginGuard;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.console.access.Sessions;
import org.commissure.coordinator.console.oidc.ProviderFlow;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** Begins and ends sessions. Thread-safe. */
final class SignIn {
    private static final String WHAT = "sign-in";
    private static final int MAXIMUM_NAME_CHARS = 64;

    private final ConsoleUsers users;
    private final Sessions sessions;
    private final LoginGuard guard;
    private final AccessLog accesses;
    private final ProviderFlow provider;

    SignIn(ConsoleUsers users, Sessions sessions, LoginGuard guard, AccessLog accesses, ProviderFlow provider) {
        this.users = users;
        this.sessions = sessions;
        this.guard = guard;
        this.accesses = accesses;
        this.provider = provider;
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

    /**
     * Nobody is signed in here any more.
     *
     * @param provider where to end the session at the OpenID provider as well; null where there is none, or it says no such
     *     place
     */
    record SignedOut(String said, @Nullable String provider) {}

    Endpoint.Reply signIn(Endpoint.Call call) {
        String name = call.text("name");
        char[] password = call.text("password").toCharArray();
        if (name.isEmpty() || name.length() > MAXIMUM_NAME_CHARS || password.length == 0) {
            throw new Problem(400, "name and password are missing", "send both as JSON");
        }
        requireNoWait(guard.begin(name, call.address()), name, call, WHAT);
        // Whoever signs in through the provider only has no password that could be right.
        Optional<ConsoleUsers.User> user = users.user(name).filter(ConsoleUsers.User::hasPassword);
        boolean right = user.isPresent()
                && Passwords.matches(password, user.get().passwordHash())
                && !user.get().disabled();
        if (user.isEmpty()) {
            Passwords.matchNobody(password);
        }
        if (!right) {
            accesses.refused(name, call.address(), WHAT, "wrong name or password");
            throw new Problem(401, "wrong name or password", "ask the operator for a new one if you forgot it");
        }
        guard.succeeded(name, call.address());
        accesses.done(name, call.address(), WHAT);
        return begin(call, user.orElseThrow(), false);
    }

    /** Who fails again and again waits, however the sign-in goes. @param wait as the guard has it @param who empty if not known */
    void requireNoWait(Duration wait, String who, Endpoint.Call call, String what) {
        if (!wait.isZero()) {
            accesses.refused(who, call.address(), what, "too many attempts");
            throw new Problem(
                    429, "too many attempts", "wait " + Math.max(1, wait.toMinutes() + 1) + " minutes, then try again");
        }
    }

    /** A new session in the place of the one that the browser may have had. */
    Endpoint.Reply begin(Endpoint.Call call, ConsoleUsers.User user, boolean byProvider) {
        if (!call.token().isEmpty()) {
            sessions.end(call.token());
        }
        String token = sessions.begin(user, byProvider);
        return Endpoint.Reply.session(
                Who.of(sessions.find(token, true)
                        .orElseThrow(() -> new UserError("the account was removed just now", "ask the operator"))),
                token);
    }

    Endpoint.Reply signOut(Endpoint.Call call) {
        sessions.end(call.token());
        Optional<URI> there = call.signedIn().byProvider() ? provider.signOut() : Optional.empty();
        return Endpoint.Reply.session(
                new SignedOut("signed out", there.map(URI::toString).orElse(null)), "");
    }

    Endpoint.Reply who(Endpoint.Call call) {
        return Endpoint.Reply.of(Who.of(call.signedIn()));
    }
}
