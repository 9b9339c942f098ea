package org.commissure.site.cohort;

/**
 * What a person should know about an admitted participant.
 *
 * @param file relative to the cohort's folder
 */
public record Note(String participantId, String file, String text) {
    /** Leaves the participant and the path out: this may end in a log. */
    @Override
    public String toString() {
        return "Note[]";
    }
}
