package org.commissure.protocol.study;

/** A study file that cannot be used; the message names the key and what is wrong with it. */
public final class StudyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;

    public StudyException(String key, String problem) {
        super(key.isEmpty() ? problem : key + " " + problem);
        this.key = key;
    }

    /** The dotted key, or the empty string where the file as a whole is at fault. */
    public String key() {
        return key;
    }
}
