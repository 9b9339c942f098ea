package org.commissure.coordinator.federation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.commissure.coordinator.storage.LogOutbox;
import org.commissure.privacy.audit.LogEntries;
import org.commissure.privacy.identity.CertificateName;
import org.commissure.protocol.v1.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs who was turned away and why. The same refusal of the same peer is logged once an hour, and
 * strangers cannot fill the log: beyond a number an hour, refusals only go to the process log.
 * Thread-safe.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final Duration REPEAT = Duration.ofHours(1);
    private static final int MAXIMUM_PER_REPEAT = 200;

    private final LogOutbox outbox;
    private final Clock clock;
    private final Map<String, Instant> recent = new LinkedHashMap<>();

    RefusalLog(LogOutbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * @param peer a name that was checked for its form, or an address
     * @param reason never holds a token or other secret
     */
    void refused(String action, String peer, String reason) {
        LOG.warn("{}: {}: {}", action, peer, reason);
        if (isNew(action + "\n" + peer + "\n" + reason)) {
            outbox.add(LogEntries.of(action, Outcome.REFUSED, clock.instant())
                    .actor(CertificateName.COORDINATOR)
                    .detail(reason)
                    .fact("peer", peer)
                    .build());
        }
    }

    private synchronized boolean isNew(String refusal) {
        Instant now = clock.instant();
        recent.values().removeIf(when -> when.plus(REPEAT).isBefore(now));
        return recent.size() < MAXIMUM_PER_REPEAT && recent.putIfAbsent(refusal, now) == null;
    }
}
