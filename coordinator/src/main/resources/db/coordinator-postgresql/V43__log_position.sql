CREATE TABLE log_position (
    given BIGINT NOT NULL
);

INSERT INTO log_position (given) VALUES (0);

-- Who leads: every new leader counts on, and writes only while the number is its own. PostgreSQL only, for nobody but
-- one process of one machine writes to a file.
CREATE TABLE leader (
    epoch BIGINT NOT NULL
);

INSERT INTO leader (epoch) VALUES (0);
