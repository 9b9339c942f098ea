-- Whom an OpenID provider vouches for, and as which console user. One row for each user who signs in so.
-- subject: empty until somebody with that e-mail address signs in first. email: lower case; empty where bound by subject.
-- granted: 1 where the account is there because of a claim only, 0 where an administrator made it.
CREATE TABLE console_identity (
    name    TEXT PRIMARY KEY,
    issuer  TEXT NOT NULL,
    subject TEXT,
    email   TEXT,
    granted INTEGER NOT NULL,
    UNIQUE (issuer, subject),
    UNIQUE (issuer, email)
);
