//! What people let applications do: remembered consents, and grants that are alive.

use sqlx::types::Json;

use super::super::details::{ConsentDetails, GrantDetails};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
};

/// A grant that is alive.
#[derive(sqlx::FromRow)]
pub(in crate::grant) struct HeldRow {
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) scope: String,
    pub(in crate::grant) details: Json<GrantDetails>,
    pub(in crate::grant) created_at: Timestamp,
    pub(in crate::grant) last_used_at: Timestamp,
}

/// The grants of a person that are alive, the last used first. Those of our own API are none of an application.
pub(in crate::grant) async fn list_held(
    conn: &mut Conn,
    user_id: UserId,
    now: Timestamp,
) -> Result<Vec<HeldRow>, Internal> {
    conn.query(
        "SELECT g.client_id, g.scope, g.details, g.created_at, g.last_used_at FROM grants g \
         JOIN clients c ON c.id = g.client_id JOIN users u ON u.id = g.user_id \
         LEFT JOIN sessions s ON s.id = g.session_id \
         WHERE g.user_id = $1 AND g.revoked_at IS NULL AND g.expires_at > $2 AND s.ended_at IS NULL \
         AND g.security_stamp = u.security_stamp AND NOT c.is_system ORDER BY g.last_used_at DESC, g.id LIMIT 1000",
    )
    .bind(user_id)
    .bind(now)
    .all()
    .await
}

/// A remembered answer.
#[derive(sqlx::FromRow)]
pub(in crate::grant) struct RememberedRow {
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) scope: String,
    pub(in crate::grant) details: Json<ConsentDetails>,
    pub(in crate::grant) created_at: Timestamp,
}

/// What a person is not asked about again.
pub(in crate::grant) async fn list_remembered(
    conn: &mut Conn,
    user_id: UserId,
) -> Result<Vec<RememberedRow>, Internal> {
    conn.query(
        "SELECT k.client_id, k.scope, k.details, k.created_at FROM consents k JOIN clients c ON c.id = k.client_id \
         WHERE k.user_id = $1 AND NOT c.is_system ORDER BY k.client_id LIMIT 1000",
    )
    .bind(user_id)
    .all()
    .await
}

/// Ends the grants of one application for a person; says how many were alive as far as they themselves tell.
pub(in crate::grant) async fn revoke_held(
    tx: &mut Tx,
    user_id: UserId,
    client_id: String,
    now: Timestamp,
) -> Result<u64, Internal> {
    tx.query(
        "UPDATE grants SET revoked_at = $3, revoked_why = 'revoked_by_user' WHERE user_id = $1 AND client_id = $2 \
         AND revoked_at IS NULL AND expires_at > $3 \
         AND EXISTS (SELECT 1 FROM clients c WHERE c.id = client_id AND NOT c.is_system)",
    )
    .bind(user_id)
    .bind(client_id)
    .bind(now)
    .execute()
    .await
}

/// Forgets a remembered answer; true when there was one.
pub(in crate::grant) async fn forget(tx: &mut Tx, user_id: UserId, client_id: String) -> Result<bool, Internal> {
    tx.query("DELETE FROM consents WHERE user_id = $1 AND client_id = $2")
        .bind(user_id)
        .bind(client_id)
        .execute()
        .await
        .map(|gone| gone > 0)
}
