package org.commissure.protocol;

import java.util.Optional;
import org.commissure.protocol.v1.ProtocolVersions;

/** Which versions of the protocol this build speaks, and how two peers agree on one. */
public final class ProtocolVersion {
    public static final int MINIMUM = 1;
    public static final int MAXIMUM = 1;

    private ProtocolVersion() {}

    /** The range that this build announces. */
    public static ProtocolVersions supported() {
        return ProtocolVersions.newBuilder()
                .setMinimum(MINIMUM)
                .setMaximum(MAXIMUM)
                .build();
    }

    /** The highest version both peers speak; empty where the ranges do not meet. */
    public static Optional<Integer> negotiate(ProtocolVersions peer) {
        int highest = Math.min(MAXIMUM, peer.getMaximum());
        return highest >= Math.max(MINIMUM, peer.getMinimum()) && peer.getMinimum() > 0
                ? Optional.of(highest)
                : Optional.empty();
    }
}
