-- People who may sign in to the console; the password only as an Argon2id hash.
CREATE TABLE console_user (
    name            TEXT PRIMARY KEY,
    role            TEXT NOT NULL,
    password        TEXT NOT NULL,
    changed_unix_ms INTEGER NOT NULL
);

-- Who read what at the console, and who was refused. Personal data: kept here, never in the transparency log.
CREATE TABLE console_access (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_unix_ms INTEGER NOT NULL,
    person     TEXT NOT NULL,
    address    TEXT NOT NULL,
    what       TEXT NOT NULL,
    outcome    TEXT NOT NULL
);

CREATE INDEX console_access_at ON console_access (at_unix_ms);
