package org.commissure.coordinator.transparency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.privacy.audit.LogMirror;

/** Copies a log that may be growing, as it stood at one of its checkpoints. */
public final class LogCopy {
    private LogCopy() {}

    /** The newest checkpoint of the log in {@code folder}, with its cosignatures. */
    public static byte[] checkpoint(Path folder) {
        try {
            return Files.readAllBytes(folder.resolve("checkpoint"));
        } catch (IOException e) {
            throw new UncheckedIOException("the log in " + folder + " has no checkpoint that can be read", e);
        }
    }

    /**
     * Writes the log up to {@code checkpoint} to {@code copy}. What a served log would answer is believed no more than by
     * any mirror: verify the copy.
     *
     * @return how many entries it has
     */
    public static long upTo(byte[] checkpoint, Path folder, Path copy) throws IOException {
        LogFiles files = new LogFiles(folder);
        return LogMirror.copy(
                path -> path.equals("checkpoint")
                        ? Optional.of(checkpoint)
                        : files.get(path).map(LogFiles.Answer::body),
                copy);
    }
}
