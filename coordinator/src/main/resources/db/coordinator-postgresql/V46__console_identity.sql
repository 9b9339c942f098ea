CREATE TABLE console_identity (
    name    TEXT PRIMARY KEY,
    issuer  TEXT NOT NULL,
    subject TEXT,
    email   TEXT,
    granted BIGINT NOT NULL,
    UNIQUE (issuer, subject),
    UNIQUE (issuer, email)
);
