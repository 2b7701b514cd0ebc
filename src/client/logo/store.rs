//! All SQL about pictures of clients.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    secret::Digest,
};

/// Keeps a picture; one that is there already is kept for longer.
pub(super) async fn insert(tx: &mut Tx, digest: Digest, png: Vec<u8>, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO logos (digest, png, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (digest) DO UPDATE SET created_at = excluded.created_at",
    )
    .bind(digest)
    .bind(png)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn assign(
    tx: &mut Tx,
    client_id: &str,
    uri: String,
    logo: Digest,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO client_logos (client_id, uri, logo, fetched_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (client_id) DO UPDATE SET uri = excluded.uri, logo = excluded.logo, \
         fetched_at = excluded.fetched_at",
    )
    .bind(client_id.to_owned())
    .bind(uri)
    .bind(logo)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn remove(tx: &mut Tx, client_id: &str) -> Result<(), Internal> {
    tx.query("DELETE FROM client_logos WHERE client_id = $1").bind(client_id.to_owned()).execute().await.map(drop)
}

pub(super) async fn find(conn: &mut Conn, digest: Digest) -> Result<Option<Vec<u8>>, Internal> {
    conn.query("SELECT png FROM logos WHERE digest = $1").bind(digest).scalar_optional().await
}

/// Removes pictures that no client has, and none had since `before`.
pub(crate) async fn forget_unused(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM logos WHERE digest IN (SELECT l.digest FROM logos l WHERE l.created_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM client_logos c WHERE c.logo = l.digest) LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
