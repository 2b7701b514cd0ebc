//! All SQL about ceremonies.

use serde::de::DeserializeOwned;
use sqlx::types::Json;

use super::ceremony::CeremonyKind;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    secret::Digest,
};

pub(super) async fn insert(
    tx: &mut Tx,
    digest: Digest,
    kind: CeremonyKind,
    state: serde_json::Value,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query("INSERT INTO passkey_ceremonies (digest, kind, user_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(digest)
        .bind(kind.as_str())
        .bind(kind.user_id())
        .bind(Json(state))
        .bind(expires_at)
        .execute()
        .await
        .map(drop)
}

/// What was written down at the beginning. `None` when there is no such ceremony of this kind and person, it is over, or
/// its time is.
pub(super) async fn find<T: DeserializeOwned + Send + Unpin + 'static>(
    conn: &mut Conn,
    digest: Digest,
    kind: CeremonyKind,
    now: Timestamp,
) -> Result<Option<T>, Internal> {
    let state: Option<Json<T>> = conn
        .query(
            "SELECT state FROM passkey_ceremonies WHERE digest = $1 AND kind = $2 \
             AND (user_id = $3 OR (user_id IS NULL AND $3 IS NULL)) AND used_at IS NULL AND expires_at > $4",
        )
        .bind(digest)
        .bind(kind.as_str())
        .bind(kind.user_id())
        .bind(now)
        .scalar_optional()
        .await?;
    Ok(state.map(|state| state.0))
}

/// Ends a ceremony; false when that was done already, or its time is over.
pub(super) async fn end(tx: &mut Tx, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE passkey_ceremonies SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Removes at most `limit` ceremonies that ended before `now`; says how many.
pub(crate) async fn delete_expired(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM passkey_ceremonies WHERE digest IN \
         (SELECT digest FROM passkey_ceremonies WHERE expires_at <= $1 LIMIT $2)",
    )
    .bind(now)
    .bind(limit)
    .execute()
    .await
}
