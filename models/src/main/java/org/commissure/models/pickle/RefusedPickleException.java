package org.commissure.models.pickle;

import java.io.IOException;

/** A pickle that asks for something outside the closed list, or is damaged. Names the opcode or global and its byte. */
public final class RefusedPickleException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 80;

    RefusedPickleException(String problem) {
        super(problem);
    }

    /** Text from the file, fit for a terminal. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean;
    }
}
