package org.commissure.coordinator.storage;

/** An enrolment token that is not accepted; the message says why and never repeats the token. */
public final class TokenRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    TokenRefusedException(String what) {
        super(what + "; ask the coordinator for a new invitation");
    }
}
