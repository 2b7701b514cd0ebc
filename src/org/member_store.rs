//! All SQL about memberships, grants and denials.

use super::{
    calculus::Effect,
    list_members::{Member, MemberOrder},
    membership::{MemberEntry, Membership},
    permission::{Pattern, ResourceRef},
};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{MemberEntryId, MembershipId, OrganizationId, RoleId, UserId},
};

#[derive(sqlx::FromRow)]
struct MembershipRow {
    id: MembershipId,
    organization_id: OrganizationId,
    user_id: UserId,
    role_id: RoleId,
    invited_by: Option<UserId>,
    joined_at: Timestamp,
    version: i64,
}

impl From<MembershipRow> for Membership {
    fn from(row: MembershipRow) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            user_id: row.user_id,
            role_id: row.role_id,
            invited_by: row.invited_by,
            joined_at: row.joined_at,
            version: row.version,
        }
    }
}

/// The membership of a person that has not ended. Accounts that are deleted belong nowhere.
pub(super) async fn find(
    conn: &mut Conn,
    organization_id: OrganizationId,
    user_id: UserId,
) -> Result<Option<Membership>, Internal> {
    let found: Option<MembershipRow> = conn
        .query(
            "SELECT m.id, m.organization_id, m.user_id, m.role_id, m.invited_by, m.joined_at, m.version FROM memberships m \
             WHERE m.organization_id = $1 AND m.user_id = $2 AND m.left_at IS NULL \
             AND EXISTS (SELECT 1 FROM users u WHERE u.id = m.user_id AND u.deleted_at IS NULL)",
        )
        .bind(organization_id)
        .bind(user_id)
        .optional()
        .await?;
    Ok(found.map(Membership::from))
}

