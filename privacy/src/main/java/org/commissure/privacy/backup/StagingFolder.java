package org.commissure.privacy.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** A folder for its owner only, on the disk where the result will lie; gone when closed. Not thread-safe. */
public final class StagingFolder implements AutoCloseable {
    private final Path folder;
    private boolean kept;

    private StagingFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes one beside {@code target}. */
    public static StagingFolder beside(Path target) throws IOException {
        Path parent = target.toAbsolutePath().normalize().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UserError("there is no folder for " + target, "make it, or name another");
        }
        return new StagingFolder(Files.createTempDirectory(parent, ".commissure-"));
    }

    public Path folder() {
        return folder;
    }

    /**
     * Gives the folder its name.
     *
     * @throws UserError if there is something of that name that is not empty
     */
    public void become(Path target) throws IOException {
        requireEmpty(target);
        Files.deleteIfExists(target);
        Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        kept = true;
    }

    /**
     * Nothing is ever restored over something.
     *
     * @throws UserError if {@code target} is there and holds anything
     */
    public static void requireEmpty(Path target) throws IOException {
        if (Files.exists(target)) {
            try (var inside = Files.list(target)) {
                if (inside.findAny().isPresent()) {
                    throw new UserError(
                            target + " is not empty", "name a folder that does not exist; nothing is overwritten");
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path done, @Nullable IOException problem) throws IOException {
                    Files.delete(done);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
