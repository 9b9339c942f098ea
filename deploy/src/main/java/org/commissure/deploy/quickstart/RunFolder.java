package org.commissure.deploy.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * Where one quickstart leaves everything. The results come first, as links into the coordinator's
 * folder: model.safetensors, config.json, model-card.md, report.json, report.html, log.
 */
record RunFolder(Path path) {

    /** @throws UserError if the folder holds something already */
    static RunFolder create(@Nullable Path asked, LocalDateTime now) {
        Path path = (asked != null
                        ? asked
                        : Path.of("run-"
                                + DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(now)))
                .toAbsolutePath()
                .normalize();
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    if (entries.findAny().isPresent()) {
                        throw new UserError("the run folder " + path + " is not empty", "choose another with --out");
                    }
                }
            }
            Files.createDirectories(path);
            return new RunFolder(path);
        } catch (FileAlreadyExistsException e) {
            throw new UserError("the run folder " + path + " is a file", "choose another with --out", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the run folder " + path, e);
        }
    }

    Path study() {
        return path.resolve("study.toml");
    }

    /** Puts links to the results of the run in {@code results} and to the log at the top. */
    void link(Path results, Path log) {
        try (Stream<Path> entries = Files.list(results)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                link(entry);
            }
            link(RunFolders.evaluations(results).folder());
            link(log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot link the results into " + path, e);
        }
    }

    private void link(Path target) throws IOException {
        Path name = path.resolve(target.getFileName());
        if (!Files.exists(name)) {
            Files.createSymbolicLink(name, path.relativize(target));
        }
    }
}
