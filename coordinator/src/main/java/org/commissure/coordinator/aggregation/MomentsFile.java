package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.commissure.protocol.study.ServerOptimiser;
import org.jspecify.annotations.Nullable;

/**
 * First and second moment of each parameter, as pairs of big-endian doubles, and their CRC-32. Named by the SHA-256 of
 * the model that the step which left them ended in.
 */
final class MomentsFile {
    private static final String SUFFIX = ".moments";
    private static final int BUFFER_BYTES = 1 << 20;

    private MomentsFile() {}

    static Path of(ModelStore models, ByteString modelSha256) {
        return models.folder().resolve(HexFormat.of().formatHex(modelSha256.toByteArray()) + SUFFIX);
    }

    static double adaptivity(ServerOptimiser optimiser) {
        return optimiser.adaptivity().orElse(1e-3);
    }

    /** Removes what no step goes on from: after a crash the last one may be taken again. */
    static void keepOnly(ModelStore models, ByteString before, ByteString next) throws IOException {
        Set<Path> kept = Set.of(of(models, before), of(models, next));
        try (Stream<Path> files = Files.list(models.folder())) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
                if (!kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Reads in order; of the first model, zeros and τ². */
    static final class Reader implements AutoCloseable {
        private final CRC32 checksum = new CRC32();
        private final @Nullable DataInputStream in;
        private final double initialSquare;
        private boolean isSecond;

        Reader(@Nullable Path file, ServerOptimiser optimiser) throws IOException {
            double adaptivity = adaptivity(optimiser);
            this.initialSquare = adaptivity * adaptivity;
            this.in = file == null
                    ? null
                    : new DataInputStream(new CheckedInputStream(
                            new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), checksum));
        }

        double next() throws IOException {
            if (in != null) {
                return in.readDouble();
            }
            isSecond = !isSecond;
            return isSecond ? 0 : initialSquare;
        }

        /** @throws DamagedException if the file goes on, or its checksum does not fit */
        void requireEnd() throws IOException {
            if (in != null) {
                long read = checksum.getValue();
                if (in.readLong() != read || in.read() >= 0) {
                    throw new DamagedException();
                }
            }
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
        }
    }

    /** Writes in order; nothing remains of what was not committed. */
    static final class Writer implements AutoCloseable {
        private final ModelStore models;
        private final Path temporary;
        private final FileChannel channel;
        private final CRC32 checksum = new CRC32();
        private final DataOutputStream out;

        Writer(ModelStore models) throws IOException {
            this.models = models;
            Files.createDirectories(models.folder());
            this.temporary = models.folder().resolve("." + UUID.randomUUID() + ".tmp");
            this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            this.out = new DataOutputStream(new CheckedOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES), checksum));
        }

        void put(double value) throws IOException {
            out.writeDouble(value);
        }

        void commit(ByteString modelSha256) throws IOException {
            out.writeLong(checksum.getValue());
            out.flush();
            channel.force(true);
            Files.move(
                    temporary,
                    of(models, modelSha256),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(models.folder(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
