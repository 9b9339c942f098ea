package org.commissure.site.connection;

/** An upload or a download that will not succeed by being tried again. */
public final class TransferRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public TransferRefusedException(String message) {
        super(message);
    }
}
