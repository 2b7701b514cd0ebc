//! Authorization codes.

use super::grants::FamilyRow;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::GrantId,
    secret::Digest,
};

pub(in crate::grant) struct NewCode {
    pub(in crate::grant) digest: Digest,
    pub(in crate::grant) grant_id: GrantId,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) redirect_uri: String,
    pub(in crate::grant) code_challenge: Option<String>,
    pub(in crate::grant) expires_at: Timestamp,
}

pub(in crate::grant) async fn insert(tx: &mut Tx, code: NewCode) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO authorization_codes (digest, grant_id, client_id, redirect_uri, code_challenge, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(code.digest)
    .bind(code.grant_id)
    .bind(code.client_id)
    .bind(code.redirect_uri)
    .bind(code.code_challenge)
    .bind(code.expires_at)
    .execute()
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
pub(in crate::grant) struct CodeRow {
    pub(in crate::grant) redirect_uri: String,
    pub(in crate::grant) code_challenge: Option<String>,
    pub(in crate::grant) code_expires_at: Timestamp,
    pub(in crate::grant) used_at: Option<Timestamp>,
    #[sqlx(flatten)]
    pub(in crate::grant) family: FamilyRow,
}

pub(in crate::grant) async fn find(conn: &mut Conn, digest: Digest) -> Result<Option<CodeRow>, Internal> {
    conn.query(
        "SELECT c.redirect_uri, c.code_challenge, c.expires_at AS code_expires_at, c.used_at, g.id AS grant_id, \
         g.client_id, g.session_id, g.security_stamp AS grant_stamp, g.scope, g.details, \
         g.expires_at AS grant_expires_at, g.last_used_at, g.revoked_at, s.ended_at AS session_ended_at, \
         u.id AS user_id, u.email, u.email_verified_at, u.username, u.display_name, u.profile, \
         u.updated_at AS user_updated_at, u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM authorization_codes c JOIN grants g ON g.id = c.grant_id JOIN users u ON u.id = g.user_id \
         LEFT JOIN sessions s ON s.id = g.session_id WHERE c.digest = $1",
    )
    .bind(digest)
    .optional()
    .await
}

/// Uses a code: true for exactly one of all who try.
pub(in crate::grant) async fn mark_used(tx: &mut Tx, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE authorization_codes SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}
