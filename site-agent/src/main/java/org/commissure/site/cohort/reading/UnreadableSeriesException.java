package org.commissure.site.cohort.reading;

import java.io.IOException;

/** A file that is not read as a series. The message says what is wrong with it and holds no value of it. */
public final class UnreadableSeriesException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** What can be done about it. */
    public enum Problem {
        /** Not of the format its name says, or shorter than it says: copy it again. */
        DAMAGED,
        /** Sound, but not a series that is read: save it otherwise. */
        UNSUPPORTED,
        /** Voxels or grayordinates, and no atlas to average them with. */
        NEEDS_ATLAS,
        /** Lies on another grid or in another space than the atlas. */
        SPACE_MISMATCH
    }

    UnreadableSeriesException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    UnreadableSeriesException(Problem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    static UnreadableSeriesException damaged(String message) {
        return new UnreadableSeriesException(Problem.DAMAGED, message);
    }

    static UnreadableSeriesException unsupported(String message) {
        return new UnreadableSeriesException(Problem.UNSUPPORTED, message);
    }

    static UnreadableSeriesException mismatch(String message) {
        return new UnreadableSeriesException(Problem.SPACE_MISMATCH, message);
    }

    public Problem problem() {
        return problem;
    }
}
