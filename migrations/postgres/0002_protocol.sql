-- Applications that trust us, what people allowed them, and the codes and tokens they hold.

CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- Everything a client is registered with beyond its name (see client::Settings).
    settings JSONB NOT NULL,
    -- Made by Ostiary itself, neither shown nor changed.
    is_system BOOLEAN NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    -- Grows with each change, so that caches can tell.
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE client_secrets (
    id UUID PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL,
    -- The last four characters, to tell two live secrets apart.
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

CREATE INDEX client_secrets_by_client ON client_secrets (client_id);

CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY NOT NULL,
    algorithm TEXT NOT NULL,
    -- PKCS#8, sealed by the master key.
    sealed_private_key BYTEA NOT NULL,
    public_jwk JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    -- Published from created_at on; signs from active_at on.
    active_at BIGINT NOT NULL,
    -- Signs no more from here on.
    retired_at BIGINT,
    -- Published no more from here on.
    expires_at BIGINT,
    revoked_at BIGINT
);

-- A stored authorization request on its way to an answer.
CREATE TABLE interactions (
    id UUID PRIMARY KEY NOT NULL,
    digest BYTEA NOT NULL UNIQUE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    request JSONB NOT NULL,
    -- What has happened on the way (see grant::InteractionState).
    state JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);

CREATE INDEX interactions_by_expiry ON interactions (expires_at);

-- Remembered consent of one person to one client (D10).
CREATE TABLE consents (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    -- What was asked (see grant::ConsentDetails); `scope` is what of it was allowed.
    details JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id)
);

-- The family of everything one authorization issued (D3).
CREATE TABLE grants (
    id UUID PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id UUID REFERENCES sessions (id) ON DELETE SET NULL,
    security_stamp UUID NOT NULL,
    scope TEXT NOT NULL,
    -- nonce, claims request, acr, amr, auth_time … (see grant::GrantDetails).
    details JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_why TEXT
);

CREATE INDEX grants_by_user ON grants (user_id, client_id);
CREATE INDEX grants_by_session ON grants (session_id);
CREATE INDEX grants_by_client ON grants (client_id);
CREATE INDEX grants_by_expiry ON grants (expires_at);

CREATE TABLE authorization_codes (
    digest BYTEA PRIMARY KEY NOT NULL,
    grant_id UUID NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX authorization_codes_by_grant ON authorization_codes (grant_id);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
    digest BYTEA PRIMARY KEY NOT NULL,
    grant_id UUID NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    -- Set on use: with the old token and the instance's key it makes the successor again, so that a repeated
    -- request can be answered alike although only digests are stored.
    successor_salt BYTEA
);

CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Access tokens revoked before their end, by their `jti` (RFC 7009).
CREATE TABLE revoked_tokens (
    jti TEXT PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

-- Stands for our own REST API (D5).
INSERT INTO clients (id, name, settings, is_system, is_enabled, version, created_at, updated_at)
VALUES ('ostiary', 'Ostiary', '{"auth_method":"none","grant_types":["refresh_token"],"first_party":true}', TRUE, TRUE, 1, 0, 0);
