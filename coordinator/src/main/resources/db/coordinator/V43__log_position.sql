-- How many leaves of the log were ever given out, counted by ourselves in the transaction that gives one: a sequence of
-- PostgreSQL leaves gaps, and the log cannot have any.
CREATE TABLE log_position (
    given INTEGER NOT NULL
);

INSERT INTO log_position (given) SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'log_outbox';
