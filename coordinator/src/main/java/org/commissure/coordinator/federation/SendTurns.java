package org.commissure.coordinator.federation;

import java.util.concurrent.Semaphore;

/**
 * Lets a few streams at a time fill their connections' buffers. What every site is sent grows with the number of sites:
 * written to all at once, the shares of 200 sites alone would be 340 MB of buffers. Thread-safe.
 */
final class SendTurns {
    private static final int AT_ONCE = 4;

    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    /** Runs {@code turn} in a thread of its own, when those that came earlier have begun theirs. */
    void take(Runnable turn) {
        Thread.ofVirtual().name("send").start(() -> {
            turns.acquireUninterruptibly();
            try {
                turn.run();
            } finally {
                turns.release();
            }
        });
    }
}
