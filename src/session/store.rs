//! All SQL about sessions.

use sqlx::types::Json;

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{SessionId, Stamp, UserId},
};

pub(super) struct NewRow {
    pub(super) id: SessionId,
    pub(super) user_id: UserId,
    pub(super) stamp: Stamp,
    pub(super) kind: &'static str,
    pub(super) amr: Vec<String>,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) stay: bool,
    pub(super) auth_time: Timestamp,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(tx: &mut Tx, row: NewRow) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO sessions (id, user_id, security_stamp, kind, auth_time, amr, ip, user_agent, stay_signed_in, \
         created_at, last_active_at, expires_at) VALUES ($1, $2, $3, $4, $11, $5, $6, $7, $8, $9, $9, $10)",
    )
    .bind(row.id)
    .bind(row.user_id)
    .bind(row.stamp)
    .bind(row.kind)
    .bind(Json(row.amr))
    .bind(row.ip)
    .bind(row.user_agent)
    .bind(row.stay)
    .bind(row.now)
    .bind(row.expires_at)
    .bind(row.auth_time)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn set_stamp(tx: &mut Tx, id: SessionId, stamp: Stamp) -> Result<(), Internal> {
    tx.query("UPDATE sessions SET security_stamp = $2 WHERE id = $1").bind(id).bind(stamp).execute().await.map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct OwnedRow {
    pub(super) user_id: UserId,
    #[sqlx(rename = "security_stamp")]
    pub(super) stamp: Stamp,
    pub(super) kind: String,
    pub(super) auth_time: Timestamp,
    pub(super) amr: Json<Vec<String>>,
    #[sqlx(rename = "stay_signed_in")]
    pub(super) stay: bool,
    pub(super) last_active_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) owner_stamp: Stamp,
    pub(super) is_active: bool,
    pub(super) is_admin: bool,
    pub(super) email: String,
    pub(super) display_name: Option<String>,
    pub(super) username: Option<String>,
}

pub(super) async fn find_with_owner(conn: &mut Conn, id: SessionId) -> Result<Option<OwnedRow>, Internal> {
    conn.query(
        "SELECT s.user_id, s.security_stamp, s.kind, s.auth_time, s.amr, s.stay_signed_in, s.last_active_at, \
         s.expires_at, s.ended_at, u.security_stamp AS owner_stamp, u.is_active, u.is_admin, u.email, u.display_name, \
         u.username FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1 AND u.deleted_at IS NULL",
    )
    .bind(id)
    .optional()
    .await
}

/// Moves the time of last use unless it has been moved after `not_since`.
pub(super) async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp, not_since: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE sessions SET last_active_at = $2 WHERE id = $1 AND last_active_at <= $3 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(not_since)
        .execute()
        .await
        .map(|changed| changed > 0)
}

/// True when it was alive until now.
pub(super) async fn end_one(tx: &mut Tx, id: SessionId, user_id: UserId, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE sessions SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL")
        .bind(id)
        .bind(user_id)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}

#[derive(sqlx::FromRow)]
struct IdRow {
    id: SessionId,
}

/// The ids of those that were alive until now.
pub(super) async fn end_all(
    tx: &mut Tx,
    user_id: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, Internal> {
    let rows: Vec<IdRow> = tx
        .query(
            "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
             AND (id <> $3 OR $3 IS NULL) RETURNING id",
        )
        .bind(user_id)
        .bind(now)
        .bind(except)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: SessionId,
    pub(super) kind: String,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    #[sqlx(rename = "stay_signed_in")]
    pub(super) stay: bool,
    pub(super) created_at: Timestamp,
    pub(super) last_active_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Sessions that neither ended nor grew too old nor are bound to an older stamp; idle ones are still among them. However many
/// there are, `first` is among them.
pub(super) async fn list_of_user(
    conn: &mut Conn,
    user_id: UserId,
    first: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<ListedRow>, Internal> {
    conn.query(
        "SELECT s.id, s.kind, s.ip, s.user_agent, s.stay_signed_in, s.created_at, s.last_active_at, s.expires_at \
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.user_id = $1 AND s.ended_at IS NULL \
         AND s.expires_at > $2 AND s.security_stamp = u.security_stamp \
         ORDER BY CASE WHEN s.id = $3 THEN 0 ELSE 1 END, s.last_active_at DESC LIMIT 200",
    )
    .bind(user_id)
    .bind(now)
    .bind(first)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct ApplicationRow {
    pub(super) session_id: SessionId,
    pub(super) client_id: String,
    pub(super) name: String,
}

/// Applications with a live grant, by session and name. Ostiary's own client is none.
pub(super) async fn applications_of_user(
    conn: &mut Conn,
    user_id: UserId,
    now: Timestamp,
) -> Result<Vec<ApplicationRow>, Internal> {
    conn.query(
        "SELECT DISTINCT g.session_id, c.id AS client_id, c.name FROM grants g \
         JOIN clients c ON c.id = g.client_id JOIN users u ON u.id = g.user_id \
         WHERE g.user_id = $1 AND g.session_id IS NOT NULL AND g.revoked_at IS NULL AND g.expires_at > $2 \
         AND g.security_stamp = u.security_stamp AND NOT c.is_system ORDER BY c.name, c.id",
    )
    .bind(user_id)
    .bind(now)
    .all()
    .await
}

pub(super) async fn owner(conn: &mut Conn, id: SessionId) -> Result<Option<UserId>, Internal> {
    conn.query("SELECT user_id FROM sessions WHERE id = $1").bind(id).scalar_optional().await
}

/// Hands what applications hold through one session over to another.
pub(super) async fn move_grants(tx: &mut Tx, from: SessionId, to: SessionId) -> Result<(), Internal> {
    tx.query("UPDATE grants SET session_id = $2 WHERE session_id = $1 AND revoked_at IS NULL")
        .bind(from)
        .bind(to)
        .execute()
        .await
        .map(drop)
}
