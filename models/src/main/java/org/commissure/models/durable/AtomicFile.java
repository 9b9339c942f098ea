package org.commissure.models.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Replaces a file so that a reader sees the old content or the new one, also after a power cut: written beside, forced
 * to disk, renamed, and the folder forced too. Thread-safe; two writers of one file leave one of the two contents.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        void to(FileChannel out) throws IOException;
    }

    public static void write(Path file, byte[] content) throws IOException {
        write(file, out -> drain(ByteBuffer.wrap(content), out));
    }

    /** Writes {@code text} in UTF-8. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    public static void write(Path file, Content content) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
        Path temporary = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                content.to(out);
                out.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder); // the rename itself must survive a power cut
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Makes the names in a folder durable: new, renamed and removed ones. */
    public static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Writes all that remains in the buffer. */
    public static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }
}
