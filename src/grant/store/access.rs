//! What decides whether an access token is alive.

use serde_json::Value;
use sqlx::types::Json;

use super::grants::FamilyRow;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{GrantId, UserId},
    secret::Digest,
};

/// A handle to be stored.
#[derive(Clone)]
pub(in crate::grant) struct NewToken {
    pub(in crate::grant) digest: Digest,
    /// The family; none for a client's own token.
    pub(in crate::grant) grant_id: Option<GrantId>,
    pub(in crate::grant) client_id: String,
    /// What a JWT would say.
    pub(in crate::grant) claims: Value,
    pub(in crate::grant) expires_at: Timestamp,
}

/// Stores a handle, unless it is there.
pub(in crate::grant) async fn insert(tx: &mut Tx, token: NewToken) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO access_tokens (digest, grant_id, client_id, claims, expires_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
    )
    .bind(token.digest)
    .bind(token.grant_id)
    .bind(token.client_id)
    .bind(Json(token.claims))
    .bind(token.expires_at)
    .execute()
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct ClaimsRow {
    claims: Json<Value>,
}

/// What a handle stands for.
pub(in crate::grant) async fn find_claims(conn: &mut Conn, digest: Digest) -> Result<Option<Value>, Internal> {
    let row: Option<ClaimsRow> =
        conn.query("SELECT claims FROM access_tokens WHERE digest = $1").bind(digest).optional().await?;
    Ok(row.map(|row| row.claims.0))
}

/// The family of a token, and whether the token alone was revoked.
#[derive(sqlx::FromRow)]
pub(in crate::grant) struct StateRow {
    pub(in crate::grant) is_token_revoked: bool,
    #[sqlx(flatten)]
    pub(in crate::grant) family: FamilyRow,
}

pub(in crate::grant) async fn find_state(
    conn: &mut Conn,
    grant_id: GrantId,
    jti: String,
) -> Result<Option<StateRow>, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM revoked_tokens r WHERE r.jti = $2) AS is_token_revoked, g.id AS grant_id, \
         g.client_id, g.session_id, g.security_stamp AS grant_stamp, g.scope, g.details, \
         g.expires_at AS grant_expires_at, g.last_used_at, g.revoked_at, s.ended_at AS session_ended_at, \
         u.id AS user_id, u.email, u.email_verified_at, u.username, u.display_name, u.profile, \
         u.updated_at AS user_updated_at, u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM grants g JOIN users u ON u.id = g.user_id LEFT JOIN sessions s ON s.id = g.session_id WHERE g.id = $1",
    )
    .bind(grant_id)
    .bind(jti)
    .optional()
    .await
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    user_id: UserId,
}

/// Whose grant it is.
pub(in crate::grant) async fn find_person(conn: &mut Conn, grant_id: GrantId) -> Result<Option<UserId>, Internal> {
    let row: Option<PersonRow> =
        conn.query("SELECT user_id FROM grants WHERE id = $1").bind(grant_id).optional().await?;
    Ok(row.map(|row| row.user_id))
}

pub(in crate::grant) async fn is_revoked(conn: &mut Conn, jti: String) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM revoked_tokens WHERE jti = $1)").bind(jti).scalar().await
}

pub(in crate::grant) async fn revoke(tx: &mut Tx, jti: String, expires_at: Timestamp) -> Result<(), Internal> {
    tx.query("INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(jti)
        .bind(expires_at)
        .execute()
        .await
        .map(drop)
}
