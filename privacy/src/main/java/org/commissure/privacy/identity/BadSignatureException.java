package org.commissure.privacy.identity;

/** A signed message that must not be believed; the message says whose, of which kind, and why. */
public final class BadSignatureException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadSignatureException(String message) {
        super(message);
    }
}
