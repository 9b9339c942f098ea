-- Signed plans of studies, and what each site said about them last; the log has every word.
CREATE TABLE plan (
    plan_sha256       BLOB PRIMARY KEY,
    signed            BLOB NOT NULL,
    published_unix_ms INTEGER NOT NULL
);

CREATE TABLE plan_decision (
    plan_sha256     BLOB NOT NULL REFERENCES plan (plan_sha256),
    site            TEXT NOT NULL,
    action          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    decided_unix_ms INTEGER NOT NULL,
    PRIMARY KEY (plan_sha256, site)
);
