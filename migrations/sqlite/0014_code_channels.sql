-- Codes that are sent (B4), and second factors that are added to a session that is open (B6).

-- Over which channels people let themselves be sent codes as a second factor.
CREATE TABLE code_channels (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- 'email'.
    channel TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    last_used_at INTEGER,
    PRIMARY KEY (user_id, channel)
) STRICT;

-- The last code sent for a sign-in that waits, by keyed digest. It is good as long as the sign-in waits, and for nothing else.
CREATE TABLE sent_codes (
    pending_digest BLOB PRIMARY KEY NOT NULL REFERENCES pending_sign_ins (digest) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    code_digest BLOB NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;

-- The session whose person shows more; none when somebody signs in. What was shown in it is not asked for again.
ALTER TABLE pending_sign_ins ADD COLUMN session_id BLOB REFERENCES sessions (id) ON DELETE CASCADE;
-- When that was shown.
ALTER TABLE pending_sign_ins ADD COLUMN shown_at INTEGER;
-- What the second step has to reach at least: 'mfa' or 'phr'; none: whatever the person has.
ALTER TABLE pending_sign_ins ADD COLUMN least TEXT;

CREATE INDEX pending_sign_ins_by_session ON pending_sign_ins (session_id);
