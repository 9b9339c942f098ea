package org.commissure.coordinator.round;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers by the wall clock, which may be set, and of a machine that may sleep. Thread-safe. */
record RunTimers(ScheduledExecutorService thread, Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(RunTimers.class);
    private static final Duration LONGEST_NAP = Duration.ofSeconds(30);

    /** Runs {@code due} on the thread, once the wall clock shows {@code unixMs}. */
    void at(long unixMs, Runnable due) {
        long delay = Math.clamp(unixMs - clock.millis(), 0, LONGEST_NAP.toMillis());
        try {
            var unused = thread.schedule(
                    () -> {
                        if (clock.millis() < unixMs) {
                            at(unixMs, due);
                        } else {
                            due.run();
                        }
                    },
                    delay,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the coordinator is closing; the timer is armed again at the next start", e);
        }
    }
}
