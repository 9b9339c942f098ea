-- Runs that wait for their turn, in the order of their positions; their initial models are files of the home. A row goes
-- once its run has begun.
CREATE TABLE run_queue (
    run_id             TEXT PRIMARY KEY,
    position           INTEGER NOT NULL,
    study              TEXT NOT NULL,
    not_before_unix_ms INTEGER NOT NULL,
    approvals          INTEGER NOT NULL,
    queued_unix_ms     INTEGER NOT NULL,
    problem            TEXT NOT NULL  -- why it was refused when it was its turn; empty: it was not
);
