package org.commissure.models.pickle;

import java.io.IOException;

/** A file that is not what {@code torch.save} writes, or is damaged. Names the problem, no values. */
public final class MalformedTorchFileException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedTorchFileException(String problem) {
        super(problem);
    }

    MalformedTorchFileException(String problem, Throwable cause) {
        super(problem, cause);
    }
}
