package org.commissure.coordinator.metrics;

import java.util.concurrent.atomic.LongAdder;

/** Bytes of vectors and models since the process started, all sites together. Thread-safe. */
public final class Traffic {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();

    /** Bytes of a masked vector that reached the disk. */
    public void received(long bytes) {
        received.add(bytes);
    }

    /** Bytes of a model or a sum that a site took. */
    public void sent(long bytes) {
        sent.add(bytes);
    }

    double receivedBytes() {
        return received.doubleValue();
    }

    double sentBytes() {
        return sent.doubleValue();
    }
}
