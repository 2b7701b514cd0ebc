-- Second factors (B2, B3), and sign-ins that wait for one.

-- Apps that make one-time codes (RFC 6238).
CREATE TABLE authenticators (
    id BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The shared secret, sealed by the master key.
    secret BLOB NOT NULL,
    -- The time step of the last code that was accepted: each code is good once.
    last_step INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Not in use until a first code was typed; forgotten at expires_at if none is.
    confirmed_at INTEGER,
    expires_at INTEGER,
    last_used_at INTEGER
) STRICT;

CREATE INDEX authenticators_by_user ON authenticators (user_id);
CREATE INDEX authenticators_by_expiry ON authenticators (expires_at);

-- Codes for the day there is nothing else, by keyed digest.
CREATE TABLE recovery_codes (
    digest BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- The password was right, the second factor is still to come; by the digest of the handle.
CREATE TABLE pending_sign_ins (
    digest BLOB PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The owner's at that moment: void when it changes.
    security_stamp BLOB NOT NULL,
    -- 'browser' or 'api'.
    kind TEXT NOT NULL,
    -- What was proven so far (RFC 8176).
    amr TEXT NOT NULL,
    stay_signed_in INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);
