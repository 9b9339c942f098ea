package org.commissure.protocol.config;

/** A TOML text that does not fit its record; says which key and what to write instead. */
public final class TomlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String problem;

    TomlException(String key, String problem) {
        super(key.isEmpty() ? problem : key + " " + problem);
        this.key = key;
        this.problem = problem;
    }

    /** The dotted key, or the empty string where the text as a whole is at fault. */
    public String key() {
        return key;
    }

    public String problem() {
        return problem;
    }
}
