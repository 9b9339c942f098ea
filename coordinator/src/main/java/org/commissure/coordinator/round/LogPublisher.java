package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;

/** Moves entries from the outbox into the transparency log. Thread-safe. */
public interface LogPublisher {

    /** Appends everything that is due; throws an unchecked exception where the log cannot be written. */
    void publish();

    /** SHA-256 of the newest checkpoint. */
    ByteString checkpointSha256();
}