/// Writes a new membership; false when there is one. What was denied to somebody who was here before is denied them again:
/// nobody gets rid of a denial by leaving.
pub(super) async fn insert(tx: &mut Tx, new: &Membership) -> Result<bool, Internal> {
    let inserted = tx.query(
        "INSERT INTO memberships (id, organization_id, user_id, role_id, invited_by, joined_at, version, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 1, $6) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.organization_id)
    .bind(new.user_id)
    .bind(new.role_id)
    .bind(new.invited_by)
    .bind(new.joined_at)
    .execute()
    .await?;
    if inserted == 0 {
        return Ok(false);
    }
    tx.query(
        "UPDATE member_entries SET membership_id = $1 WHERE membership_id IN (SELECT id FROM memberships \
         WHERE organization_id = $2 AND user_id = $3 AND left_at IS NOT NULL)",
    )
    .bind(new.id)
    .bind(new.organization_id)
    .bind(new.user_id)
    .execute()
    .await?;
    Ok(true)
}

/// Gives the membership at `version` another role; its version then, `None` when it is not there any more.
pub(super) async fn set_role(
    tx: &mut Tx,
    id: MembershipId,
    version: i64,
    role_id: RoleId,
    now: Timestamp,
) -> Result<Option<i64>, Internal> {
    tx.query(
        "UPDATE memberships SET role_id = $3, updated_at = $4, version = version + 1 \
         WHERE id = $1 AND version = $2 AND left_at IS NULL RETURNING version",
    )
    .bind(id)
    .bind(version)
    .bind(role_id)
    .bind(now)
    .scalar_optional()
    .await
}

/// Notes that entries of the membership at `version` changed; its version then, `None` when it is not there any more.
pub(super) async fn touch(
    tx: &mut Tx,
    id: MembershipId,
    version: i64,
    now: Timestamp,
) -> Result<Option<i64>, Internal> {
    tx.query(
        "UPDATE memberships SET updated_at = $3, version = version + 1 \
         WHERE id = $1 AND version = $2 AND left_at IS NULL RETURNING version",
    )
    .bind(id)
    .bind(version)
    .bind(now)
    .scalar_optional()
    .await
}

/// Ends the membership at `version`; false when it is not there any more. Its grants go; its denials wait for the person to
/// come back.
pub(super) async fn end(tx: &mut Tx, id: MembershipId, version: i64, now: Timestamp) -> Result<bool, Internal> {
    let ended = tx
        .query(
            "UPDATE memberships SET left_at = $3, updated_at = $3, version = version + 1 \
             WHERE id = $1 AND version = $2 AND left_at IS NULL",
        )
        .bind(id)
        .bind(version)
        .bind(now)
        .execute()
        .await?
        == 1;
    if ended {
        tx.query("DELETE FROM member_entries WHERE membership_id = $1 AND effect = 'grant'").bind(id).execute().await?;
    }
    Ok(ended)
}

/// How many members an organisation has.
pub(super) async fn count(conn: &mut Conn, organization_id: OrganizationId) -> Result<i64, Internal> {
    conn.query("SELECT COUNT(*) FROM memberships WHERE organization_id = $1 AND left_at IS NULL")
        .bind(organization_id)
        .scalar()
        .await
}

/// How many members have each role.
pub(super) async fn count_by_role(
    conn: &mut Conn,
    organization_id: OrganizationId,
) -> Result<Vec<(RoleId, i64)>, Internal> {
    conn.query(
        "SELECT role_id, COUNT(*) FROM memberships WHERE organization_id = $1 AND left_at IS NULL GROUP BY role_id",
    )
    .bind(organization_id)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    membership: MembershipRow,
    email: String,
    username: Option<String>,
    display_name: Option<String>,
    is_active: bool,
    last_sign_in_at: Option<Timestamp>,
    entries: i64,
}

/// Which members are looked for.
pub(super) struct Wanted {
    pub(super) organization_id: OrganizationId,
    /// What name, username or address contains (escaped, lower case).
    pub(super) like: String,
    pub(super) role_id: Option<RoleId>,
    pub(super) order: MemberOrder,
    pub(super) limit: i64,
}

/// Members, those who joined last first, behind the membership `after`.
pub(super) async fn list(
    conn: &mut Conn,
    wanted: Wanted,
    after: Option<MembershipId>,
) -> Result<Vec<Member>, Internal> {
    let query = match wanted.order {
        MemberOrder::Newest => conn.query(
            "SELECT m.id, m.organization_id, m.user_id, m.role_id, m.invited_by, m.joined_at, m.version, u.email, u.username, \
             u.display_name, u.is_active, u.last_sign_in_at, \
             (SELECT COUNT(*) FROM member_entries e WHERE e.membership_id = m.id) AS entries \
             FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.left_at IS NULL AND u.deleted_at IS NULL \
             AND (u.email_key LIKE $2 ESCAPE '!' OR u.username_key LIKE $2 ESCAPE '!' \
             OR LOWER(u.display_name) LIKE $2 ESCAPE '!') AND m.role_id = COALESCE($3, m.role_id) \
             AND ((m.joined_at, m.id) < (SELECT b.joined_at, b.id FROM memberships b WHERE b.id = $4) OR $4 IS NULL) \
             ORDER BY m.joined_at DESC, m.id DESC LIMIT $5",
        ),
        MemberOrder::Name => conn.query(
            "SELECT m.id, m.organization_id, m.user_id, m.role_id, m.invited_by, m.joined_at, m.version, u.email, u.username, \
             u.display_name, u.is_active, u.last_sign_in_at, \
             (SELECT COUNT(*) FROM member_entries e WHERE e.membership_id = m.id) AS entries \
             FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.left_at IS NULL AND u.deleted_at IS NULL \
             AND (u.email_key LIKE $2 ESCAPE '!' OR u.username_key LIKE $2 ESCAPE '!' \
             OR LOWER(u.display_name) LIKE $2 ESCAPE '!') AND m.role_id = COALESCE($3, m.role_id) \
             AND ((LOWER(COALESCE(u.display_name, u.username, u.email)), m.id) > \
             (SELECT LOWER(COALESCE(n.display_name, n.username, n.email)), b.id FROM memberships b \
             JOIN users n ON n.id = b.user_id WHERE b.id = $4) OR $4 IS NULL) \
             ORDER BY LOWER(COALESCE(u.display_name, u.username, u.email)), m.id LIMIT $5",
        ),
    };
    let rows: Vec<MemberRow> = query
        .bind(wanted.organization_id)
        .bind(wanted.like)
        .bind(wanted.role_id)
        .bind(after)
        .bind(wanted.limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            membership: row.membership.into(),
            name: row.display_name.or(row.username.clone()).unwrap_or_else(|| row.email.clone()),
            email: row.email,
            username: row.username,
            is_active: row.is_active,
            last_sign_in_at: row.last_sign_in_at,
            entries: row.entries,
        }
    }
}

