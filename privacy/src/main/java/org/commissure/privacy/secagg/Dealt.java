package org.commissure.privacy.secagg;

import java.nio.ByteBuffer;

/**
 * Where the coordinator keeps the share keys (R2) that it passes on: with n sites they hold n² envelopes, too many for
 * memory. Thread-safe.
 */
@FunctionalInterface
public interface Dealt {

    /**
     * The payload of one site's whole message.
     *
     * @param from the site's index
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    ByteBuffer payload(int from);

    /** Of messages that hold all that was dealt. */
    static Dealt inMessages() {
        return from -> {
            throw new IllegalArgumentException("nothing was kept of what party " + from + " dealt");
        };
    }
}
