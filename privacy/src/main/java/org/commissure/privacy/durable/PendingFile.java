package org.commissure.privacy.durable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * A file in the making, under a temporary name in its folder, for what is written as a stream or named by what was
 * written. Once committed it survives a power loss; of one that was not, a kill leaves the temporary
 * file and a close nothing.
 * For one thread.
 */
public final class PendingFile implements AutoCloseable {
    private final Path folder;
    private final Path temporary;
    private final FileChannel channel;
    private final OutputStream stream;

    private PendingFile(Path folder, Set<PosixFilePermission> permissions) throws IOException {
        DurableFile.createFolders(folder);
        this.folder = folder;
        this.temporary = folder.resolve("." + UUID.randomUUID() + DurableFile.TEMPORARY_SUFFIX);
        this.channel = FileChannel.open(
                temporary,
                EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(permissions));
        this.stream = Channels.newOutputStream(channel);
    }

    /** Begins a file in {@code folder}, readable by everybody; creates missing folders. */
    public static PendingFile in(Path folder) throws IOException {
        return in(folder, DurableFile.EVERYBODY_READS);
    }

    /** Begins a file in {@code folder} that only its owner may read; creates missing folders. */
    public static PendingFile secretIn(Path folder) throws IOException {
        return in(folder, DurableFile.OWNER_ONLY);
    }

    static PendingFile in(Path folder, Set<PosixFilePermission> permissions) throws IOException {
        return new PendingFile(folder, permissions);
    }

    /** Takes the contents; unbuffered. */
    public OutputStream stream() {
        return stream;
    }

    /** Bytes written so far. */
    public long size() throws IOException {
        return channel.size();
    }

    /** Flushes the contents and gives the file its name, replacing what had it. @param name in the same folder */
    public void commit(String name) throws IOException {
        channel.force(true);
        Files.move(
                temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFile.flushFolder(folder);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
