CREATE TABLE run_queue (
    run_id             TEXT PRIMARY KEY,
    position           BIGINT NOT NULL,
    study              TEXT NOT NULL,
    not_before_unix_ms BIGINT NOT NULL,
    approvals          BIGINT NOT NULL,
    queued_unix_ms     BIGINT NOT NULL,
    problem            TEXT NOT NULL
);
