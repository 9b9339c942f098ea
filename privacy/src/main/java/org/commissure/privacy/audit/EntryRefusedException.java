package org.commissure.privacy.audit;

/** An entry that the log does not take, or that does not verify; the message says why. */
public final class EntryRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    EntryRefusedException(String message) {
        super(message);
    }
}
