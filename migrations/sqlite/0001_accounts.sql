-- People, their one-time tickets, their sessions.
-- Types: ids BLOB (UUID), times INTEGER (µs since the epoch), truth values INTEGER, documents TEXT (JSON).

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    -- Lower case: addresses and names are unique without regard to case.
    email_key TEXT NOT NULL UNIQUE,
    email_verified_at INTEGER,
    username TEXT,
    username_key TEXT UNIQUE,
    display_name TEXT,
    -- Further standard claims (given_name, locale, picture …).
    profile TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at INTEGER,
    is_active INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    last_failure_at INTEGER,
    locked_until INTEGER,
    last_sign_in_at INTEGER,
    last_passkey_sign_in_at INTEGER,
    security_stamp BLOB NOT NULL,
    preferred_organization_id BLOB,
    external_ids TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    -- An account whose address nobody confirmed is removed then.
    forget_at INTEGER
) STRICT;

CREATE INDEX users_by_forget_at ON users (forget_at);

-- One-time links and codes sent by mail; only digests of them.
CREATE TABLE tickets (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    link_digest BLOB NOT NULL UNIQUE,
    code_digest BLOB,
    -- Wrong codes typed so far.
    attempts INTEGER NOT NULL,
    -- The interaction to go back to afterwards.
    return_to TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX tickets_by_user ON tickets (user_id, kind);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

-- What a browser's cookie stands for: the record of tower-sessions.
CREATE TABLE browsers (
    digest BLOB PRIMARY KEY NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX browsers_by_expiry ON browsers (expires_at);

-- One sign-in of one person.
CREATE TABLE sessions (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    security_stamp BLOB NOT NULL,
    -- 'browser' or 'api'.
    kind TEXT NOT NULL,
    auth_time INTEGER NOT NULL,
    amr TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    stay_signed_in INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_active_at INTEGER NOT NULL,
    -- Absolute end; idle time is judged by last_active_at.
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
