-- Organisations, who belongs to them, and what they may do there (E1–E5, E9).

-- The catalogue of permissions (E4), `category:action`. System ones are ours and stay.
CREATE TABLE permissions (
    name TEXT PRIMARY KEY NOT NULL,
    description TEXT NOT NULL,
    is_system BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    owner TEXT,
    declared_version BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE organizations (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    -- Lower case: searched without regard to case.
    name_key TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    -- The person it was made for when they first signed in.
    personal_of UUID UNIQUE REFERENCES users (id) ON DELETE SET NULL,
    settings JSONB NOT NULL,
    mfa_policy JSONB NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- A deleted one is erased then.
    erase_at BIGINT
);

CREATE INDEX organizations_by_name ON organizations (name_key, id);
CREATE INDEX organizations_by_erase_at ON organizations (erase_at);

-- Roles of the instance (no organisation), usable everywhere, and of one organisation.
CREATE TABLE roles (
    id UUID PRIMARY KEY NOT NULL,
    organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    is_builtin BOOLEAN NOT NULL,
    -- What it implies, inherits and may assign: read whole, never asked about inside.
    definition JSONB NOT NULL,
    version BIGINT NOT NULL,
    owner TEXT,
    declared_version BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX roles_of_instance ON roles (name_key) WHERE organization_id IS NULL;
CREATE UNIQUE INDEX roles_of_organization ON roles (organization_id, name_key) WHERE organization_id IS NOT NULL;

CREATE TABLE memberships (
    id UUID PRIMARY KEY NOT NULL,
    organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id UUID NOT NULL REFERENCES roles (id),
    invited_by UUID,
    joined_at BIGINT NOT NULL,
    -- When it ended; a person may come back, with a new row.
    left_at BIGINT,
    -- Grows with each change of role or entries.
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX memberships_active ON memberships (organization_id, user_id) WHERE left_at IS NULL;
CREATE INDEX memberships_by_user ON memberships (user_id, left_at);
CREATE INDEX memberships_by_role ON memberships (role_id, organization_id) WHERE left_at IS NULL;

-- Grants and denials of one member (E5).
CREATE TABLE member_entries (
    id UUID PRIMARY KEY NOT NULL,
    membership_id UUID NOT NULL REFERENCES memberships (id) ON DELETE CASCADE,
    -- 'grant' or 'denial'.
    effect TEXT NOT NULL,
    permission TEXT NOT NULL,
    -- Everything when absent; all of a type without an id.
    resource_type TEXT,
    resource_id TEXT,
    reason TEXT NOT NULL,
    -- Who made it; nobody when an operator did.
    created_by UUID,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);

CREATE INDEX member_entries_by_membership ON member_entries (membership_id);
CREATE INDEX member_entries_by_expiry ON member_entries (expires_at);

-- Roles that a person has on the instance itself, outside of organisations (E9).
CREATE TABLE user_roles (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id UUID NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role_id)
);

CREATE INDEX user_roles_by_role ON user_roles (role_id);

-- The organisation that a line of the record concerns.
CREATE INDEX audit_by_organization ON audit (organization_id, at, id);

INSERT INTO permissions (name, description, is_system, version, created_at, updated_at) VALUES
    ('org:read', 'See the organisation', TRUE, 1, 0, 0),
    ('org:write', 'Change the organisation: name, settings, policies', TRUE, 1, 0, 0),
    ('org:delete', 'Delete the organisation', TRUE, 1, 0, 0),
    ('org:billing', 'Manage what the organisation pays', TRUE, 1, 0, 0),
    ('members:read', 'See who belongs to the organisation', TRUE, 1, 0, 0),
    ('members:invite', 'Invite people', TRUE, 1, 0, 0),
    ('members:remove', 'Remove members', TRUE, 1, 0, 0),
    ('members:roles', 'Make roles, grant and deny permissions', TRUE, 1, 0, 0);

INSERT INTO roles (id, name, name_key, description, is_builtin, definition, version, created_at, updated_at) VALUES
    ('01900000-0000-7000-8000-000000000001', 'owner', 'owner', 'Everything, and the only one who can hand the organisation over', TRUE,
     '{"permissions":["org:*","members:*"],"inherits":[],"assigns":["01900000-0000-7000-8000-000000000002","01900000-0000-7000-8000-000000000003","01900000-0000-7000-8000-000000000004"]}', 1, 0, 0),
    ('01900000-0000-7000-8000-000000000002', 'admin', 'admin', 'Looks after members', TRUE,
     '{"permissions":["org:read","members:read","members:invite","members:remove"],"inherits":[],"assigns":["01900000-0000-7000-8000-000000000003","01900000-0000-7000-8000-000000000004"]}', 1, 0, 0),
    ('01900000-0000-7000-8000-000000000003', 'operator', 'operator', 'Works with what the organisation runs', TRUE,
     '{"permissions":["org:read","members:read"],"inherits":[],"assigns":[]}', 1, 0, 0),
    ('01900000-0000-7000-8000-000000000004', 'viewer', 'viewer', 'Looks, and changes nothing', TRUE,
     '{"permissions":["org:read","members:read"],"inherits":[],"assigns":[]}', 1, 0, 0);
