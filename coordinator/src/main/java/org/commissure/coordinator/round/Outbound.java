package org.commissure.coordinator.round;

import java.util.Set;
import java.util.function.Supplier;
import org.commissure.protocol.v1.CoordinatorFrame;

/** The way to the sites. Thread-safe; never blocks, never throws for a site that is gone. */
public interface Outbound {

    /**
     * Sends to the site's newest control stream, or does nothing where it has none.
     *
     * @param frame made when its turn to be written comes, on any thread
     */
    void send(String site, Supplier<CoordinatorFrame> frame);

    /** Sites with an open control stream. */
    Set<String> connected();
}
