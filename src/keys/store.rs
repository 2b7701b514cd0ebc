//! All SQL about signing keys.

use sqlx::types::Json;

use super::Times;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    protocol::{PublicJwk, SigningAlg},
};

#[derive(sqlx::FromRow)]
struct Row {
    algorithm: String,
    sealed_private_key: Vec<u8>,
    public_jwk: Json<PublicJwk>,
    created_at: Timestamp,
    active_at: Timestamp,
    retired_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// A stored key.
pub(super) struct StoredKey {
    pub(super) alg: SigningAlg,
    pub(super) sealed: Vec<u8>,
    pub(super) jwk: PublicJwk,
    pub(super) created_at: Timestamp,
    pub(super) times: Times,
}

impl StoredKey {
    pub(super) fn kid(&self) -> &str {
        &self.jwk.kid
    }
}

impl TryFrom<Row> for StoredKey {
    type Error = Internal;

    fn try_from(row: Row) -> Result<Self, Internal> {
        let alg = row.algorithm.parse().map_err(|cause| Internal::new("read a signing key's algorithm", cause))?;
        let Row { active_at, retired_at, expires_at, revoked_at, .. } = row;
        Ok(Self {
            alg,
            sealed: row.sealed_private_key,
            jwk: row.public_jwk.0,
            created_at: row.created_at,
            times: Times { active_at, retired_at, expires_at, revoked_at },
        })
    }
}

/// All keys that are not long gone, newest first.
pub(super) async fn list(conn: &mut Conn) -> Result<Vec<StoredKey>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT algorithm, sealed_private_key, public_jwk, created_at, active_at, retired_at, expires_at, \
             revoked_at FROM signing_keys ORDER BY active_at DESC, kid",
        )
        .all()
        .await?;
    rows.into_iter().map(StoredKey::try_from).collect()
}

/// Writes a key; false when there is one with its `kid`.
pub(super) async fn insert(tx: &mut Tx, key: &StoredKey) -> Result<bool, Internal> {
    let inserted = tx
        .query(
            "INSERT INTO signing_keys (kid, algorithm, sealed_private_key, public_jwk, created_at, active_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kid) DO NOTHING",
        )
        .bind(key.kid().to_owned())
        .bind(key.alg.as_str())
        .bind(key.sealed.clone())
        .bind(Json(key.jwk.clone()))
        .bind(key.created_at)
        .bind(key.times.active_at)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Lets every other key of the algorithm sign until `retired_at` and be published until `expires_at`, at the latest.
pub(super) async fn retire_others(
    tx: &mut Tx,
    alg: SigningAlg,
    kid: &str,
    retired_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "UPDATE signing_keys SET retired_at = $3, expires_at = $4 \
         WHERE algorithm = $1 AND kid <> $2 AND revoked_at IS NULL AND (retired_at IS NULL OR retired_at > $3)",
    )
    .bind(alg.as_str())
    .bind(kid.to_owned())
    .bind(retired_at)
    .bind(expires_at)
    .execute()
    .await
    .map(drop)
}

/// Revokes a key; false when there is none or it was revoked already.
pub(super) async fn revoke(tx: &mut Tx, kid: &str, now: Timestamp) -> Result<bool, Internal> {
    let changed = tx
        .query("UPDATE signing_keys SET revoked_at = $2 WHERE kid = $1 AND revoked_at IS NULL")
        .bind(kid.to_owned())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Removes keys that were last published before `before`.
pub(super) async fn delete_gone(tx: &mut Tx, before: Timestamp) -> Result<u64, Internal> {
    tx.query("DELETE FROM signing_keys WHERE expires_at < $1").bind(before).execute().await
}
