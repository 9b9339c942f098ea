package org.commissure.protocol.config;

/** A TOML text that does not fit its record; says which key and what to write instead. */
public final class TomlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String problem;
    private final int line;

    TomlException(String key, String problem) {
        this(key, problem, 0);
    }

    TomlException(String key, String problem, int line) {
        super(key.isEmpty() ? problem : key + " " + problem);
        this.key = key;
        this.problem = problem;
        this.line = line;
    }

    /** The dotted key, or the empty string where the text as a whole is at fault. */
    public String key() {
        return key;
    }

    public String problem() {
        return problem;
    }

    /** The line of the key, or of the table where the key is missing, from 1; 0 where that is not known. */
    public int line() {
        return line;
    }
}
