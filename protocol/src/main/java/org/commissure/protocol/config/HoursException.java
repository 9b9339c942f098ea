package org.commissure.protocol.config;

/** Hours that cannot be meant; names the key, so that the file's reader can say where. */
public final class HoursException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String problem;
    private final String remedy;

    HoursException(String key, String problem, String remedy) {
        super(key + " " + problem);
        this.key = key;
        this.problem = problem;
        this.remedy = remedy;
    }

    /** The dotted key. */
    public String key() {
        return key;
    }

    public String problem() {
        return problem;
    }

    public String remedy() {
        return remedy;
    }
}
