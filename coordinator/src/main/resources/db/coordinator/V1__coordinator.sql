-- Enrolled sites. A site that enrols again replaces its certificates.
CREATE TABLE site (
    name                TEXT PRIMARY KEY,
    tls_sha256          BLOB NOT NULL,
    signing_certificate BLOB NOT NULL,
    enrolled_unix_ms    INTEGER NOT NULL
);

-- One-time tokens, by hash only.
CREATE TABLE invitation (
    token_sha256    BLOB PRIMARY KEY,
    site            TEXT NOT NULL,
    expires_unix_ms INTEGER NOT NULL,
    used_unix_ms    INTEGER
);

CREATE TABLE run (
    id              TEXT PRIMARY KEY,
    started_unix_ms INTEGER NOT NULL,
    written         INTEGER NOT NULL DEFAULT 0  -- 1: its folder is complete
);

-- What happened to a run, in order; its state follows from this alone.
CREATE TABLE run_event (
    run_id TEXT NOT NULL REFERENCES run (id),
    seq    INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);

-- Leaves of the transparency log, written in the transaction of what they tell. Row k becomes leaf
-- k - 1; numbers are never given twice, so the log's own size says what is still to be appended.
CREATE TABLE log_outbox (
    leaf        INTEGER PRIMARY KEY AUTOINCREMENT,
    signed      BLOB NOT NULL,
    certificate BLOB NOT NULL
);

-- Entries that sites submitted, so that a repeated submission gets the same receipt.
CREATE TABLE log_submission (
    entry_sha256 BLOB PRIMARY KEY,
    leaf         INTEGER NOT NULL
);
