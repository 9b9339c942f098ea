package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.privacy.secagg.RingVector;

/**
 * Opened sums of a run, each named by its SHA-256: in {@code runs/<id>/sums} the newest one, for the sites that check it;
 * in {@code runs/<id>/evaluations} every evaluation, for whoever verifies the report.
 */
public record SumStore(Path folder) {

    /** Writes it durably in the place of the one before. */
    public void keep(RingVector sum, ByteString sha256) throws IOException {
        add(sum, sha256);
        List<Path> files;
        try (Stream<Path> listing = Files.list(folder)) {
            files = listing.toList();
        }
        for (Path other : files) {
            if (!other.equals(folder.resolve(name(sha256)))) {
                Files.deleteIfExists(other);
            }
        }
    }

    /** Writes it durably beside the others. */
    public void add(RingVector sum, ByteString sha256) throws IOException {
        try (PendingFile pending = PendingFile.in(folder)) {
            sum.writeTo(pending.stream());
            pending.commit(name(sha256));
        }
    }

    /** As it is downloaded: bytes by their hash, like a model's parameters. */
    public Optional<ModelStore.StoredModel> open(ByteString sha256) throws IOException {
        Path file = folder.resolve(name(sha256));
        return Files.isRegularFile(file)
                ? Optional.of(new ModelStore.StoredModel(file, sha256, 0, Files.size(file) / Float.BYTES))
                : Optional.empty();
    }

    private static String name(ByteString sha256) {
        return HexFormat.of().formatHex(sha256.toByteArray()) + ".sum";
    }
}
