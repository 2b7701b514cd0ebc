//! All SQL about organisations themselves.

use sqlx::types::Json;

use super::{
    mfa::MfaPolicy,
    organization::{Organization, OrganizationRef, OrganizationSettings, Slug},
};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{OrganizationId, RoleId, UserId},
    text::DisplayName,
};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: OrganizationId,
    name: String,
    slug: String,
    personal_of: Option<UserId>,
    settings: Json<OrganizationSettings>,
    mfa_policy: Json<MfaPolicy>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl From<Row> for Organization {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            slug: row.slug,
            personal_of: row.personal_of,
            settings: row.settings.0,
            mfa: row.mfa_policy.0,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            deleted_at: row.deleted_at,
        }
    }
}

/// The organisation that is meant, deleted or not.
pub(super) async fn find(conn: &mut Conn, which: &OrganizationRef) -> Result<Option<Organization>, Internal> {
    let found: Option<Row> = match which {
        OrganizationRef::Id(id) => {
            conn.query(
                "SELECT id, name, slug, personal_of, settings, mfa_policy, version, created_at, updated_at, deleted_at \
                 FROM organizations WHERE id = $1",
            )
            .bind(*id)
            .optional()
            .await?
        }
        OrganizationRef::Slug(slug) => {
            conn.query(
                "SELECT id, name, slug, personal_of, settings, mfa_policy, version, created_at, updated_at, deleted_at \
                 FROM organizations WHERE slug = $1",
            )
            .bind(slug.as_str().to_owned())
            .optional()
            .await?
        }
    };
    Ok(found.map(Organization::from))
}

pub(super) struct NewOrganization {
    pub(super) id: OrganizationId,
    pub(super) name: DisplayName,
    pub(super) slug: Slug,
    pub(super) personal_of: Option<UserId>,
    pub(super) settings: OrganizationSettings,
    pub(super) now: Timestamp,
}

/// Writes a new organisation; false when its slug is taken, or the person has a personal one.
pub(super) async fn insert(tx: &mut Tx, new: NewOrganization) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO organizations (id, name, name_key, slug, personal_of, settings, mfa_policy, version, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.name.as_str().to_owned())
    .bind(new.name.as_str().to_lowercase())
    .bind(new.slug.as_str().to_owned())
    .bind(new.personal_of)
    .bind(Json(new.settings))
    .bind(Json(MfaPolicy::default()))
    .bind(new.now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// What of an organisation can be changed.
pub(super) struct Changed {
    pub(super) id: OrganizationId,
    /// The version it is at.
    pub(super) version: i64,
    pub(super) name: DisplayName,
    pub(super) slug: Slug,
    pub(super) settings: OrganizationSettings,
    pub(super) mfa: MfaPolicy,
    pub(super) now: Timestamp,
}

/// Changes what is at its version; `None` when it is not, or is deleted. The slug was looked at before.
pub(super) async fn update(tx: &mut Tx, changed: Changed) -> Result<Option<i64>, Internal> {
    tx.query(
        "UPDATE organizations SET name = $3, name_key = $4, slug = $5, settings = $6, mfa_policy = $7, updated_at = $8, \
         version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING version",
    )
    .bind(changed.id)
    .bind(changed.version)
    .bind(changed.name.as_str().to_owned())
    .bind(changed.name.as_str().to_lowercase())
    .bind(changed.slug.as_str().to_owned())
    .bind(Json(changed.settings))
    .bind(Json(changed.mfa))
    .bind(changed.now)
    .scalar_optional()
    .await
}

/// Another organisation has this slug, deleted or not.
pub(super) async fn slug_is_taken(conn: &mut Conn, slug: &Slug, but: OrganizationId) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM organizations WHERE slug = $1 AND id <> $2)")
        .bind(slug.as_str().to_owned())
        .bind(but)
        .scalar()
        .await
}

/// Deletes it; it is erased later. False when there is none, or not at this version.
pub(super) async fn delete(
    tx: &mut Tx,
    id: OrganizationId,
    version: Option<i64>,
    erase_at: Timestamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE organizations SET deleted_at = $4, erase_at = $3, updated_at = $4, version = version + 1 \
         WHERE id = $1 AND version = COALESCE($2, version) AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(erase_at)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Brings a deleted one back; false when there is none, or it is too late.
pub(super) async fn restore(tx: &mut Tx, id: OrganizationId, now: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE organizations SET deleted_at = NULL, erase_at = NULL, updated_at = $2, version = version + 1 \
         WHERE id = $1 AND deleted_at IS NOT NULL AND erase_at > $2",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Erases at most `limit` organisations whose time has come, with all that belongs to them.
pub(super) async fn erase_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM organizations WHERE id IN (SELECT id FROM organizations WHERE erase_at <= $1 ORDER BY erase_at LIMIT $2)",
    )
    .bind(now)
    .bind(limit)
    .execute()
    .await
}

