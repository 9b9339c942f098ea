package org.commissure.coordinator.aggregation;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import org.commissure.privacy.durable.PendingFile;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.SumId;

/**
 * Masked vectors as they arrive, and what sites dealt: a file of each per attempt and site under {@code spool/<run>/}. An
 * interrupted upload goes on where the file ends. A chunk is written before it is acknowledged; the whole vector is forced
 * to the disk, and fits its signed SHA-256, before {@link #check} returns: what a power cut damages of an upload that is
 * under way is found there.
 * Thread-safe; two streams of one site take turns.
 */
public final class UploadSpool {
    /** No chunk may be larger. */
    public static final int MAXIMUM_CHUNK_BYTES = 2 << 20;

    private final Path root;
    private final ConcurrentMap<Path, Arriving> arriving = new ConcurrentHashMap<>();
    private final ConcurrentMap<Path, ByteBuffer> dealt = new ConcurrentHashMap<>();

    /** Guards one file, and hashes what is appended to it, so that a vector is not read again to check it. */
    private static final class Arriving {
        private final MessageDigest digest = sha256();
        private long hashed;

        /** @param at where {@code bytes} begin in the file */
        void written(long at, ByteBuffer bytes) {
            // What an earlier process wrote was not seen here; then the file is read at the end.
            if (at == hashed) {
                hashed += bytes.remaining();
                digest.update(bytes);
            }
        }
    }

    public UploadSpool(Path root) {
        this.root = root;
    }

    /** How much of a site's vector is in its file. */
    public long writtenBytes(SumId sum, String site) throws IOException {
        try {
            return Files.size(file(sum, site));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * Appends one chunk. A chunk that is there already is taken as read.
     *
     * @return the bytes in the file
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
        Arriving upload = arriving.computeIfAbsent(file, key -> new Arriving());
        synchronized (upload) {
            Files.createDirectories(folder(sum));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                long written = channel.size();
                if (offset < 0 || offset > written) {
                    throw new UploadRefusedException("a chunk at offset " + offset + ", but the first " + written
                            + " bytes are here; ask UploadStatus and go on from there");
                }
                if (offset + data.size() > totalBytes) {
                    throw new UploadRefusedException(
                            "the upload is longer than the " + totalBytes + " bytes of the vector");
                }
                if (offset + data.size() > written) {
                    ByteBuffer rest = data.asReadOnlyByteBuffer().position((int) (written - offset));
                    channel.position(written);
                    ByteBuffer toHash = rest.duplicate();
                    while (rest.hasRemaining()) {
                        channel.write(rest);
                    }
                    upload.written(written, toHash);
                }
                if (channel.size() == totalBytes) {
                    channel.force(true);
                }
                return channel.size();
            }
        }
    }

    /**
     * Forces a whole vector to the disk.
     *
     * @throws UploadRefusedException unless it is there, and is what {@code header} announces
     */
    public void check(SumId sum, String site, MaskedHeader header) throws IOException, UploadRefusedException {
        long written = writtenBytes(sum, site);
        if (written != header.getVectorBytes()) {
            throw new UploadRefusedException(
                    "the header announces " + header.getVectorBytes() + " bytes, but " + written + " were uploaded");
        }
        if (!ByteString.copyFrom(digest(file(sum, site), written)).equals(header.getVectorSha256())) {
            throw new UploadRefusedException("the uploaded bytes do not fit the SHA-256 in the signed header");
        }
    }

    private byte[] digest(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Arriving upload = arriving.computeIfAbsent(file, key -> new Arriving());
        synchronized (upload) {
            if (upload.hashed == bytes) {
                return copy(upload.digest).digest();
            }
        }
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    /** A complete upload, buffered. */
    public InputStream open(SumId sum, String site) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file(sum, site)), 1 << 16);
    }

    /** Keeps a site's share keys; they are on the disk when this returns. */
    public void keepDealt(SumId sum, String site, ByteString payload) throws IOException {
        // Takes the place of an earlier file, and does not write over it: that one may be mapped.
        try (PendingFile fresh = PendingFile.secretIn(folder(sum))) {
            payload.writeTo(fresh.stream());
            fresh.commit(dealtFile(sum, site).getFileName().toString());
        }
        dealt.remove(dealtFile(sum, site));
    }

    /** What {@link #keepDealt} kept, as the pages of its file. @throws UncheckedIOException if it cannot be read */
    public ByteBuffer dealt(SumId sum, String site) {
        return dealt.computeIfAbsent(dealtFile(sum, site), file -> {
                    try (FileChannel channel = FileChannel.open(file)) {
                        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
                    } catch (IOException e) {
                        throw new UncheckedIOException("what a site dealt cannot be read: " + file, e);
                    }
                })
                .duplicate();
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
        arriving.keySet().removeIf(file -> file.startsWith(folder));
        dealt.keySet().removeIf(file -> file.startsWith(folder));
    }

    private Path folder(SumId sum) {
        return root.resolve(sum.getRunId())
                .resolve(sum.getRound() + "-" + sum.getKind().name().toLowerCase(Locale.ROOT) + "-" + sum.getAttempt());
    }

    private Path dealtFile(SumId sum, String site) {
        return folder(sum).resolve(site + ".dealt");
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
