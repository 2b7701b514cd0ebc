-- Browsers in which somebody is asked for the password alone for a while (B7).
CREATE TABLE trusted_browsers (
    id BLOB PRIMARY KEY NOT NULL,
    -- Of the token in the browser's cookie.
    digest BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The owner's at that moment: void when it changes.
    security_stamp BLOB NOT NULL,
    user_agent TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX trusted_browsers_by_user ON trusted_browsers (user_id);
CREATE INDEX trusted_browsers_by_expiry ON trusted_browsers (expires_at);
