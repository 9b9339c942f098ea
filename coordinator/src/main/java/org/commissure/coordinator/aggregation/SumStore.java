package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.secagg.RingVector;

/**
 * The newest opened sum of a run, for the sites that check it; named by its SHA-256.
 *
 * @param folder {@code runs/<id>/sums}
 */
public record SumStore(Path folder) {

    /** Writes it durably in the place of the one before. */
    public void keep(RingVector sum, ByteString sha256) throws IOException {
        Files.createDirectories(folder);
        Path file = file(sha256);
        Path temporary = folder.resolve(".sum.tmp");
        try (FileChannel channel = FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            sum.writeTo(out);
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        List<Path> files;
        try (Stream<Path> listing = Files.list(folder)) {
            files = listing.toList();
        }
        for (Path other : files) {
            if (!other.equals(file)) {
                Files.deleteIfExists(other);
            }
        }
    }

    /** As it is downloaded: bytes by their hash, like a model's parameters. */
    public Optional<ModelStore.StoredModel> open(ByteString sha256) throws IOException {
        Path file = file(sha256);
        return Files.isRegularFile(file)
                ? Optional.of(new ModelStore.StoredModel(file, sha256, 0, Files.size(file) / Float.BYTES))
                : Optional.empty();
    }

    private Path file(ByteString sha256) {
        return folder.resolve(HexFormat.of().formatHex(sha256.toByteArray()) + ".sum");
    }
}
