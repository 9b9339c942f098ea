package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;

/** An enrolled site, as a run sees it. */
record Member(ByteString signingCertificate, Presence presence) {

    boolean connected() {
        return presence instanceof Presence.Connected;
    }

    /** Whether a phase still counts on an answer. */
    boolean awaited() {
        return !(presence instanceof Presence.Gone);
    }
}
