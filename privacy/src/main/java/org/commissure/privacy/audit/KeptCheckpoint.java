package org.commissure.privacy.audit;

import java.nio.file.Path;
import java.util.Optional;
import org.commissure.protocol.UserError;

/**
 * A checkpoint of a log that somebody kept, for example beside a document that quotes the log: the log must still extend
 * it ({@link LogExpectation}), and what it covered then can be told from what came after.
 *
 * @param size entries that it covers
 * @param rootHex its root
 */
public record KeptCheckpoint(long size, String rootHex) {
    /**
     * The checkpoint that a log shows now, as it is kept.
     *
     * @throws UserError if {@code log} is not a log's folder
     */
    public static String note(Path log) {
        return new LogLayout(log).readCheckpoint();
    }

    /**
     * Reads a kept note; empty where it is not signed with the key of {@code log}.
     *
     * @throws UserError if {@code log} is not a log's folder
     */
    public static Optional<KeptCheckpoint> open(Path log, String note) {
        return Checkpoint.open(note, new LogLayout(log).readVerifierKey())
                .map(checkpoint -> new KeptCheckpoint(checkpoint.size(), checkpoint.rootHex()));
    }
}
