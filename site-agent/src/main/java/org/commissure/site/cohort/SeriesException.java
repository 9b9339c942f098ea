package org.commissure.site.cohort;

/** A series file that cannot be read as what it should be. */
final class SeriesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;

    SeriesException(RejectionReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    RejectionReason reason() {
        return reason;
    }
}
