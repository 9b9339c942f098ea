package org.commissure.coordinator.round;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/** Why the coordinator itself failed, in words for an operator. */
final class Causes {
    private Causes() {}

    static String of(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return "the database cannot be written (" + sql.getMessage()
                        + "); check the coordinator's free disk space";
            }
            if (cause instanceof IOException io && !(io instanceof java.io.EOFException)) {
                return "a file cannot be read or written (" + io.getMessage()
                        + "); check the coordinator's free disk space";
            }
        }
        return problem instanceof UncheckedIOException
                ? String.valueOf(problem.getMessage())
                : "a defect (" + problem.getClass().getSimpleName()
                        + "); the coordinator's process log has the details";
    }
}
