package org.commissure.deploy.federation;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** Finds runs of secret bytes in a capture: every 16-byte window of the capture against every one of the secrets. */
final class ByteRuns {
    private static final int RUN = 16;
    private static final int FEWEST_DISTINCT = 6;

    private final Set<ByteBuffer> windows = new HashSet<>();

    /** Adds every window of {@code secret} that is not trivial (zeros and the like occur anywhere). */
    void add(byte[] secret) {
        for (int at = 0; at + RUN <= secret.length; at++) {
            ByteBuffer window = ByteBuffer.wrap(secret, at, RUN).slice();
            if (distinct(window) >= FEWEST_DISTINCT) {
                windows.add(window);
            }
        }
    }

    int size() {
        return windows.size();
    }

    boolean occurIn(byte[] capture) {
        for (int at = 0; at + RUN <= capture.length; at++) {
            if (windows.contains(ByteBuffer.wrap(capture, at, RUN).slice())) {
                return true;
            }
        }
        return false;
    }

    private static int distinct(ByteBuffer window) {
        Set<Byte> values = new HashSet<>();
        for (int i = 0; i < RUN; i++) {
            values.add(window.get(i));
        }
        return values.size();
    }
}
