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

    /** A series that was admitted is gone or not the same any more. */
    public static LocalWorkException unreadableSeries(Throwable cause) {
        return new LocalWorkException(
                "a series of this site's cohort cannot be read or has changed; run `commissure cohort check` at the"
                        + " site and restore the file",
                cause);
    }
}
