package org.commissure.coordinator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import picocli.CommandLine.Option;

/** The study's file. */
final class StudyOption {
    @Option(names = "--study", required = true, paramLabel = "FILE", description = "The study, in TOML.")
    private Path study = Path.of("");

    /** Its exact text, which is what sites approve. */
    String text() {
        try {
            return Files.readString(study);
        } catch (IOException e) {
            throw new UserError("the study " + study + " cannot be read", "check the path", e);
        }
    }
}
