package org.commissure.coordinator.console.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast somebody may guess passwords. After five failures, an account and an address each wait: a minute, then twice as
 * long with each further failure, up to an hour. A quarter of a day without a failure, or a success, forgets. An address
 * counts ten times as patiently as an account, because a hospital sits behind one. Kept in memory: a restart forgets.
 * Thread-safe.
 */
public final class LoginGuard {
    private static final int FREE_FAILURES = 5;
    private static final int ADDRESS_FACTOR = 10;
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration FORGET = Duration.ofHours(6);
    /** Beyond it the oldest are forgotten, so that made-up names cannot fill the memory. */
    private static final int MAXIMUM_TRACKED = 10_000;

    private final Clock clock;
    private final Map<String, Failures> accounts = tracked();
    private final Map<String, Failures> addresses = tracked();

    public LoginGuard(Clock clock) {
        this.clock = clock;
    }

    private record Failures(int count, Instant last, Instant until) {}

    private static Map<String, Failures> tracked() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                return size() > MAXIMUM_TRACKED;
            }
        };
    }

    /** How long to wait before the next attempt; zero: it may be made, and counts as failed until {@link #succeeded}. */
    public synchronized Duration begin(String account, String address) {
        Instant now = clock.instant();
        Duration wait = longer(left(accounts, account, now), left(addresses, address, now));
        if (wait.isZero()) {
            // Counted before the password is computed: attempts at the same moment do not slip through.
            fail(accounts, account, FREE_FAILURES, now);
            fail(addresses, address, FREE_FAILURES * ADDRESS_FACTOR, now);
        }
        return wait;
    }

    /** As {@link #begin(String, String)}, where the account is not known yet: the address alone waits. */
    public synchronized Duration begin(String address) {
        Instant now = clock.instant();
        Duration wait = left(addresses, address, now);
        if (wait.isZero()) {
            fail(addresses, address, FREE_FAILURES * ADDRESS_FACTOR, now);
        }
        return wait;
    }

    public synchronized void succeeded(String account, String address) {
        accounts.remove(account);
        succeeded(address);
    }

    /** After {@link #begin(String)}. */
    public synchronized void succeeded(String address) {
        addresses.computeIfPresent(
                address, (key, failures) -> new Failures(failures.count() - 1, failures.last(), Instant.EPOCH));
    }

    private static Duration left(Map<String, Failures> tracked, String key, Instant now) {
        Failures failures = tracked.get(key);
        return failures == null || !now.isBefore(failures.until())
                ? Duration.ZERO
                : Duration.between(now, failures.until());
    }

    private static void fail(Map<String, Failures> tracked, String key, int free, Instant now) {
        Failures before = tracked.get(key);
        int count = before == null || before.last().plus(FORGET).isBefore(now) ? 1 : before.count() + 1;
        Instant until = count < free ? Instant.EPOCH : now.plus(pause(count - free));
        tracked.put(key, new Failures(count, now, until));
    }

    private static Duration pause(int beyond) {
        Duration pause = FIRST_WAIT.multipliedBy(1L << Math.min(beyond, 6));
        return pause.compareTo(LONGEST_WAIT) < 0 ? pause : LONGEST_WAIT;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
