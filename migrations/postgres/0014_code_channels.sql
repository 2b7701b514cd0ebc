-- Codes that are sent (B4), and second factors that are added to a session that is open (B6).

-- Over which channels people let themselves be sent codes as a second factor.
CREATE TABLE code_channels (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- 'email'.
    channel TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (user_id, channel)
);

-- The last code sent for a sign-in that waits, by keyed digest. It is good as long as the sign-in waits, and for nothing else.
CREATE TABLE sent_codes (
    pending_digest BYTEA PRIMARY KEY NOT NULL REFERENCES pending_sign_ins (digest) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    code_digest BYTEA NOT NULL,
    sent_at BIGINT NOT NULL
);

-- The session whose person shows more; none when somebody signs in. What was shown in it is not asked for again.
ALTER TABLE pending_sign_ins ADD COLUMN session_id UUID REFERENCES sessions (id) ON DELETE CASCADE;
-- When that was shown.
ALTER TABLE pending_sign_ins ADD COLUMN shown_at BIGINT;
-- What the second step has to reach at least: 'mfa' or 'phr'; none: whatever the person has.
ALTER TABLE pending_sign_ins ADD COLUMN least TEXT;

CREATE INDEX pending_sign_ins_by_session ON pending_sign_ins (session_id);
