package org.commissure.coordinator.federation;

import java.util.concurrent.Semaphore;

/**
 * Lets a few streams at a time fill their connections' buffers. What every site is sent grows with the number of sites:
 * written to all at once, the shares of 200 sites alone would be 340 MB of buffers. Four are at it, of the largest messages
 * two, which with 255 sites are 2 MB each, and as much again in the buffers. Thread-safe.
 */
final class SendTurns {
    private static final int ROOM_BYTES = 5 << 20;
    private static final int AT_ONCE = 4;

    private final Semaphore room = new Semaphore(ROOM_BYTES, true);

    /**
     * Runs {@code turn} in a thread of its own, when those that came earlier have begun theirs.
     *
     * @param bytes about how large a message it may write; one larger than all room has its turn alone
     */
    void take(int bytes, Runnable turn) {
        int taken = Math.clamp(bytes, ROOM_BYTES / AT_ONCE, ROOM_BYTES);
        Thread.ofVirtual().name("send").start(() -> {
            room.acquireUninterruptibly(taken);
            try {
                turn.run();
            } finally {
                room.release(taken);
            }
        });
    }
}
