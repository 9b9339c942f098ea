package org.commissure.site.connection;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waiting times between attempts: doubling from half a second to 30 seconds, each drawn from the
 * upper half so that the sites of a federation do not return all at once. Not thread-safe.
 */
final class Backoff {
    private static final long FIRST_MS = 500;
    private static final long LONGEST_MS = 30_000;

    private final RandomGenerator random;
    private long nextMs = FIRST_MS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** How long to wait before the next attempt. */
    Duration next() {
        long wait = nextMs / 2 + random.nextLong(nextMs / 2 + 1);
        nextMs = Math.min(LONGEST_MS, nextMs * 2);
        return Duration.ofMillis(wait);
    }

    /** After a success. */
    void reset() {
        nextMs = FIRST_MS;
    }
}
