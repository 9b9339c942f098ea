package org.commissure.coordinator.round;

import java.nio.ByteBuffer;
import org.commissure.privacy.secagg.Dealt;
import org.commissure.protocol.v1.SumId;

/** Where the share keys are whose headers are in a transcript. Thread-safe. */
@FunctionalInterface
public interface DealtFiles {
    /** The payload of a site's whole message. @throws java.io.UncheckedIOException if it cannot be read */
    ByteBuffer dealt(SumId sum, String site);

    /** The same by the site's index. */
    default Dealt of(Transcript transcript) {
        return from -> dealt(transcript.config().getSum(), transcript.name(from));
    }
}
