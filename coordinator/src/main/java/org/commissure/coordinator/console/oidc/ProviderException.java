package org.commissure.coordinator.console.oidc;

import org.commissure.protocol.UserError;

/** Why nobody can be signed in through the provider just now. Neither part holds a secret, a code or a token. */
public final class ProviderException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String remedy;

    /** Whose turn it is to do something. */
    public enum Kind {
        /** The provider does not answer, or not as one. */
        UNREACHABLE,
        /** It answered, and the answer proves nothing. */
        UNTRUSTED,
        /** The person, or the provider, said no. */
        REFUSED
    }

    ProviderException(Kind kind, String what, String remedy) {
        super(what);
        this.kind = kind;
        this.remedy = remedy;
    }

    ProviderException(Kind kind, String what, String remedy, Throwable cause) {
        super(what, cause);
        this.kind = kind;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    public String remedy() {
        return remedy;
    }

    public UserError asUserError() {
        return new UserError(String.valueOf(getMessage()), remedy, this);
    }
}
