-- Browsers in which somebody is asked for the password alone for a while (B7).
CREATE TABLE trusted_browsers (
    id UUID PRIMARY KEY NOT NULL,
    -- Of the token in the browser's cookie.
    digest BYTEA NOT NULL UNIQUE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The owner's at that moment: void when it changes.
    security_stamp UUID NOT NULL,
    user_agent TEXT,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT NOT NULL
);

CREATE INDEX trusted_browsers_by_user ON trusted_browsers (user_id);
CREATE INDEX trusted_browsers_by_expiry ON trusted_browsers (expires_at);
