package org.commissure.coordinator.console;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.commissure.coordinator.console.access.Accounts;
import org.commissure.coordinator.console.access.ConsoleRole.Right;
import org.commissure.coordinator.console.access.Passwords;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Who may sign in, for administrators. Nobody changes the own account here, so that an administrator always remains; what was
 * done to whom is in the access log. Passwords are made here and shown once. Thread-safe.
 */
final class UserDesk {
    private final Accounts accounts;
    private final AccessLog accesses;
    private final ProviderSignIn provider;

    UserDesk(Accounts accounts, AccessLog accesses, ProviderSignIn provider) {
        this.accounts = accounts;
        this.accesses = accesses;
        this.provider = provider;
    }

    /**
     * One person; never with a password.
     *
     * @param passwordSet when; null for somebody without one
     * @param provider who that is at the OpenID provider: a subject or an e-mail address; null for nobody
     * @param byClaim whether a claim of the provider gives the role, and not an administrator
     */
    record User(
            String name,
            String role,
            boolean disabled,
            @Nullable Instant passwordSet,
            @Nullable String provider,
            boolean byClaim) {
        static User of(ConsoleUsers.User user, @Nullable Identity identity) {
            return new User(
                    user.name(),
                    user.role(),
                    user.disabled(),
                    user.hasPassword() ? user.changed() : null,
                    identity == null
                            ? null
                            : identity.email().or(identity::subject).orElse(null),
                    identity != null && identity.granted());
        }
    }

    /**
     * Somebody who was added, or has a new password.
     *
     * @param password shown this once, for the administrator to hand over privately; null for somebody who signs in through the
     *     OpenID provider
     */
    record Given(String name, @Nullable String password) {}

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.page(
                                "/users",
                                "Who may sign in.",
                                User.class,
                                call -> Endpoint.Reply.of(Page.of(users(), call.window())))
                        .forRight(Right.MANAGE_USERS),
                manage(
                        "/users",
                        "Adds a person: name and role in the body. Answers with a password, but for somebody whose subject or email"
                                + " at the OpenID provider is in the body.",
                        Given.class,
                        this::add),
                manage("/users/{user}/password", "Gives a person a new password.", Given.class, this::password),
                manage("/users/{user}/role", "Gives a person another role, of the body.", SignIn.Said.class, call -> {
                    String role = call.text("role");
                    return changed(call, "role " + role, user -> accounts.setRole(user, role));
                }),
                manage(
                        "/users/{user}/disable",
                        "Keeps the account, and lets nobody sign in with it.",
                        SignIn.Said.class,
                        call -> changed(call, "disabled", user -> accounts.setDisabled(user, true))),
                manage(
                        "/users/{user}/enable",
                        "Lets a disabled person sign in again.",
                        SignIn.Said.class,
                        call -> changed(call, "enabled", user -> accounts.setDisabled(user, false))),
                manage(
                        "/users/{user}/remove",
                        "Removes a person.",
                        SignIn.Said.class,
                        call -> changed(call, "removed", accounts::remove)));
    }

    private static Endpoint manage(String path, String summary, Class<?> type, Endpoint.Handler handler) {
        return Endpoint.post(path, summary, type, handler).forRight(Right.MANAGE_USERS);
    }

    private Endpoint.Reply add(Endpoint.Call call) {
        String name = call.text("name");
        String role = call.text("role");
        Optional<String> subject = given(call, "subject");
        Optional<String> email = given(call, "email");
        if (subject.isPresent() || email.isPresent()) {
            String issuer = provider.settings().issuer();
            tried(() -> accounts.add(name, role, new Accounts.Binding(issuer, subject, email)));
            done(call, name, "added as " + role + ", signs in through the provider");
            return Endpoint.Reply.of(new Given(name, null));
        }
        String password = Passwords.random();
        tried(() -> accounts.add(name, role, password.toCharArray()));
        done(call, name, "added as " + role);
        return Endpoint.Reply.of(new Given(name, password));
    }

    private static Optional<String> given(Endpoint.Call call, String name) {
        return Optional.of(call.text(name)).filter(text -> !text.isEmpty());
    }

    private List<User> users() {
        Map<String, Identity> identities = new HashMap<>();
        accounts.identities().all().forEach(identity -> identities.put(identity.name(), identity));
        return accounts.users().users().stream()
                .map(user -> User.of(user, identities.get(user.name())))
                .toList();
    }

    private Endpoint.Reply password(Endpoint.Call call) {
        String name = other(call);
        String password = Passwords.random();
        tried(() -> accounts.setPassword(name, password.toCharArray()));
        done(call, name, "new password");
        return Endpoint.Reply.of(new Given(name, password));
    }

    private Endpoint.Reply changed(Endpoint.Call call, String how, Consumer<String> change) {
        String name = other(call);
        tried(() -> change.accept(name));
        done(call, name, how);
        return Endpoint.Reply.of(new SignIn.Said("user " + name + ": " + how));
    }

    private static String other(Endpoint.Call call) {
        String name = call.parameter("user");
        if (name.equals(call.signedIn().person())) {
            throw new Problem(409, "nobody changes the own account here", "ask another administrator, or the operator");
        }
        return name;
    }

    private void done(Endpoint.Call call, String name, String how) {
        accesses.done(call.signedIn().person(), call.address(), "user " + name + ": " + how);
    }

    private static void tried(Runnable change) {
        try {
            change.run();
        } catch (UserError e) {
            throw new Problem(409, String.valueOf(e.getMessage()), e.remedy());
        }
    }
}
