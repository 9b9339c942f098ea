-- 1: the account is there, and nobody may sign in with it.
ALTER TABLE console_user ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
