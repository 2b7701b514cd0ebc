-- Passkeys (B1): public keys of authenticators that open an account, and the ceremonies that add and use them.

CREATE TABLE passkeys (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- What the authenticator calls it (WebAuthn §4, "credential id"): at most 1023 bytes.
    credential_id BLOB NOT NULL UNIQUE,
    -- Its public key, and what else has to be known to check a signature of it.
    credential TEXT NOT NULL,
    -- How often it signed, as it says itself; zero for keys that do not count.
    counter INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- The model of the authenticator; zero when it does not say.
    aaguid BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    -- Its counter went back then: there is a copy of it.
    copied_at INTEGER
) STRICT;

CREATE INDEX passkeys_by_user ON passkeys (user_id);

CREATE TABLE passkey_ceremonies (
    digest BLOB PRIMARY KEY NOT NULL,
    -- 'enrolment' or 'sign_in'.
    kind TEXT NOT NULL,
    -- Whose key is added; nobody's at a sign-in, which asks for no name.
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE,
    -- The challenge, and what the answer has to fulfil.
    state TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX passkey_ceremonies_by_user ON passkey_ceremonies (user_id);
CREATE INDEX passkey_ceremonies_by_expiry ON passkey_ceremonies (expires_at);

-- What people answered who were offered a passkey (B8).
CREATE TABLE passkey_offers (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- They are asked again from then on; never, when there is none.
    again_at INTEGER
) STRICT;
