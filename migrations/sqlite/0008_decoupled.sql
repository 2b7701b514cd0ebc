-- Authorizations that a program asks for and polls, and that a person decides about elsewhere: device codes (RFC 8628) and
-- backchannel authentication requests (CIBA).
CREATE TABLE decoupled_requests (
    id BLOB PRIMARY KEY NOT NULL,
    -- 'device' or 'backchannel'.
    kind TEXT NOT NULL,
    -- Of the device code or auth_req_id, which the client polls with.
    digest BLOB NOT NULL UNIQUE,
    -- Of the code that people type, keyed by the master key; device codes only.
    user_code_digest BLOB UNIQUE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- Who is asked; for device codes none until somebody has decided.
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    -- Where it came from, binding message … (see grant::decoupled).
    details TEXT NOT NULL,
    -- Not yet decided when null.
    is_allowed INTEGER,
    -- What came of it.
    grant_id BLOB REFERENCES grants (id) ON DELETE CASCADE,
    redeemed_at INTEGER,
    polled_at INTEGER,
    -- Grows when the client polls too fast.
    interval_secs INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX decoupled_requests_by_user ON decoupled_requests (user_id, client_id);
CREATE INDEX decoupled_requests_by_client ON decoupled_requests (client_id);
CREATE INDEX decoupled_requests_by_grant ON decoupled_requests (grant_id);
CREATE INDEX decoupled_requests_by_expiry ON decoupled_requests (expires_at);
