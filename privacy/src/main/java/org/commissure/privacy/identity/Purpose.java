package org.commissure.privacy.identity;

/** What a certificate may be used for; no certificate serves both. */
public enum Purpose {
    /** Either end of a TLS connection. */
    TLS,
    /** Messages and log entries. */
    SIGNING
}
