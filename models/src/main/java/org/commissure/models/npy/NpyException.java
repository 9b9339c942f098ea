package org.commissure.models.npy;

import java.io.IOException;

/** A file that is not what NumPy writes, or holds an array that is not read. Names the problem, no values. */
public final class NpyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** Whose fault it is. */
    public enum Problem {
        /** No {@code .npy} file, or a damaged one. */
        DAMAGED,
        /** A {@code .npy} file of another kind than is read. */
        UNSUPPORTED
    }

    private NpyException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    static NpyException damaged(String message) {
        return new NpyException(Problem.DAMAGED, message);
    }

    static NpyException unsupported(String message) {
        return new NpyException(Problem.UNSUPPORTED, message);
    }

    public Problem problem() {
        return problem;
    }
}
