//! All SQL about passkeys, and what they change about their owner.

use sqlx::types::Json;
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{PasskeyId, Stamp, UserId},
};

/// A passkey as it is needed to check a signature.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct KeyRow {
    pub(super) id: PasskeyId,
    pub(super) user_id: UserId,
    pub(super) credential: Json<Passkey>,
    pub(super) aaguid: Uuid,
}

pub(super) async fn by_credential(conn: &mut Conn, credential_id: Vec<u8>) -> Result<Option<KeyRow>, Internal> {
    conn.query("SELECT id, user_id, credential, aaguid FROM passkeys WHERE credential_id = $1")
        .bind(credential_id)
        .optional()
        .await
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    credential: Json<Passkey>,
}

/// All keys of a person, as they are needed to ask for one of them.
pub(super) async fn credentials(conn: &mut Conn, user_id: UserId) -> Result<Vec<Passkey>, Internal> {
    let rows: Vec<CredentialRow> =
        conn.query("SELECT credential FROM passkeys WHERE user_id = $1 ORDER BY id").bind(user_id).all().await?;
    Ok(rows.into_iter().map(|row| row.credential.0).collect())
}

/// When a key of this person was last used; none where there is no key.
pub(super) async fn last_used(conn: &mut Conn, user_id: UserId) -> Result<Option<LastUsed>, Internal> {
    let found: LastUsed = conn
        .query("SELECT COUNT(*) AS count, MAX(last_used_at) AS at FROM passkeys WHERE user_id = $1")
        .bind(user_id)
        .one()
        .await?;
    Ok((found.count > 0).then_some(found))
}

/// See [`last_used`].
#[derive(sqlx::FromRow)]
pub(crate) struct LastUsed {
    count: i64,
    pub(crate) at: Option<Timestamp>,
}

/// A passkey as its owner sees it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: PasskeyId,
    pub(super) credential_id: Vec<u8>,
    pub(super) name: String,
    pub(super) aaguid: Uuid,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) copied_at: Option<Timestamp>,
}

/// In the order they were added.
pub(super) async fn list_of_user(conn: &mut Conn, user_id: UserId) -> Result<Vec<ListedRow>, Internal> {
    conn.query(
        "SELECT id, credential_id, name, aaguid, created_at, last_used_at, copied_at FROM passkeys \
         WHERE user_id = $1 ORDER BY id",
    )
    .bind(user_id)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
struct IdRow {
    credential_id: Vec<u8>,
}

/// The ids of all credentials of a person.
pub(super) async fn credential_ids(conn: &mut Conn, user_id: UserId) -> Result<Vec<Vec<u8>>, Internal> {
    let rows: Vec<IdRow> =
        conn.query("SELECT credential_id FROM passkeys WHERE user_id = $1 ORDER BY id").bind(user_id).all().await?;
    Ok(rows.into_iter().map(|row| row.credential_id).collect())
}

/// A passkey to be.
pub(super) struct NewRow {
    pub(super) id: PasskeyId,
    pub(super) user_id: UserId,
    pub(super) credential: Passkey,
    pub(super) counter: i64,
    pub(super) name: String,
    pub(super) aaguid: Uuid,
    pub(super) now: Timestamp,
}

/// False when a credential of that id is known, whoever has it.
pub(super) async fn insert(tx: &mut Tx, new: NewRow) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO passkeys (id, user_id, credential_id, credential, counter, name, aaguid, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.user_id)
    .bind(new.credential.cred_id().clone())
    .bind(Json(new.credential))
    .bind(new.counter)
    .bind(new.name)
    .bind(new.aaguid)
    .bind(new.now)
    .execute()
    .await
    .map(|inserted| inserted == 1)
}

/// Keeps what a signature told of the authenticator. False when the passkey is gone, or counted as far in the meantime.
pub(super) async fn used(
    tx: &mut Tx,
    id: PasskeyId,
    credential: Passkey,
    counter: i64,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE passkeys SET credential = $2, counter = $3, last_used_at = $4 \
         WHERE id = $1 AND (counter < $3 OR (counter = 0 AND $3 = 0))",
    )
    .bind(id)
    .bind(Json(credential))
    .bind(counter)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// There is a copy of this passkey.
pub(super) async fn copied(tx: &mut Tx, id: PasskeyId, now: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE passkeys SET copied_at = $2 WHERE id = $1").bind(id).bind(now).execute().await.map(drop)
}

pub(super) async fn rename(tx: &mut Tx, id: PasskeyId, user_id: UserId, name: String) -> Result<bool, Internal> {
    tx.query("UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user_id)
        .bind(name)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Removes a passkey and says its model, provided another way in is left: another passkey, or a password. The caller holds
/// the owner's row.
pub(super) async fn remove(tx: &mut Tx, id: PasskeyId, user_id: UserId) -> Result<Option<Uuid>, Internal> {
    tx.query(
        "DELETE FROM passkeys WHERE id = $1 AND user_id = $2 AND (EXISTS (SELECT 1 FROM passkeys other \
         WHERE other.user_id = $2 AND other.id <> $1) OR EXISTS (SELECT 1 FROM users \
         WHERE id = $2 AND password_hash IS NOT NULL)) RETURNING aaguid",
    )
    .bind(id)
    .bind(user_id)
    .scalar_optional()
    .await
}

/// Removes what was added at that moment or later, whether it is the last way in or not; says how many.
pub(crate) async fn remove_since(tx: &mut Tx, user_id: UserId, since: Timestamp) -> Result<u64, Internal> {
    tx.query("DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2").bind(user_id).bind(since).execute().await
}

pub(super) async fn exists(conn: &mut Conn, id: PasskeyId, user_id: UserId) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM passkeys WHERE id = $1 AND user_id = $2)")
        .bind(id)
        .bind(user_id)
        .scalar()
        .await
}

/// Lets somebody in who proved to hold a passkey, and notes when. The present stamp, or `None` when the account was
/// paused or deactivated in the meantime.
pub(super) async fn admit(tx: &mut Tx, user_id: UserId, now: Timestamp) -> Result<Option<Stamp>, Internal> {
    tx.query(
        "UPDATE users SET last_sign_in_at = $2, last_passkey_sign_in_at = $2 WHERE id = $1 AND is_active \
         AND deleted_at IS NULL AND (locked_until IS NULL OR locked_until <= $2) RETURNING security_stamp",
    )
    .bind(user_id)
    .bind(now)
    .scalar_optional()
    .await
}
