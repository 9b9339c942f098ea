package org.commissure.protocol;

/**
 * Something a person can put right. The command lines print {@code error: <what>} and
 * {@code remedy: <remedy>} and no stack trace. Neither part may hold secrets or patient ids.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param what what was wrong, and where
     * @param remedy what to do about it
     */
    public UserError(String what, String remedy) {
        super(what);
        this.remedy = remedy;
    }

    public UserError(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
