package org.commissure.client;

import java.io.IOException;

/** The console did not do what it was asked; the message says why, {@link #remedy} what to do. */
public final class ConsoleException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String remedy;

    ConsoleException(int status, String message, String remedy) {
        super(message);
        this.status = status;
        this.remedy = remedy;
    }

    /** The HTTP status; 401: nobody is signed in, 403: not for this role, 404: there is no such thing, 409: not now. */
    public int status() {
        return status;
    }

    public String remedy() {
        return remedy;
    }
}
