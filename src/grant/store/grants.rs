//! Grants: the families of codes and tokens.

use sqlx::types::Json;

use super::{super::details::GrantDetails, people::PersonRow};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{GrantId, SessionId, Stamp, UserId},
    protocol::ScopeSet,
};

pub(in crate::grant) struct NewGrant {
    pub(in crate::grant) id: GrantId,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) user_id: UserId,
    /// None for what came of no session.
    pub(in crate::grant) session_id: Option<SessionId>,
    pub(in crate::grant) stamp: Stamp,
    pub(in crate::grant) scope: ScopeSet,
    pub(in crate::grant) details: GrantDetails,
    pub(in crate::grant) now: Timestamp,
    pub(in crate::grant) expires_at: Timestamp,
}

pub(in crate::grant) async fn insert(tx: &mut Tx, grant: NewGrant) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO grants (id, client_id, user_id, session_id, security_stamp, scope, details, created_at, \
         last_used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    )
    .bind(grant.id)
    .bind(grant.client_id)
    .bind(grant.user_id)
    .bind(grant.session_id)
    .bind(grant.stamp)
    .bind(grant.scope.to_string())
    .bind(Json(grant.details))
    .bind(grant.now)
    .bind(grant.expires_at)
    .execute()
    .await
    .map(drop)
}

/// A grant with all that decides whether it is alive, and its person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::grant) struct FamilyRow {
    pub(in crate::grant) grant_id: GrantId,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) session_id: Option<SessionId>,
    pub(in crate::grant) grant_stamp: Stamp,
    pub(in crate::grant) scope: String,
    pub(in crate::grant) details: Json<GrantDetails>,
    pub(in crate::grant) grant_expires_at: Timestamp,
    pub(in crate::grant) last_used_at: Timestamp,
    pub(in crate::grant) revoked_at: Option<Timestamp>,
    pub(in crate::grant) session_ended_at: Option<Timestamp>,
    #[sqlx(flatten)]
    pub(in crate::grant) person: PersonRow,
}

impl FamilyRow {
    /// Whether tokens of this family still work (A8, C3, D3). A session that has merely grown old does not end what was
    /// issued in it: that has times of its own, and `offline_access` means just this. A session that was *ended* does.
    pub(in crate::grant) fn is_alive(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none()
            && self.session_ended_at.is_none()
            && now < self.grant_expires_at
            && self.person.stands_by(self.grant_stamp)
    }

    /// The scopes that were granted.
    pub(in crate::grant) fn read_scope(&self) -> Result<ScopeSet, Internal> {
        read_scope(&self.scope)
    }
}

/// Scopes as they are stored.
pub(in crate::grant) fn read_scope(text: &str) -> Result<ScopeSet, Internal> {
    ScopeSet::parse(text).map_err(|cause| Internal::new("read a stored scope", cause))
}

pub(in crate::grant) async fn find(conn: &mut Conn, id: GrantId) -> Result<Option<FamilyRow>, Internal> {
    conn.query(
        "SELECT g.id AS grant_id, g.client_id, g.session_id, g.security_stamp AS grant_stamp, g.scope, g.details, \
         g.expires_at AS grant_expires_at, g.last_used_at, g.revoked_at, s.ended_at AS session_ended_at, \
         u.id AS user_id, u.email, u.email_verified_at, u.username, u.display_name, u.profile, \
         u.updated_at AS user_updated_at, u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM grants g JOIN users u ON u.id = g.user_id LEFT JOIN sessions s ON s.id = g.session_id WHERE g.id = $1",
    )
    .bind(id)
    .optional()
    .await
}

/// The newest grant of a client in a session that is not revoked.
pub(in crate::grant) async fn find_newest(
    conn: &mut Conn,
    client_id: String,
    session_id: SessionId,
) -> Result<Option<FamilyRow>, Internal> {
    conn.query(
        "SELECT g.id AS grant_id, g.client_id, g.session_id, g.security_stamp AS grant_stamp, g.scope, g.details, \
         g.expires_at AS grant_expires_at, g.last_used_at, g.revoked_at, s.ended_at AS session_ended_at, \
         u.id AS user_id, u.email, u.email_verified_at, u.username, u.display_name, u.profile, \
         u.updated_at AS user_updated_at, u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM grants g JOIN users u ON u.id = g.user_id JOIN sessions s ON s.id = g.session_id \
         WHERE g.session_id = $1 AND g.client_id = $2 AND g.revoked_at IS NULL ORDER BY g.created_at DESC, g.id DESC \
         LIMIT 1",
    )
    .bind(session_id)
    .bind(client_id)
    .optional()
    .await
}

/// The last time it was used, for the list of applications.
pub(in crate::grant) async fn touch(tx: &mut Tx, id: GrantId, now: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE grants SET last_used_at = $2 WHERE id = $1").bind(id).bind(now).execute().await.map(drop)
}

/// What it remembers.
pub(in crate::grant) async fn set_details(tx: &mut Tx, id: GrantId, details: GrantDetails) -> Result<(), Internal> {
    tx.query("UPDATE grants SET details = $2 WHERE id = $1").bind(id).bind(Json(details)).execute().await.map(drop)
}

/// True when it was not revoked until now.
pub(in crate::grant) async fn revoke(
    tx: &mut Tx,
    id: GrantId,
    now: Timestamp,
    why: &'static str,
) -> Result<bool, Internal> {
    tx.query("UPDATE grants SET revoked_at = $2, revoked_why = $3 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(why)
        .execute()
        .await
        .map(|changed| changed > 0)
}

pub(in crate::grant) async fn revoke_of_user(
    tx: &mut Tx,
    user_id: UserId,
    now: Timestamp,
    why: &'static str,
) -> Result<u64, Internal> {
    tx.query("UPDATE grants SET revoked_at = $2, revoked_why = $3 WHERE user_id = $1 AND revoked_at IS NULL")
        .bind(user_id)
        .bind(now)
        .bind(why)
        .execute()
        .await
}

pub(in crate::grant) async fn revoke_of_user_except(
    tx: &mut Tx,
    user_id: UserId,
    except: SessionId,
    now: Timestamp,
    why: &'static str,
) -> Result<u64, Internal> {
    tx.query(
        "UPDATE grants SET revoked_at = $2, revoked_why = $3 WHERE user_id = $1 AND revoked_at IS NULL \
         AND (session_id IS NULL OR session_id <> $4)",
    )
    .bind(user_id)
    .bind(now)
    .bind(why)
    .bind(except)
    .execute()
    .await
}

#[derive(sqlx::FromRow)]
struct UserRow {
    user_id: UserId,
}

/// The owners of the grants that ended.
pub(in crate::grant) async fn revoke_of_session(
    tx: &mut Tx,
    session_id: SessionId,
    now: Timestamp,
    why: &'static str,
) -> Result<Vec<UserId>, Internal> {
    let rows: Vec<UserRow> = tx
        .query(
            "UPDATE grants SET revoked_at = $2, revoked_why = $3 WHERE session_id = $1 AND revoked_at IS NULL \
             RETURNING user_id",
        )
        .bind(session_id)
        .bind(now)
        .bind(why)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

pub(in crate::grant) async fn rebind_session(tx: &mut Tx, session_id: SessionId, stamp: Stamp) -> Result<(), Internal> {
    tx.query("UPDATE grants SET security_stamp = $2 WHERE session_id = $1 AND revoked_at IS NULL")
        .bind(session_id)
        .bind(stamp)
        .execute()
        .await
        .map(drop)
}
