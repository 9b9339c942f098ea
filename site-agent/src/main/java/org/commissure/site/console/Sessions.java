package org.commissure.site.console;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Browsers that showed the token. In memory: a restart ends them all. Thread-safe. */
final class Sessions {
    static final Duration IDLE = Duration.ofHours(12);
    private static final int MOST = 32;

    private final Clock clock;
    private final SecureRandom random;
    private final Map<String, Session> open = new LinkedHashMap<>();

    Sessions(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** One browser. */
    static final class Session {
        private final String id;
        private final String csrf;
        private Instant seen;
        private @Nullable Notice notice;

        private Session(String id, String csrf, Instant seen) {
            this.id = id;
            this.csrf = csrf;
            this.seen = seen;
        }

        String id() {
            return id;
        }

        /** What each form of this session must send along. */
        String csrf() {
            return csrf;
        }

        /** Said on the next page, once. */
        synchronized void say(Notice next) {
            notice = next;
        }

        synchronized Optional<Notice> takeNotice() {
            Notice taken = notice;
            notice = null;
            return Optional.ofNullable(taken);
        }
    }

    /** @param remedy empty where nothing went wrong */
    record Notice(boolean good, String text, String remedy) {}

    synchronized Session begin() {
        while (open.size() >= MOST) {
            open.remove(open.keySet().iterator().next());
        }
        Session session = new Session(secret(), secret(), clock.instant());
        open.put(session.id(), session);
        return session;
    }

    /** Empty where it never was, or was idle for too long. */
    synchronized Optional<Session> find(String id) {
        Instant now = clock.instant();
        open.values().removeIf(session -> session.seen.plus(IDLE).isBefore(now));
        Optional<Session> found = Optional.ofNullable(open.get(id));
        found.ifPresent(session -> session.seen = now);
        return found;
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
