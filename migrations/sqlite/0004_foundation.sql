-- Opaque access tokens, identifiers that may be used once, pushed requests, secrets that are shared as keys.

-- The client secret itself, sealed by the master key, where it signs (client_secret_jwt, HS256); else only its digest.
ALTER TABLE client_secrets ADD COLUMN sealed BLOB;

-- Opaque access tokens (D6), by their digest.
CREATE TABLE access_tokens (
    digest BLOB PRIMARY KEY NOT NULL,
    -- The family; none for tokens that clients have for themselves.
    grant_id BLOB REFERENCES grants (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- What a JWT would say.
    claims TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX access_tokens_by_grant ON access_tokens (grant_id);
CREATE INDEX access_tokens_by_client ON access_tokens (client_id);
CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

-- Identifiers that may be used once (jti of assertions, request objects and DPoP proofs): digest of kind, owner and id.
CREATE TABLE used_ids (
    digest BLOB PRIMARY KEY NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX used_ids_by_expiry ON used_ids (expires_at);
