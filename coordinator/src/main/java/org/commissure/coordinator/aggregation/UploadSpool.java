package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.SumId;

/**
 * Masked vectors as they arrive: one file per attempt and site under {@code spool/<run>/}. A chunk is
 * on the disk before it is acknowledged, so an interrupted upload goes on where the acknowledgements
 * ended. Thread-safe; two streams of one site take turns.
 */
public final class UploadSpool {
    /** No chunk may be larger. */
    public static final int MAXIMUM_CHUNK_BYTES = 2 << 20;

    private final Path root;
    private final ConcurrentMap<Path, Object> locks = new ConcurrentHashMap<>();

    public UploadSpool(Path root) {
        this.root = root;
    }

    /** How much of a site's vector is on disk. */
    public long durableBytes(SumId sum, String site) throws IOException {
        try {
            return Files.size(file(sum, site));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * Appends one chunk durably. A chunk that is on disk already is taken as read.
     *
     * @return the bytes on disk
     * @throws UploadRefusedException if the chunk leaves a gap, exceeds the vector, or was altered
     */
    public long append(SumId sum, String site, long totalBytes, long offset, ByteString data, ByteString sha256)
            throws IOException, UploadRefusedException {
        if (data.isEmpty() || data.size() > MAXIMUM_CHUNK_BYTES) {
            throw new UploadRefusedException("a chunk of " + data.size() + " bytes; send 1 to " + MAXIMUM_CHUNK_BYTES);
        }
        if (!SignedMessages.sha256(data).equals(sha256)) {
            throw new UploadRefusedException(
                    "the chunk at offset " + offset + " does not fit its SHA-256; send it again");
        }
        Path file = file(sum, site);
        synchronized (locks.computeIfAbsent(file, key -> new Object())) {
            Files.createDirectories(folder(sum));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                long durable = channel.size();
                if (offset < 0 || offset > durable) {
                    throw new UploadRefusedException("a chunk at offset " + offset + ", but the first " + durable
                            + " bytes are here; ask UploadStatus and go on from there");
                }
                if (offset + data.size() > totalBytes) {
                    throw new UploadRefusedException(
                            "the upload is longer than the " + totalBytes + " bytes of the vector");
                }
                if (offset + data.size() > durable) {
                    ByteBuffer rest = data.asReadOnlyByteBuffer().position((int) (durable - offset));
                    channel.position(durable);
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                    channel.force(true);
                }
                return channel.size();
            }
        }
    }

    /** @throws UploadRefusedException unless the whole vector that {@code header} announces is on disk */
    public void check(SumId sum, String site, MaskedHeader header) throws IOException, UploadRefusedException {
        long durable = durableBytes(sum, site);
        if (durable != header.getVectorBytes()) {
            throw new UploadRefusedException(
                    "the header announces " + header.getVectorBytes() + " bytes, but " + durable + " were uploaded");
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(open(sum, site), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        if (!ByteString.copyFrom(digest.digest()).equals(header.getVectorSha256())) {
            throw new UploadRefusedException("the uploaded bytes do not fit the SHA-256 in the signed header");
        }
    }

    /** A complete upload, buffered. */
    public InputStream open(SumId sum, String site) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file(sum, site)), 1 << 16);
    }

    /** Deletes everything of one attempt. */
    public void discard(SumId sum) {
        Path folder = folder(sum);
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
        locks.keySet().removeIf(file -> file.startsWith(folder));
    }

    private Path folder(SumId sum) {
        return root.resolve(sum.getRunId())
                .resolve(sum.getRound() + "-" + sum.getKind().name().toLowerCase(Locale.ROOT) + "-" + sum.getAttempt());
    }

    private Path file(SumId sum, String site) {
        return folder(sum).resolve(site + ".masked");
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
