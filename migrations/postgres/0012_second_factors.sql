-- Second factors (B2, B3), and sign-ins that wait for one.

-- Apps that make one-time codes (RFC 6238).
CREATE TABLE authenticators (
    id UUID PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The shared secret, sealed by the master key.
    secret BYTEA NOT NULL,
    -- The time step of the last code that was accepted: each code is good once.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Not in use until a first code was typed; forgotten at expires_at if none is.
    confirmed_at BIGINT,
    expires_at BIGINT,
    last_used_at BIGINT
);

CREATE INDEX authenticators_by_user ON authenticators (user_id);
CREATE INDEX authenticators_by_expiry ON authenticators (expires_at);

-- Codes for the day there is nothing else, by keyed digest.
CREATE TABLE recovery_codes (
    digest BYTEA PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- The password was right, the second factor is still to come; by the digest of the handle.
CREATE TABLE pending_sign_ins (
    digest BYTEA PRIMARY KEY NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The owner's at that moment: void when it changes.
    security_stamp UUID NOT NULL,
    -- 'browser' or 'api'.
    kind TEXT NOT NULL,
    -- What was proven so far (RFC 8176).
    amr JSONB NOT NULL,
    stay_signed_in BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX pending_sign_ins_by_user ON pending_sign_ins (user_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);
