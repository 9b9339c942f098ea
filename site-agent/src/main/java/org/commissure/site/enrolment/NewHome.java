package org.commissure.site.enrolment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;

/** A site's folder in the making: invisible under its name until it is complete and on disk. */
final class NewHome {
    private final Path target;
    private final SiteHome temporary;

    private NewHome(Path target, SiteHome temporary) {
        this.target = target;
        this.temporary = temporary;
    }

    /** @throws UserError if {@code target} is already enrolled, or holds anything else */
    static NewHome beside(Path target) {
        Path absolute = target.toAbsolutePath().normalize();
        if (Files.exists(new SiteHome(absolute).settings())) {
            throw new UserError(
                    "there is an enrolled site at " + absolute + " already",
                    "choose another --home, or move the old folder away; its ledger must be kept");
        }
        try {
            if (Files.exists(absolute) && !isEmpty(absolute)) {
                throw new UserError("the folder " + absolute + " is not empty", "choose an empty or new --home");
            }
            Path parent = absolute.getParent() == null ? absolute : absolute.getParent();
            Files.createDirectories(parent);
            // Only the owner reads what is in there, from the first moment on.
            Path temporary = Files.createTempDirectory(
                    parent,
                    "." + absolute.getFileName() + ".enrolling-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            SiteHome home = new SiteHome(temporary);
            for (Path folder : List.of(home.identity(), home.outgoing(), home.models())) {
                Files.createDirectory(folder);
            }
            return new NewHome(absolute, home);
        } catch (IOException e) {
            throw new UserError(
                    "the folder " + absolute + " cannot be created: " + e.getMessage(),
                    "choose a --home where this user may write",
                    e);
        }
    }

    SiteHome temporary() {
        return temporary;
    }

    void moveIntoPlace() throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(temporary.directory())) {
            files = walk.toList();
        }
        for (Path file : files) {
            sync(file);
        }
        Files.move(temporary.directory(), target, StandardCopyOption.ATOMIC_MOVE);
        Path parent = target.getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    /** Removes what is left where the move did not happen. */
    void discard() {
        if (!Files.exists(temporary.directory())) {
            return;
        }
        try (Stream<Path> walk = Files.walk(temporary.directory())) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + temporary.directory(), e);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
