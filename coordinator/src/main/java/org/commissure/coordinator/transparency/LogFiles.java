package org.commissure.coordinator.transparency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commissure.privacy.audit.TileFiles;

/** Which file of a log's folder answers which path, and how long an answer stays true. Thread-safe. */
final class LogFiles {
    private static final Pattern TRUST = Pattern.compile("trust/(authority\\.pem|log\\.vkey)");
    private static final Pattern CERTIFICATE = Pattern.compile("certificates/[0-9a-f]{64}\\.der");
    private static final Pattern WITNESS = Pattern.compile("witnesses/[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String BYTES = "application/octet-stream";
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String NOW = "no-cache";

    private final Path folder;
    private final TileFiles tiles;

    LogFiles(Path folder) {
        this.folder = folder;
        this.tiles = new TileFiles(folder);
    }

    /** @param cache the value of Cache-Control: what is under a checkpoint never changes */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(byte[] body, String type, String cache) {}

    /**
     * @param path without the leading slash
     * @return empty where there is nothing of that name
     */
    Optional<Answer> get(String path) throws IOException {
        try {
            if (path.equals("checkpoint") || WITNESS.matcher(path).matches()) {
                return Optional.of(new Answer(read(path), TEXT, NOW));
            }
            if (TRUST.matcher(path).matches()) {
                return Optional.of(new Answer(read(path), TEXT, FOREVER));
            }
            if (CERTIFICATE.matcher(path).matches()) {
                return Optional.of(new Answer(read(path), BYTES, FOREVER));
            }
            return tiles.read(path).map(bytes -> new Answer(bytes, BYTES, FOREVER));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private byte[] read(String path) throws IOException {
        return Files.readAllBytes(folder.resolve(path));
    }
}
