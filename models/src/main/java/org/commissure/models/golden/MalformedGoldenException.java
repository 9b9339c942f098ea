package org.commissure.models.golden;

import java.io.IOException;

/** A folder that is not a golden case, or lacks a part of it. Names the file. */
public final class MalformedGoldenException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedGoldenException(String problem) {
        super(problem);
    }

    MalformedGoldenException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
