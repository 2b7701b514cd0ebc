//! All SQL about clients that register themselves.

use sqlx::types::Json;

use super::{InitialToken, Origin};
use crate::{
    client::Client,
    clock::Timestamp,
    db::{Conn, Touched, Tx},
    error::Internal,
    id::InitialTokenId,
    secret::Digest,
};

#[derive(sqlx::FromRow)]
pub(super) struct TokenRow {
    pub(super) id: InitialTokenId,
    pub(super) policy: Option<String>,
    pub(super) max_uses: Option<i64>,
    pub(super) uses: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revoked_at: Option<Timestamp>,
}

impl TokenRow {
    pub(super) fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none()
            && self.expires_at.is_none_or(|at| now < at)
            && self.max_uses.is_none_or(|max| self.uses < max)
    }

    pub(super) fn into_token(self, now: Timestamp) -> InitialToken {
        InitialToken {
            is_good: self.is_good(now),
            id: self.id,
            policy: self.policy,
            max_uses: self.max_uses.and_then(|uses| u32::try_from(uses).ok()),
            uses: u32::try_from(self.uses).unwrap_or(u32::MAX),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

pub(super) async fn insert_token(tx: &mut Tx, row: TokenRow, digest: Digest) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO initial_access_tokens (id, digest, policy, max_uses, uses, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $6)",
    )
    .bind(row.id)
    .bind(digest)
    .bind(row.policy)
    .bind(row.max_uses)
    .bind(row.created_at)
    .bind(row.expires_at)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn find_token(conn: &mut Conn, digest: Digest) -> Result<Option<TokenRow>, Internal> {
    conn.query(
        "SELECT id, policy, max_uses, uses, created_at, expires_at, revoked_at FROM initial_access_tokens \
         WHERE digest = $1",
    )
    .bind(digest)
    .optional()
    .await
}

pub(super) async fn list_tokens(conn: &mut Conn, limit: i64) -> Result<Vec<TokenRow>, Internal> {
    conn.query(
        "SELECT id, policy, max_uses, uses, created_at, expires_at, revoked_at FROM initial_access_tokens \
         ORDER BY created_at DESC, id DESC LIMIT $1",
    )
    .bind(limit)
    .all()
    .await
}

/// Ends a token; false when there is none, or it was ended before.
pub(super) async fn revoke_token(tx: &mut Tx, id: InitialTokenId, now: Timestamp) -> Result<bool, Internal> {
    let changed = tx
        .query("UPDATE initial_access_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Uses a token once; false when it is used up or has ended.
pub(super) async fn use_token(tx: &mut Tx, id: InitialTokenId, now: Timestamp) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "UPDATE initial_access_tokens SET uses = uses + 1 WHERE id = $1 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $2) AND (max_uses IS NULL OR uses < max_uses)",
        )
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// How many clients are there that were registered with this token. Exact behind [`use_token`], which lets one
/// transaction at a time through.
pub(super) async fn count_of_token(tx: &mut Tx, id: InitialTokenId) -> Result<i64, Internal> {
    tx.query("SELECT COUNT(*) FROM client_registrations WHERE initial_token_id = $1").bind(id).scalar().await
}

/// A registration to be stored.
pub(crate) struct NewRegistration {
    pub(crate) client_id: String,
    pub(crate) origin: Origin,
    pub(crate) initial_token_id: Option<InitialTokenId>,
    pub(crate) policy: Option<String>,
    pub(crate) digest: Option<Digest>,
    pub(crate) software_statement: Option<String>,
    pub(crate) ip: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) fresh_until: Option<Timestamp>,
}

pub(crate) async fn insert(tx: &mut Tx, new: NewRegistration) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO client_registrations (client_id, origin, initial_token_id, policy, digest, software_statement, ip, \
         created_at, fresh_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.client_id)
    .bind(new.origin.as_str())
    .bind(new.initial_token_id)
    .bind(new.policy)
    .bind(new.digest)
    .bind(new.software_statement)
    .bind(new.ip)
    .bind(new.created_at)
    .bind(new.fresh_until)
    .execute()
    .await
    .map(drop)
}

/// Gives a client another name and other settings; false when there is none any more.
pub(crate) async fn replace(tx: &mut Tx, client: &Client) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "UPDATE clients SET name = $2, settings = $3, version = version + 1, updated_at = $4 \
             WHERE id = $1 AND is_system = FALSE",
        )
        .bind(client.id.clone())
        .bind(client.name.clone())
        .bind(Json(client.settings.clone()))
        .bind(client.updated_at)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// A registration as its token finds it.
#[derive(sqlx::FromRow)]
pub(super) struct Held {
    pub(super) initial_token_id: Option<InitialTokenId>,
    pub(super) policy: Option<String>,
    pub(super) software_statement: Option<String>,
}

pub(super) async fn find_held(conn: &mut Conn, client_id: &str, digest: Digest) -> Result<Option<Held>, Internal> {
    conn.query(
        "SELECT initial_token_id, policy, software_statement FROM client_registrations \
         WHERE client_id = $1 AND digest = $2",
    )
    .bind(client_id.to_owned())
    .bind(digest)
    .optional()
    .await
}

pub(super) async fn set_statement(tx: &mut Tx, client_id: &str, statement: Option<String>) -> Result<(), Internal> {
    tx.query("UPDATE client_registrations SET software_statement = $2 WHERE client_id = $1")
        .bind(client_id.to_owned())
        .bind(statement)
        .execute()
        .await
        .map(drop)
}

/// Notes that a client was used for the first time; false when that is known.
pub(crate) async fn mark_used(tx: &mut Tx, client_id: &str, now: Timestamp) -> Result<bool, Internal> {
    let changed = tx
        .query("UPDATE client_registrations SET used_at = $2 WHERE client_id = $1 AND used_at IS NULL")
        .bind(client_id.to_owned())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Notes how long what a document said holds.
pub(crate) async fn set_fresh_until(tx: &mut Tx, client_id: &str, until: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE client_registrations SET fresh_until = $2 WHERE client_id = $1")
        .bind(client_id.to_owned())
        .bind(until)
        .execute()
        .await
        .map(drop)
}

/// Removes clients that anybody could register, and nobody used since `before`.
pub(crate) async fn forget_unused(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    let gone = tx
        .query(
            "DELETE FROM clients WHERE id IN (SELECT client_id FROM client_registrations \
         WHERE used_at IS NULL AND created_at < $1 AND origin IN ('open', 'document') LIMIT $2)",
        )
        .bind(before)
        .bind(limit)
        .execute()
        .await?;
    if gone > 0 {
        tx.touch(Touched::Clients);
    }
    Ok(gone)
}
