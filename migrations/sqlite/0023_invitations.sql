-- Invitations into an organisation (E6).
CREATE TABLE invitations (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- Lower case: what makes two addresses the same.
    email_key TEXT NOT NULL,
    -- Nothing any more when the role was deleted.
    role_id BLOB REFERENCES roles (id) ON DELETE SET NULL,
    -- What the inviter has to say.
    note TEXT,
    -- 'pending', 'accepted', 'rejected', 'withdrawn' or 'expired'. A pending one is over at expires_at, whatever it says here.
    state TEXT NOT NULL,
    link_digest BLOB NOT NULL UNIQUE,
    -- Whose rights it stands on; an operator's needs none.
    invited_by BLOB,
    by_operator INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- The last of its mails.
    sent_at INTEGER NOT NULL,
    -- How many there were.
    sends INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER,
    -- Who accepted or rejected it.
    user_id BLOB REFERENCES users (id) ON DELETE CASCADE
) STRICT;

CREATE UNIQUE INDEX invitations_pending ON invitations (organization_id, email_key) WHERE state = 'pending';
CREATE INDEX invitations_by_organization ON invitations (organization_id, id);
CREATE INDEX invitations_by_email ON invitations (email_key, sent_at);
CREATE INDEX invitations_by_inviter ON invitations (invited_by, sent_at);
CREATE INDEX invitations_by_expiry ON invitations (state, expires_at);
CREATE INDEX invitations_by_role ON invitations (role_id);
CREATE INDEX invitations_by_user ON invitations (user_id);