/// An organisation and the role of the person who asked.
#[derive(sqlx::FromRow)]
pub(super) struct MineRow {
    #[sqlx(flatten)]
    pub(super) organization: Row,
    pub(super) role_id: RoleId,
    pub(super) role: String,
    pub(super) joined_at: Timestamp,
}

/// The organisations of a person whose name or slug contains `like` (escaped, lower case), by name, behind `after`.
pub(super) async fn of_user(
    conn: &mut Conn,
    user_id: UserId,
    like: String,
    after: Option<OrganizationId>,
    limit: i64,
) -> Result<Vec<MineRow>, Internal> {
    conn.query(
        "SELECT o.id, o.name, o.slug, o.personal_of, o.settings, o.mfa_policy, o.version, o.created_at, o.updated_at, \
         o.deleted_at, m.role_id, r.name AS role, m.joined_at FROM memberships m \
         JOIN organizations o ON o.id = m.organization_id JOIN roles r ON r.id = m.role_id \
         WHERE m.user_id = $1 AND m.left_at IS NULL AND o.deleted_at IS NULL \
         AND (o.name_key LIKE $2 ESCAPE '!' OR o.slug LIKE $2 ESCAPE '!') \
         AND ((o.name_key, o.id) > (SELECT b.name_key, b.id FROM organizations b WHERE b.id = $3) OR $3 IS NULL) \
         ORDER BY o.name_key, o.id LIMIT $4",
    )
    .bind(user_id)
    .bind(like)
    .bind(after)
    .bind(limit)
    .all()
    .await
}

/// The deleted organisations in which a person has this role and that can still be brought back.
pub(super) async fn deleted_of_user(
    conn: &mut Conn,
    user_id: UserId,
    role_id: RoleId,
    now: Timestamp,
) -> Result<Vec<Organization>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT o.id, o.name, o.slug, o.personal_of, o.settings, o.mfa_policy, o.version, o.created_at, o.updated_at, \
             o.deleted_at FROM memberships m JOIN organizations o ON o.id = m.organization_id \
             WHERE m.user_id = $1 AND m.left_at IS NULL AND m.role_id = $2 AND o.erase_at > $3 ORDER BY o.name_key, o.id \
             LIMIT 100",
        )
        .bind(user_id)
        .bind(role_id)
        .bind(now)
        .all()
        .await?;
    Ok(rows.into_iter().map(Organization::from).collect())
}

/// Every organisation whose name or slug contains `like` (escaped, lower case), by name, behind `after`; for operators.
pub(super) async fn list(
    conn: &mut Conn,
    like: String,
    after: Option<OrganizationId>,
    limit: i64,
) -> Result<Vec<Organization>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, name, slug, personal_of, settings, mfa_policy, version, created_at, updated_at, deleted_at \
             FROM organizations WHERE deleted_at IS NULL AND (name_key LIKE $1 ESCAPE '!' OR slug LIKE $1 ESCAPE '!') \
             AND ((name_key, id) > (SELECT b.name_key, b.id FROM organizations b WHERE b.id = $2) OR $2 IS NULL) \
             ORDER BY name_key, id LIMIT $3",
        )
        .bind(like)
        .bind(after)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(Organization::from).collect())
}

/// How many organisations that are not personal a person owns.
pub(super) async fn owned_by(conn: &mut Conn, user_id: UserId, owner: RoleId) -> Result<i64, Internal> {
    conn.query(
        "SELECT COUNT(*) FROM memberships m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1 \
         AND m.left_at IS NULL AND m.role_id = $2 AND o.deleted_at IS NULL AND o.personal_of IS NULL",
    )
    .bind(user_id)
    .bind(owner)
    .scalar()
    .await
}

/// Remembers the organisation that a person chose last; `None` for none.
pub(super) async fn prefer(tx: &mut Tx, user_id: UserId, id: Option<OrganizationId>) -> Result<bool, Internal> {
    tx.query("UPDATE users SET preferred_organization_id = $2 WHERE id = $1 AND deleted_at IS NULL")
        .bind(user_id)
        .bind(id)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// The organisation that a person chose last.
pub(super) async fn preferred(conn: &mut Conn, user_id: UserId) -> Result<Option<OrganizationId>, Internal> {
    let found: Option<Option<OrganizationId>> = conn
        .query("SELECT preferred_organization_id FROM users WHERE id = $1 AND deleted_at IS NULL")
        .bind(user_id)
        .scalar_optional()
        .await?;
    Ok(found.flatten())
}

/// `text` as a pattern that finds it anywhere (E11): in lower case, wildcards escaped with `!`.
pub(super) fn containing(text: &str) -> String {
    let mut like = String::from("%");
    // A NUL is in no stored text; PostgreSQL would refuse it.
    for c in text.trim().to_lowercase().chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '!') {
            like.push('!');
        }
        like.push(c);
    }
    like.push('%');
    like
}
