-- Accounts that came from elsewhere (A11, A12).

-- The ids they have there: one for each source.
CREATE TABLE external_ids (
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (source, external_id),
    UNIQUE (user_id, source)
) STRICT;

-- What the last import said of an account, by field: what differs from it was changed here. Of the password only a digest.
CREATE TABLE imported_users (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    brought TEXT NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;

-- Never filled: the table above takes its place.
ALTER TABLE users DROP COLUMN external_ids;
