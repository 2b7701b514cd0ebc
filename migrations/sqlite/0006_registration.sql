-- Clients that were not registered by operators: by themselves (RFC 7591), or by a document that they publish.

-- Whoever holds one may register clients (RFC 7591 §1.2).
CREATE TABLE initial_access_tokens (
    id BLOB PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    -- The policy of the configuration that its clients keep to; the general one when there is none.
    policy TEXT,
    -- How many clients it is good for; any number when there is none.
    max_uses INTEGER,
    uses INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE TABLE client_registrations (
    client_id TEXT PRIMARY KEY NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- 'open', 'token' or 'document'.
    origin TEXT NOT NULL,
    initial_token_id BLOB REFERENCES initial_access_tokens (id) ON DELETE SET NULL,
    policy TEXT,
    -- Of the token that reads and changes the registration (RFC 7592).
    digest BLOB UNIQUE,
    software_statement TEXT,
    -- From where it was registered.
    ip TEXT,
    created_at INTEGER NOT NULL,
    -- When it first proved itself, or had somebody sign in.
    used_at INTEGER,
    -- How long what the document said holds.
    fresh_until INTEGER
) STRICT;

CREATE INDEX client_registrations_by_token ON client_registrations (initial_token_id);
CREATE INDEX client_registrations_unused ON client_registrations (used_at, created_at);

-- Pictures of clients, made anew by us, by the SHA-256 of their bytes.
CREATE TABLE logos (
    digest BLOB PRIMARY KEY NOT NULL,
    png BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE client_logos (
    client_id TEXT PRIMARY KEY NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- Where it was found.
    uri TEXT NOT NULL,
    logo BLOB NOT NULL REFERENCES logos (digest),
    fetched_at INTEGER NOT NULL
) STRICT;

CREATE INDEX client_logos_by_logo ON client_logos (logo);
