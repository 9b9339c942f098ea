-- What a site must remember to answer every repeated request with the same bytes.
CREATE TABLE site_setting (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
);

-- One row per attempt at one secure sum. secrets and answer are set to NULL when the sum ends.
CREATE TABLE secure_sum (
  run_id     TEXT    NOT NULL,
  round      INTEGER NOT NULL,
  kind       TEXT    NOT NULL,
  attempt    INTEGER NOT NULL,
  phase      TEXT    NOT NULL,
  invitation BLOB    NOT NULL,
  secrets    BLOB,
  answer     BLOB,
  note       TEXT    NOT NULL,
  opened_ms  INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (run_id, round, kind, attempt)
);

-- The split into internal and external patients that a run was started with.
CREATE TABLE sealed_cohort (
  run_id          TEXT PRIMARY KEY,
  internal_sha256 BLOB    NOT NULL,
  external_sha256 BLOB    NOT NULL,
  entry_sha256    BLOB    NOT NULL
);

-- Signed log entries; log_index is NULL until the coordinator's log holds the entry.
CREATE TABLE log_entry (
  sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
  entry_sha256 BLOB    NOT NULL UNIQUE,
  entry        BLOB    NOT NULL,
  log_index    INTEGER
);
