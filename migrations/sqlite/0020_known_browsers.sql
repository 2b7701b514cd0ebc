-- Where an account was opened before: its owner is told when it is opened elsewhere (B9).
CREATE TABLE known_browsers (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Of the token in the browser's cookie, or of what a program calls itself.
    digest BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, digest)
) STRICT;

CREATE INDEX known_browsers_by_use ON known_browsers (last_used_at);
