package org.commissure.models.meanfield.files;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the regional model that cannot be used; the message names the file, and the line where there is one. */
public final class RegionalFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public RegionalFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    public RegionalFileException(Path file, Throwable cause) {
        super(file + ": " + cause.getMessage(), cause);
    }
}
