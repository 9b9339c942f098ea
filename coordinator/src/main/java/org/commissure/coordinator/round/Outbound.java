package org.commissure.coordinator.round;

import java.util.Set;
import org.commissure.protocol.v1.CoordinatorFrame;

/** The way to the sites. Thread-safe; never blocks, never throws for a site that is gone. */
public interface Outbound {

    /** Sends to the site's newest control stream, or does nothing where it has none. */
    void send(String site, CoordinatorFrame frame);

    /** Sites with an open control stream. */
    Set<String> connected();
}
