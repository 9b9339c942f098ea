package org.commissure.coordinator.round;

import java.util.Set;
import java.util.function.Supplier;
import org.commissure.protocol.v1.CoordinatorFrame;

/** The way to the sites. Thread-safe; never blocks, never throws for a site that is gone. */
public interface Outbound {

    /**
     * Sends to the site's newest control stream, or does nothing where it has none.
     *
     * @param bytes about how large the frame will be: it says how many may be written at once
     * @param frame made when its turn to be written comes, on any thread
     */
    void send(String site, int bytes, Supplier<CoordinatorFrame> frame);

    /** As {@link #send(String, int, Supplier)}, a frame that is made already. */
    default void send(String site, CoordinatorFrame frame) {
        send(site, frame.getSerializedSize(), () -> frame);
    }

    /** Sites with an open control stream. */
    Set<String> connected();
}
