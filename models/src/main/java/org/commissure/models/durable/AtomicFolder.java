package org.commissure.models.durable;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes a folder that appears whole or not at all, also after a power cut, if its files are written with {@link
 * AtomicFile}: filled beside its place, then renamed. Readable by its owner only.
 */
public final class AtomicFolder {
    private AtomicFolder() {}

    /** Fills the folder. */
    @FunctionalInterface
    public interface Content {
        /** @return whether the folder shall appear; otherwise nothing is left of it */
        boolean to(Path partial) throws IOException;
    }

    /** @throws FileAlreadyExistsException if {@code folder} exists; nothing was done */
    public static void create(Path folder, Content content) throws IOException {
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        Path parent = Objects.requireNonNull(folder.toAbsolutePath().getParent(), "a new folder lies in a folder");
        Files.createDirectories(parent);
        Path partial = Files.createTempDirectory(parent, "." + folder.getFileName() + ".partial-");
        try {
            if (content.to(partial)) {
                AtomicFile.force(partial);
                Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
                AtomicFile.force(parent);
            }
        } finally {
            delete(partial);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
