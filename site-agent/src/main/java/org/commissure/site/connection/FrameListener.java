package org.commissure.site.connection;

import org.commissure.protocol.v1.CoordinatorFrame;

/** Receives what the coordinator says. Called on transport threads, in order; must not block. */
public interface FrameListener {
    /** A control stream is open and both sides have agreed on a version. */
    void connected();

    void received(CoordinatorFrame frame);
}
