package org.commissure.coordinator.aggregation;

/** An upload, or the announcement of one, that does not fit what was agreed; says how. */
public final class UploadRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public UploadRefusedException(String what) {
        super(what);
    }
}
