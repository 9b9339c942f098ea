package org.commissure.coordinator.console.access;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.privacy.identity.SignedMessages;

/**
 * Who is signed in. A session is known by the hash of its token only, ends after half an hour of quiet and after eight
 * hours in any case, and with the account: each request asks the database again, so that a removed user or a changed
 * password counts at once. Kept in memory: a restart signs everybody out. Thread-safe.
 */
public final class Sessions {
    static final Duration IDLE = Duration.ofMinutes(30);
    static final Duration ABSOLUTE = Duration.ofHours(8);
    private static final int TOKEN_BYTES = 32;
    /** Of one account; a further one ends the oldest. */
    private static final int MAXIMUM_PER_PERSON = 10;

    private final ConsoleUsers users;
    private final ConsoleIdentities identities;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<ByteString, Open> open = new ConcurrentHashMap<>();

    public Sessions(ConsoleUsers users, ConsoleIdentities identities, Clock clock) {
        this.users = users;
        this.identities = identities;
        this.clock = clock;
    }

    /** @param subject who came in through an OpenID provider; empty for a password */
    private record Open(
            String person, String csrf, Optional<String> subject, Instant begun, Instant used, Instant passwordSet) {
        Open usedAt(Instant now) {
            return new Open(person, csrf, subject, begun, now, passwordSet);
        }
    }

    /**
     * Somebody who is signed in.
     *
     * @param csrf that each changing request must show in a header
     * @param byProvider whether an OpenID provider vouched for the person, who may have a session there still
     */
    public record Session(String person, ConsoleRole role, String csrf, boolean byProvider, Instant ends) {}

    /** @return the token, for the cookie */
    public String begin(ConsoleUsers.User user) {
        return begin(user, false);
    }

    /** As {@link #begin(ConsoleUsers.User)}. @param byProvider whether an OpenID provider vouched for the person */
    public String begin(ConsoleUsers.User user, boolean byProvider) {
        Instant now = clock.instant();
        open.values().removeIf(session -> over(session, now));
        while (open.values().stream()
                        .filter(session -> session.person().equals(user.name()))
                        .count()
                >= MAXIMUM_PER_PERSON) {
            open.entrySet().stream()
                    .filter(entry -> entry.getValue().person().equals(user.name()))
                    .min(Map.Entry.comparingByValue((a, b) -> a.used().compareTo(b.used())))
                    .ifPresent(oldest -> open.remove(oldest.getKey()));
        }
        String token = token();
        open.put(
                hash(token),
                new Open(
                        user.name(),
                        token(),
                        byProvider ? Optional.of(subject(user.name()).orElse("")) : Optional.empty(),
                        now,
                        now,
                        user.changed()));
        return token;
    }

    /**
     * Whose session it is; empty where there is none any more.
     *
     * @param touch whether this is a person's doing, which keeps the session alive
     */
    public Optional<Session> find(String token, boolean touch) {
        ByteString key = hash(token);
        Open session = open.get(key);
        if (session == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<ConsoleUsers.User> user = users.user(session.person())
                .filter(known -> !known.disabled() && known.changed().equals(session.passwordSet()))
                // Somebody else is the user now, or nobody at the provider.
                .filter(known ->
                        session.subject().isEmpty() || session.subject().equals(subject(known.name())));
        if (over(session, now) || user.isEmpty()) {
            open.remove(key);
            return Optional.empty();
        }
        Open kept = touch ? session.usedAt(now) : session;
        open.replace(key, session, kept);
        return Optional.of(new Session(
                session.person(),
                ConsoleRole.of(user.get().role()),
                session.csrf(),
                session.subject().isPresent(),
                ends(kept)));
    }

    private Optional<String> subject(String name) {
        return identities.of(name).flatMap(ConsoleIdentities.Identity::subject);
    }

    public void end(String token) {
        open.remove(hash(token));
    }

    private static boolean over(Open session, Instant now) {
        return !now.isBefore(ends(session));
    }

    private static Instant ends(Open session) {
        Instant idle = session.used().plus(IDLE);
        Instant absolute = session.begun().plus(ABSOLUTE);
        return idle.isBefore(absolute) ? idle : absolute;
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static ByteString hash(String token) {
        return SignedMessages.sha256(ByteString.copyFromUtf8(token));
    }
}
