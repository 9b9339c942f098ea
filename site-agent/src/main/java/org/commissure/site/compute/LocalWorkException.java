package org.commissure.site.compute;

/**
 * Local training or evaluation cannot give a vector; the site leaves this attempt and the round goes
 * on without it. The message travels to the coordinator: no patient, no value, no count.
 */
public final class LocalWorkException extends Exception {
    private static final long serialVersionUID = 1L;

    public LocalWorkException(String message) {
        super(message);
    }

    public LocalWorkException(String message, Throwable cause) {
        super(message, cause);
    }
}
