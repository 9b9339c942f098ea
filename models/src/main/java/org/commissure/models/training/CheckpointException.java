package org.commissure.models.training;

import java.io.IOException;

/** A checkpoint that is damaged, or of another plan, model or cohort. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
