package org.commissure.privacy.identity;

/** A certificate that is not accepted. The message says whose, why, and what to do about it. */
public final class CertificateRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    CertificateRefusedException(String what, String remedy) {
        super(what + "; " + remedy);
        this.remedy = remedy;
    }

    /** The last part of the message: what to do. */
    public String remedy() {
        return remedy;
    }
}
