package org.commissure.coordinator.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.commissure.coordinator.storage.ConsoleAccesses;

/**
 * Writes down who read what, before it is answered. The same person reading the same thing again within ten minutes is
 * written once, or an open page would fill the table; refusals are always written. Kept for a year. Thread-safe.
 */
final class AccessLog {
    private static final Duration REPEAT = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(365);
    private static final String OK = "ok";

    private final ConsoleAccesses accesses;
    private final Clock clock;
    private final Map<String, Instant> recent = new HashMap<>();

    AccessLog(ConsoleAccesses accesses, Clock clock) {
        this.accesses = accesses;
        this.clock = clock;
        accesses.forget(clock.instant().minus(KEPT));
    }

    /** A read; repetitions are left out. */
    void read(String person, String address, String what) {
        Instant now = clock.instant();
        String key = person + "\0" + address + "\0" + what;
        synchronized (recent) {
            recent.values().removeIf(when -> when.plus(REPEAT).isBefore(now));
            if (!recent.containsKey(key)) {
                // Known only once it is written: after a failure the next attempt is not taken for a repetition.
                accesses.add(new ConsoleAccesses.Access(now, person, address, what, OK));
                recent.put(key, now);
            }
        }
    }

    /** Something that changes the state. */
    void done(String person, String address, String what) {
        accesses.add(new ConsoleAccesses.Access(clock.instant(), person, address, what, OK));
    }

    void refused(String person, String address, String what, String why) {
        accesses.add(new ConsoleAccesses.Access(clock.instant(), person, address, what, why));
    }

    Page<ConsoleAccesses.Access> list(Page.Window window) {
        return new Page<>(accesses.count(), window.offset(), accesses.newest(window.offset(), window.limit()));
    }
}