/// One member, with what the list says of them.
pub(super) async fn get(
    conn: &mut Conn,
    organization_id: OrganizationId,
    user_id: UserId,
) -> Result<Option<Member>, Internal> {
    let row: Option<MemberRow> = conn
        .query(
            "SELECT m.id, m.organization_id, m.user_id, m.role_id, m.invited_by, m.joined_at, m.version, u.email, u.username, \
             u.display_name, u.is_active, u.last_sign_in_at, \
             (SELECT COUNT(*) FROM member_entries e WHERE e.membership_id = m.id) AS entries \
             FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.user_id = $2 AND m.left_at IS NULL AND u.deleted_at IS NULL",
        )
        .bind(organization_id)
        .bind(user_id)
        .optional()
        .await?;
    Ok(row.map(Member::from))
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: MemberEntryId,
    effect: String,
    permission: String,
    resource_type: Option<String>,
    resource_id: Option<String>,
    reason: String,
    created_by: Option<UserId>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl EntryRow {
    fn into_entry(self) -> Result<MemberEntry, Internal> {
        let unread = |cause: &dyn std::fmt::Display| Internal::new("read a stored grant or denial", cause);
        let resource = match &self.resource_type {
            Some(kind) => Some(ResourceRef::new(kind, self.resource_id.as_deref()).map_err(|cause| unread(&cause))?),
            None => None,
        };
        Ok(MemberEntry {
            id: self.id,
            effect: self.effect.parse::<Effect>().map_err(|cause| unread(&cause))?,
            pattern: Pattern::try_from(self.permission).map_err(|cause| unread(&cause))?,
            resource,
            reason: self.reason,
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
        })
    }
}

/// Grants and denials of a member, the oldest first; those that are over, too.
pub(super) async fn entries(conn: &mut Conn, id: MembershipId) -> Result<Vec<MemberEntry>, Internal> {
    let rows: Vec<EntryRow> = conn
        .query(
            "SELECT id, effect, permission, resource_type, resource_id, reason, created_by, created_at, expires_at \
             FROM member_entries WHERE membership_id = $1 ORDER BY created_at, id",
        )
        .bind(id)
        .all()
        .await?;
    rows.into_iter().map(EntryRow::into_entry).collect()
}

/// Writes a grant or a denial.
pub(super) async fn insert_entry(tx: &mut Tx, id: MembershipId, new: &MemberEntry) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO member_entries (id, membership_id, effect, permission, resource_type, resource_id, reason, created_by, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(id)
    .bind(new.effect.as_str())
    .bind(new.pattern.as_str().to_owned())
    .bind(new.resource.as_ref().map(|resource| resource.kind().to_owned()))
    .bind(new.resource.as_ref().and_then(|resource| resource.id().map(str::to_owned)))
    .bind(new.reason.clone())
    .bind(new.created_by)
    .bind(new.created_at)
    .bind(new.expires_at)
    .execute()
    .await
    .map(drop)
}

/// Removes a grant or a denial; false when it is not there.
pub(super) async fn delete_entry(tx: &mut Tx, id: MembershipId, entry: MemberEntryId) -> Result<bool, Internal> {
    tx.query("DELETE FROM member_entries WHERE id = $2 AND membership_id = $1")
        .bind(id)
        .bind(entry)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Removes at most `limit` entries that are over since `before`.
pub(super) async fn delete_expired(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM member_entries WHERE id IN (SELECT id FROM member_entries WHERE expires_at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}

/// The members with a role.
pub(super) async fn with_role(
    conn: &mut Conn,
    organization_id: OrganizationId,
    role_id: RoleId,
) -> Result<Vec<Membership>, Internal> {
    let rows: Vec<MembershipRow> = conn
        .query(
            "SELECT id, organization_id, user_id, role_id, invited_by, joined_at, version FROM memberships \
             WHERE organization_id = $1 AND role_id = $2 AND left_at IS NULL ORDER BY id",
        )
        .bind(organization_id)
        .bind(role_id)
        .all()
        .await?;
    Ok(rows.into_iter().map(Membership::from).collect())
}

/// Organisations with other members that a person owns: they are to be handed over before the person leaves for good.
pub(super) async fn shared_and_owned(
    conn: &mut Conn,
    user_id: UserId,
    owner: RoleId,
) -> Result<Vec<(OrganizationId, String)>, Internal> {
    conn.query(
        "SELECT o.id, o.name FROM memberships m JOIN organizations o ON o.id = m.organization_id \
         WHERE m.user_id = $1 AND m.left_at IS NULL AND m.role_id = $2 AND o.deleted_at IS NULL \
         AND EXISTS (SELECT 1 FROM memberships n JOIN users u ON u.id = n.user_id WHERE n.organization_id = o.id \
         AND n.left_at IS NULL AND n.user_id <> $1 AND u.deleted_at IS NULL) ORDER BY o.name_key, o.id",
    )
    .bind(user_id)
    .bind(owner)
    .all()
    .await
}
