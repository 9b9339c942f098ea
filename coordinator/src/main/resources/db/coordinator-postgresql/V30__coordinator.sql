-- The schema of db/coordinator in PostgreSQL's words; what the tables mean is said there. Where SQLite numbers rows by
-- itself, a column of that name does.

CREATE TABLE site (
    name                TEXT PRIMARY KEY,
    tls_sha256          BYTEA NOT NULL,
    signing_certificate BYTEA NOT NULL,
    enrolled_unix_ms    BIGINT NOT NULL,
    previous_tls_sha256 BYTEA,
    tls_expires_unix_ms BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE invitation (
    token_sha256    BYTEA PRIMARY KEY,
    site            TEXT NOT NULL,
    expires_unix_ms BIGINT NOT NULL,
    used_unix_ms    BIGINT
);

CREATE TABLE run (
    id              TEXT PRIMARY KEY,
    started_unix_ms BIGINT NOT NULL,
    written         BIGINT NOT NULL DEFAULT 0,
    rowid           BIGINT GENERATED ALWAYS AS IDENTITY
);

CREATE TABLE run_event (
    run_id TEXT NOT NULL REFERENCES run (id),
    seq    BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE log_outbox (
    leaf        BIGINT PRIMARY KEY,
    signed      BYTEA NOT NULL,
    certificate BYTEA NOT NULL
);

CREATE TABLE log_submission (
    entry_sha256 BYTEA PRIMARY KEY,
    leaf         BIGINT NOT NULL
);

CREATE TABLE plan (
    plan_sha256       BYTEA PRIMARY KEY,
    signed            BYTEA NOT NULL,
    published_unix_ms BIGINT NOT NULL,
    rowid             BIGINT GENERATED ALWAYS AS IDENTITY
);

CREATE TABLE plan_decision (
    plan_sha256     BYTEA NOT NULL REFERENCES plan (plan_sha256),
    site            TEXT NOT NULL,
    action          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    decided_unix_ms BIGINT NOT NULL,
    PRIMARY KEY (plan_sha256, site)
);

CREATE TABLE deny_list (
    sequence BIGINT PRIMARY KEY,
    signed   BYTEA NOT NULL
);

CREATE TABLE run_approval (
    plan_sha256 BYTEA NOT NULL,
    operator    TEXT NOT NULL,
    signed      BYTEA NOT NULL,
    certificate BYTEA NOT NULL,
    PRIMARY KEY (plan_sha256, operator)
);

CREATE TABLE console_user (
    name            TEXT PRIMARY KEY,
    role            TEXT NOT NULL,
    password        TEXT NOT NULL,
    changed_unix_ms BIGINT NOT NULL
);

CREATE TABLE console_access (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_unix_ms BIGINT NOT NULL,
    person     TEXT NOT NULL,
    address    TEXT NOT NULL,
    what       TEXT NOT NULL,
    outcome    TEXT NOT NULL
);

CREATE INDEX console_access_at ON console_access (at_unix_ms);
