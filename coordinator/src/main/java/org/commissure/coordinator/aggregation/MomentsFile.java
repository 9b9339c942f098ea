package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.commissure.privacy.durable.PendingFile;
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
        return models.folder().resolve(name(modelSha256));
    }

    private static String name(ByteString modelSha256) {
        return HexFormat.of().formatHex(modelSha256.toByteArray()) + SUFFIX;
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

    /** Reads a pair for each parameter, in order. */
    static final class Reader implements AutoCloseable {
        private final CRC32 checksum = new CRC32();
        private final @Nullable DataInputStream in;
        private final double initialSquare;

        /**
         * @param file absent where nothing is remembered yet
         * @param initialSquare the second moment to begin with; the first is 0
         */
        Reader(@Nullable Path file, double initialSquare) throws IOException {
            this.initialSquare = initialSquare;
            this.in = file == null
                    ? null
                    : new DataInputStream(new CheckedInputStream(
                            new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES), checksum));
        }

        double first() throws IOException {
            return in == null ? 0 : in.readDouble();
        }

        double second() throws IOException {
            return in == null ? initialSquare : in.readDouble();
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
        private final PendingFile pending;
        private final CRC32 checksum = new CRC32();
        private final DataOutputStream out;

        Writer(ModelStore models) throws IOException {
            this.pending = PendingFile.in(models.folder());
            this.out = new DataOutputStream(
                    new CheckedOutputStream(new BufferedOutputStream(pending.stream(), BUFFER_BYTES), checksum));
        }

        void put(double first, double second) throws IOException {
            out.writeDouble(first);
            out.writeDouble(second);
        }

        void commit(ByteString modelSha256) throws IOException {
            out.writeLong(checksum.getValue());
            out.flush();
            pending.commit(name(modelSha256));
        }

        @Override
        public void close() throws IOException {
            pending.close();
        }
    }
}
