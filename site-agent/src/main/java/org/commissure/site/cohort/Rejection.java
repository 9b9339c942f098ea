package org.commissure.site.cohort;

/**
 * A participant who does not take part.
 *
 * @param file the file at fault, relative to the cohort's folder
 * @param message what is wrong with it
 */
public record Rejection(String participantId, String file, RejectionReason reason, String message) {
    public String fix() {
        return reason.fix();
    }

    /** Leaves the participant and the path out: this may end in a log. */
    @Override
    public String toString() {
        return "Rejection[" + reason.code() + "]";
    }
}
