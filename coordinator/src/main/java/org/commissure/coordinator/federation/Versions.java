package org.commissure.coordinator.federation;

import org.commissure.protocol.ProtocolVersion;
import org.commissure.protocol.v1.ProtocolVersions;

/** What to tell a peer with which no protocol version is common. */
final class Versions {
    private Versions() {}

    /** Says which versions each side speaks and who must upgrade. */
    static String mismatch(ProtocolVersions peer) {
        String upgrade =
                peer.getMaximum() < ProtocolVersion.MINIMUM ? "upgrade the site agent" : "upgrade the coordinator";
        return "no common protocol version: the site speaks " + peer.getMinimum() + " to " + peer.getMaximum()
                + ", this coordinator speaks " + ProtocolVersion.MINIMUM + " to " + ProtocolVersion.MAXIMUM + "; "
                + upgrade;
    }
}
