-- A site whose certificate was renewed may still show the one before, until that ends by itself.
ALTER TABLE site ADD COLUMN previous_tls_sha256 BLOB;
ALTER TABLE site ADD COLUMN tls_expires_unix_ms INTEGER NOT NULL DEFAULT 0;

-- Every deny list that was ever signed; the newest counts.
CREATE TABLE deny_list (
    sequence INTEGER PRIMARY KEY,
    signed   BLOB NOT NULL
);

-- Operators' signatures on plans, where the federation wants several before a run starts.
CREATE TABLE run_approval (
    plan_sha256 BLOB NOT NULL,
    operator    TEXT NOT NULL,
    signed      BLOB NOT NULL,
    certificate BLOB NOT NULL,
    PRIMARY KEY (plan_sha256, operator)
);
