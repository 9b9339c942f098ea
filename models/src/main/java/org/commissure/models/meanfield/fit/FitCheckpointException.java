package org.commissure.models.meanfield.fit;

import java.io.IOException;

/** A checkpoint that is damaged, or of other inputs, settings or seeds. */
public final class FitCheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    FitCheckpointException(String message) {
        super(message);
    }

    FitCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
