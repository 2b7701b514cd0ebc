-- Invitations into an organisation (E6).
CREATE TABLE invitations (
    id UUID PRIMARY KEY NOT NULL,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- Lower case: what makes two addresses the same.
    email_key TEXT NOT NULL,
    -- Nothing any more when the role was deleted.
    role_id UUID REFERENCES roles (id) ON DELETE SET NULL,
    -- What the inviter has to say.
    note TEXT,
    -- 'pending', 'accepted', 'rejected', 'withdrawn' or 'expired'. A pending one is over at expires_at, whatever it says here.
    state TEXT NOT NULL,
    link_digest BYTEA NOT NULL UNIQUE,
    -- Whose rights it stands on; an operator's needs none.
    invited_by UUID,
    by_operator BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- The last of its mails.
    sent_at BIGINT NOT NULL,
    -- How many there were.
    sends BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    -- Who accepted or rejected it.
    user_id UUID REFERENCES users (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX invitations_pending ON invitations (organization_id, email_key) WHERE state = 'pending';
CREATE INDEX invitations_by_organization ON invitations (organization_id, id);
CREATE INDEX invitations_by_email ON invitations (email_key, sent_at);
CREATE INDEX invitations_by_inviter ON invitations (invited_by, sent_at);
CREATE INDEX invitations_by_expiry ON invitations (state, expires_at);
CREATE INDEX invitations_by_role ON invitations (role_id);
CREATE INDEX invitations_by_user ON invitations (user_id);
