package org.commissure.models.training;

import java.io.IOException;

/** A scan that cannot be trained or evaluated on, named by its place in the list and never by its patient. */
public final class ScanException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int index;

    ScanException(int index, String problem) {
        super("scan " + index + " (counted from 0) " + problem);
        this.index = index;
    }

    ScanException(int index, String problem, Throwable cause) {
        this(index, problem);
        initCause(cause);
    }

    /** Place in the list of scans, counted from 0. */
    public int index() {
        return index;
    }
}
