//! All SQL about browser records.

use sqlx::types::Json;

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    secret::Digest,
};

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) data: Json<serde_json::Value>,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn find(conn: &mut Conn, digest: Digest, now: Timestamp) -> Result<Option<Row>, Internal> {
    conn.query("SELECT data, expires_at FROM browsers WHERE digest = $1 AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .optional()
        .await
}

pub(super) async fn insert(
    tx: &mut Tx,
    digest: Digest,
    data: serde_json::Value,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO browsers (digest, data, created_at, expires_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (digest) DO NOTHING",
    )
    .bind(digest)
    .bind(Json(data))
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(|changed| changed > 0)
}

pub(super) async fn upsert(
    tx: &mut Tx,
    digest: Digest,
    data: serde_json::Value,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO browsers (digest, data, created_at, expires_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (digest) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
    )
    .bind(digest)
    .bind(Json(data))
    .bind(now)
    .bind(expires_at)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn delete(tx: &mut Tx, digest: Digest) -> Result<(), Internal> {
    tx.query("DELETE FROM browsers WHERE digest = $1").bind(digest).execute().await.map(drop)
}
