-- People, their one-time tickets, their sessions.
-- Types: ids UUID, times BIGINT (µs since the epoch), truth values BOOLEAN, documents JSONB.

CREATE TABLE users (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT NOT NULL,
    -- Lower case: addresses and names are unique without regard to case.
    email_key TEXT NOT NULL UNIQUE,
    email_verified_at BIGINT,
    username TEXT,
    username_key TEXT UNIQUE,
    display_name TEXT,
    -- Further standard claims (given_name, locale, picture …).
    profile JSONB NOT NULL,
    password_hash TEXT,
    password_changed_at BIGINT,
    is_active BOOLEAN NOT NULL,
    is_admin BOOLEAN NOT NULL,
    failures BIGINT NOT NULL,
    last_failure_at BIGINT,
    locked_until BIGINT,
    last_sign_in_at BIGINT,
    last_passkey_sign_in_at BIGINT,
    security_stamp UUID NOT NULL,
    preferred_organization_id UUID,
    external_ids JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- An account whose address nobody confirmed is removed then.
    forget_at BIGINT
);

CREATE INDEX users_by_forget_at ON users (forget_at);

-- One-time links and codes sent by mail; only digests of them.
CREATE TABLE tickets (
    id UUID PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    link_digest BYTEA NOT NULL UNIQUE,
    code_digest BYTEA,
    -- Wrong codes typed so far.
    attempts BIGINT NOT NULL,
    -- The interaction to go back to afterwards.
    return_to TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX tickets_by_user ON tickets (user_id, kind);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

-- What a browser's cookie stands for: the record of tower-sessions.
CREATE TABLE browsers (
    digest BYTEA PRIMARY KEY NOT NULL,
    data JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX browsers_by_expiry ON browsers (expires_at);

-- One sign-in of one person.
CREATE TABLE sessions (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    security_stamp UUID NOT NULL,
    -- 'browser' or 'api'.
    kind TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    amr JSONB NOT NULL,
    ip TEXT,
    user_agent TEXT,
    stay_signed_in BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_active_at BIGINT NOT NULL,
    -- Absolute end; idle time is judged by last_active_at.
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);

CREATE INDEX sessions_by_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
