package org.commissure.site.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;

/** Reads the study that a command was pointed at. */
final class StudyInput {
    private StudyInput() {}

    static StudyFile read(Path study) {
        try {
            return StudyFile.parse(Files.readString(study));
        } catch (IOException e) {
            throw new UserError("the study " + study + " cannot be read", "check the path", e);
        } catch (StudyException e) {
            throw new UserError(study + ": " + e.getMessage(), "correct the study", e);
        }
    }
}
