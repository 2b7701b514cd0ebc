//! Refresh tokens.

use super::grants::FamilyRow;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::GrantId,
    secret::Digest,
};

pub(in crate::grant) async fn insert(
    tx: &mut Tx,
    digest: Digest,
    grant_id: GrantId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query("INSERT INTO refresh_tokens (digest, grant_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(digest)
        .bind(grant_id)
        .bind(now)
        .bind(expires_at)
        .execute()
        .await
        .map(drop)
}

#[derive(sqlx::FromRow)]
pub(in crate::grant) struct RefreshRow {
    pub(in crate::grant) token_created_at: Timestamp,
    pub(in crate::grant) token_expires_at: Timestamp,
    pub(in crate::grant) used_at: Option<Timestamp>,
    pub(in crate::grant) successor_salt: Option<Vec<u8>>,
    #[sqlx(flatten)]
    pub(in crate::grant) family: FamilyRow,
}

pub(in crate::grant) async fn find(conn: &mut Conn, digest: Digest) -> Result<Option<RefreshRow>, Internal> {
    conn.query(
        "SELECT t.created_at AS token_created_at, t.expires_at AS token_expires_at, t.used_at, t.successor_salt, \
         g.id AS grant_id, g.client_id, g.session_id, g.security_stamp AS grant_stamp, g.scope, g.details, \
         g.expires_at AS grant_expires_at, g.last_used_at, g.revoked_at, s.ended_at AS session_ended_at, \
         u.id AS user_id, u.email, u.email_verified_at, u.username, u.display_name, u.profile, \
         u.updated_at AS user_updated_at, u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM refresh_tokens t JOIN grants g ON g.id = t.grant_id JOIN users u ON u.id = g.user_id \
         LEFT JOIN sessions s ON s.id = g.session_id WHERE t.digest = $1",
    )
    .bind(digest)
    .optional()
    .await
}
