-- Signed plans of studies, as the coordinator sent them.
CREATE TABLE plan (
  plan_sha256 BLOB    PRIMARY KEY,
  signed      BLOB    NOT NULL,
  received_ms INTEGER NOT NULL
);

-- What stewards said about them, in order; nothing is ever changed or removed. Of an approval, terms is the
-- text that was approved and signature the steward's over it, where stewards have keys.
CREATE TABLE plan_decision (
  sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
  plan_sha256 BLOB    NOT NULL REFERENCES plan (plan_sha256),
  action      TEXT    NOT NULL,
  steward     TEXT    NOT NULL,
  terms       TEXT    NOT NULL,
  signature   BLOB    NOT NULL,
  reason      TEXT    NOT NULL,
  decided_ms  INTEGER NOT NULL
);

-- Which runs were begun under which plan: an approval's epsilon covers all of them together.
CREATE TABLE plan_run (
  plan_sha256 BLOB NOT NULL REFERENCES plan (plan_sha256),
  run_id      TEXT NOT NULL,
  PRIMARY KEY (plan_sha256, run_id)
);

-- Patients who withdrew, or consented again, by salted hash; in order, never changed but for the flag that
-- the ledger has the entry.
CREATE TABLE consent_change (
  sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
  patient    BLOB    NOT NULL,
  withdrawn  INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL,
  in_ledger  INTEGER NOT NULL DEFAULT 0
);
