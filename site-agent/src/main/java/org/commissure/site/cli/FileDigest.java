package org.commissure.site.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.commissure.protocol.UserError;

/** Names a file by its content. */
final class FileDigest {
    private FileDigest() {}

    /** In hex. */
    static String sha256(Path file) {
        return sha256(file, 0);
    }

    /** Of a safetensors file's parameters alone, by which runs and studies name a model. */
    static String parametersSha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            long header = ByteBuffer.wrap(in.readNBytes(Long.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            return sha256(file, Long.BYTES + header);
        } catch (IOException | BufferUnderflowException e) {
            throw new UserError("the file " + file + " cannot be read", "check the path", e);
        }
    }

    private static String sha256(Path file, long from) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            in.skipNBytes(from);
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UserError("the file " + file + " cannot be read", "check the path", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
