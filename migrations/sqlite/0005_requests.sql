-- What applications ask for before anybody sees a page, and what there is to ask for.

-- Pushed authorization requests (RFC 9126), by the digest of their handle.
CREATE TABLE pushed_requests (
    digest BLOB PRIMARY KEY NOT NULL,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    -- Set together with the answer to the application.
    used_at INTEGER
) STRICT;

CREATE INDEX pushed_requests_by_client ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at);

-- APIs that access tokens are for (D11, RFC 8707).
CREATE TABLE resources (
    -- What a client names in `resource`, and what stands in `aud`.
    identifier TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What a scope means, in words (D10, D11).
CREATE TABLE scopes (
    name TEXT PRIMARY KEY NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
