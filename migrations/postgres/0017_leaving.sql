-- Accounts whose owners asked for their end (A10): erased then, unless they keep them.
ALTER TABLE users ADD COLUMN erase_at BIGINT;
CREATE INDEX users_by_erase_at ON users (erase_at);
