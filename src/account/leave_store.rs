//! SQL about leaving.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{Stamp, UserId},
};

/// There is another administrator who can sign in.
pub(super) async fn there_is_another_admin(conn: &mut Conn, id: UserId) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM users WHERE is_admin AND is_active AND deleted_at IS NULL AND erase_at IS NULL \
         AND id <> $1)",
    )
    .bind(id)
    .scalar()
    .await
}

/// Sets when an account is to be erased, and a new stamp. False when that was set already, or there is no such account.
pub(super) async fn schedule(
    tx: &mut Tx,
    id: UserId,
    erase_at: Timestamp,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET erase_at = $2, security_stamp = $3, updated_at = $4 \
         WHERE id = $1 AND erase_at IS NULL AND is_active AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(erase_at)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Deletes an account, which is erased later. False when there is none.
pub(super) async fn delete(
    tx: &mut Tx,
    id: UserId,
    erase_at: Timestamp,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET deleted_at = $4, erase_at = $2, security_stamp = $3, updated_at = $4 \
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(erase_at)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Brings a deleted account back, by its address or username in lower case, or its id; says which.
pub(super) async fn restore(tx: &mut Tx, key: String, id: UserId, now: Timestamp) -> Result<Option<UserId>, Internal> {
    tx.query(
        "UPDATE users SET deleted_at = NULL, erase_at = NULL, updated_at = $3 \
         WHERE (email_key = $1 OR username_key = $1 OR id = $2) AND deleted_at IS NOT NULL AND erase_at > $3 RETURNING id",
    )
    .bind(key)
    .bind(id)
    .bind(now)
    .scalar_optional()
    .await
}

/// Takes that back. False when nothing was set, or it is too late.
pub(super) async fn keep(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE users SET erase_at = NULL, updated_at = $2 WHERE id = $1 AND erase_at > $2")
        .bind(id)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

pub(super) async fn erase_at(conn: &mut Conn, id: UserId) -> Result<Option<Timestamp>, Internal> {
    let found: Option<Option<Timestamp>> =
        conn.query("SELECT erase_at FROM users WHERE id = $1").bind(id).scalar_optional().await?;
    Ok(found.flatten())
}

/// Erases at most `limit` accounts whose time has come, and what of the record could tell who they were: the record keeps
/// only their ids. Says how many.
pub(crate) async fn erase_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "UPDATE audit SET ip = NULL, user_agent = NULL \
         WHERE user_id IN (SELECT id FROM users WHERE erase_at <= $1 ORDER BY erase_at, id LIMIT $2)",
    )
    .bind(now)
    .bind(limit)
    .execute()
    .await?;
    tx.query("DELETE FROM users WHERE id IN (SELECT id FROM users WHERE erase_at <= $1 ORDER BY erase_at, id LIMIT $2)")
        .bind(now)
        .bind(limit)
        .execute()
        .await
}
