-- Telephone numbers that are to be confirmed (A9, B4). A confirmed one is a claim of its account (users.profile: phone_number and
-- phone_number_verified, OIDC Core §5.1).

-- The last code that was sent to a number; one for each account, so that a new one takes the place of that before it.
CREATE TABLE phone_proofs (
    user_id UUID PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- E.164.
    number TEXT NOT NULL,
    -- Keyed.
    code_digest BYTEA NOT NULL,
    -- Codes typed so far.
    attempts BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX phone_proofs_by_expiry ON phone_proofs (expires_at);
