package org.commissure.privacy.identity;

/** A certificate request that is not granted. The message says which one, why, and the remedy. */
public final class EnrolmentRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    EnrolmentRefusedException(String what, String remedy) {
        super(what + "; " + remedy);
        this.remedy = remedy;
    }

    /** The last part of the message: what to do. */
    public String remedy() {
        return remedy;
    }
}
