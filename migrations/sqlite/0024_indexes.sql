-- What was read as a whole is found by an index: see src/db/tests/plans.rs.

-- Memberships that ended count, too: organisations and roles are deleted with them.
DROP INDEX memberships_by_role;
CREATE INDEX memberships_by_role ON memberships (role_id, organization_id);
-- Members in the order in which they joined.
CREATE INDEX memberships_by_age ON memberships (organization_id, joined_at, id);
CREATE INDEX roles_by_name ON roles (name_key);
CREATE INDEX invitations_by_closing ON invitations (closed_at);
CREATE INDEX users_admins ON users (id) WHERE is_admin;
CREATE INDEX consents_by_client ON consents (client_id);
CREATE INDEX interactions_by_client ON interactions (client_id);
