package org.commissure.privacy.durable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Replaces files atomically: written under a temporary name, flushed, renamed, and the folder
 * flushed. When a method returns, its effect survives a power loss; when it throws, the old file is
 * untouched or, if only the last flush failed, replaced as a whole.
 */
public final class DurableFile {
    /** How the temporary names end; whoever owns a folder may delete such files when it opens it. */
    public static final String TEMPORARY_SUFFIX = ".tmp";

    static final Set<PosixFilePermission> EVERYBODY_READS = PosixFilePermissions.fromString("rw-r--r--");
    static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private DurableFile() {}

    /** Writes {@code bytes} to {@code file}, readable by everybody; creates missing folders. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, bytes, EVERYBODY_READS);
    }

    /** Writes {@code bytes} to {@code file}, which only its owner may read (0600) from its first moment on. */
    public static void writeSecret(Path file, byte[] bytes) throws IOException {
        write(file, bytes, OWNER_ONLY);
    }

    /**
     * Deletes {@code file} for good.
     *
     * @return whether it was there
     */
    public static boolean delete(Path file) throws IOException {
        boolean deleted = Files.deleteIfExists(file);
        Path folder = file.toAbsolutePath().getParent();
        if (deleted && folder != null) {
            flushFolder(folder);
        }
        return deleted;
    }

    /** Creates {@code folder} and its missing parents, each flushed into its own parent. */
    public static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(folder + " cannot be created");
        }
        createFolders(parent);
        Files.createDirectories(folder);
        flushFolder(parent);
    }

    private static void write(Path file, byte[] bytes, Set<PosixFilePermission> permissions) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file name");
        }
        try (PendingFile pending = PendingFile.in(folder, permissions)) {
            pending.stream().write(bytes);
            pending.commit(file.getFileName().toString());
        }
    }

    static void flushFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
