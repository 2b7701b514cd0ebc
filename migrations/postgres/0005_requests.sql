-- What applications ask for before anybody sees a page, and what there is to ask for.

-- Pushed authorization requests (RFC 9126), by the digest of their handle.
CREATE TABLE pushed_requests (
    digest BYTEA PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    request JSONB NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Set together with the answer to the application.
    used_at BIGINT
);

CREATE INDEX pushed_requests_by_client ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at);

-- APIs that access tokens are for (D11, RFC 8707).
CREATE TABLE resources (
    -- What a client names in `resource`, and what stands in `aud`.
    identifier TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    settings JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a scope means, in words (D10, D11).
CREATE TABLE scopes (
    name TEXT PRIMARY KEY NOT NULL,
    settings JSONB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
