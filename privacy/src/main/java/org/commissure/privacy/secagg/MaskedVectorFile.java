package org.commissure.privacy.secagg;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.durable.DurableFile;

/** The masked vector on disk as it travels, {@link Ring} elements one after the other. */
final class MaskedVectorFile {
    private MaskedVectorFile() {}

    /**
     * Makes and masks {@code vector} chunk by chunk on its way to the disk: memory beside it is O(chunk). The file
     * appears only when it is complete and durable.
     *
     * @param expectedSha256 of the file, where these masks were used before; the file is not written
     *     where the result differs
     * @return SHA-256 of the bytes
     */
    static ByteString write(
            PlainVector vector, Ring ring, List<MaskStream> masks, Path file, Optional<ByteString> expectedSha256)
            throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = Path.of(file + DurableFile.TEMPORARY_SUFFIX);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                write(vector, ring, masks, channel, digest);
                channel.force(true);
            }
            ByteString sha256 = ByteString.copyFrom(digest.digest());
            if (expectedSha256.isEmpty() || expectedSha256.get().equals(sha256)) {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
            return sha256;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(
            PlainVector vector, Ring ring, List<MaskStream> masks, FileChannel channel, MessageDigest digest)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MaskStream.CHUNK * ring.bytes());
        byte[] keystream = MaskStream.newKeystream();
        RingVector chunk = RingVector.zeros(ring, MaskStream.CHUNK);
        for (int offset = 0; offset < vector.length(); offset += MaskStream.CHUNK) {
            int length = Math.min(MaskStream.CHUNK, vector.length() - offset);
            vector.copyTo(chunk, offset, length);
            for (MaskStream mask : masks) {
                mask.apply(chunk, 0, length, keystream);
            }
            bytes.clear().limit(length * ring.bytes());
            chunk.pack(0, length, bytes.array());
            digest.update(bytes.array(), 0, length * ring.bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
