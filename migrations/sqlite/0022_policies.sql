-- Sets of policies over who, what and under which circumstances (E8). A text is never changed: each save is a version.
CREATE TABLE policy_versions (
    id BLOB PRIMARY KEY NOT NULL,
    -- The organisation, or all zeros for the instance.
    scope BLOB NOT NULL,
    organization_id BLOB REFERENCES organizations (id) ON DELETE CASCADE,
    -- Counts from 1 in its scope.
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    comment TEXT NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    -- The one that counts.
    is_active INTEGER NOT NULL,
    -- When and by whom it was last made to.
    activated_by BLOB,
    activated_at INTEGER,
    UNIQUE (scope, number)
) STRICT;

CREATE UNIQUE INDEX policy_versions_active ON policy_versions (scope) WHERE is_active;
CREATE INDEX policy_versions_by_organization ON policy_versions (organization_id);

-- A sample of what was decided lately, to try new policies on.
CREATE TABLE recorded_decisions (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    subject_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    -- Everything the decision depends on but the policies: read whole, never asked about inside.
    question TEXT NOT NULL
) STRICT;

CREATE INDEX recorded_decisions_by_organization ON recorded_decisions (organization_id, at, id);
CREATE INDEX recorded_decisions_by_time ON recorded_decisions (at, id);
CREATE INDEX recorded_decisions_by_subject ON recorded_decisions (subject_id);
