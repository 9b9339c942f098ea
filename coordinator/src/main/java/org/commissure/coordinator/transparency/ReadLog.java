package org.commissure.coordinator.transparency;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.commissure.privacy.audit.Actions;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.audit.Openings;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.privacy.identity.Role;
import org.commissure.protocol.v1.LogEntry;
import org.commissure.protocol.v1.Outcome;

/**
 * Logs who reads the log: once an hour for each reader, or the log would grow by being read. A site is
 * named; a person is committed to by a hash whose opening can be erased. Thread-safe.
 */
public final class ReadLog implements LogServer.Readers {
    private static final Duration REPEAT = Duration.ofHours(1);

    private final Consumer<LogEntry> log;
    private final Openings openings;
    private final Clock clock;
    private final Map<String, Instant> recent = new HashMap<>();

    public ReadLog(Consumer<LogEntry> log, Openings openings, Clock clock) {
        this.log = log;
        this.openings = openings;
        this.clock = clock;
    }

    @Override
    public synchronized void read(CertificateName who) {
        Instant now = clock.instant();
        recent.values().removeIf(when -> when.plus(REPEAT).isBefore(now));
        if (recent.putIfAbsent(who.uri(), now) != null) {
            return;
        }
        LogEntries entry = LogEntries.of(Actions.LOG_READ, Outcome.DONE, now)
                .actor(CertificateName.COORDINATOR)
                .fact("role", who.role().name().toLowerCase(Locale.ROOT));
        log.accept(
                who.role() == Role.SITE || who.role() == Role.COORDINATOR
                        ? entry.fact("site", who.name()).build()
                        : entry.personal("person", who.name(), openings).build());
    }
}
