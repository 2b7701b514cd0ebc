//! All SQL about tickets.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{TicketId, UserId},
    secret::Digest,
    text::EmailAddress,
};

pub(super) struct NewRow {
    pub(super) id: TicketId,
    pub(super) kind: &'static str,
    pub(super) user_id: Option<UserId>,
    pub(super) link_digest: Digest,
    pub(super) code_digest: Option<Digest>,
    pub(super) return_to: Option<String>,
    pub(super) email: Option<String>,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(tx: &mut Tx, row: NewRow) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO tickets (id, kind, user_id, link_digest, code_digest, attempts, return_to, email, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)",
    )
    .bind(row.id)
    .bind(row.kind)
    .bind(row.user_id)
    .bind(row.link_digest)
    .bind(row.code_digest)
    .bind(row.return_to)
    .bind(row.email)
    .bind(row.now)
    .bind(row.expires_at)
    .execute()
    .await
    .map(drop)
}

/// A ticket as it is found.
#[derive(sqlx::FromRow, Debug)]
pub(super) struct Found {
    pub(super) id: TicketId,
    pub(super) user_id: Option<UserId>,
    email: Option<String>,
    pub(super) attempts: i64,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

impl Found {
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }

    /// The address it is about, where that is not the one of the account.
    pub(super) fn address(&self) -> Result<Option<EmailAddress>, Internal> {
        let email = self.email.as_deref().map(EmailAddress::try_from).transpose();
        email.map_err(|cause| Internal::new("read the address of a ticket", cause))
    }
}

pub(super) async fn by_link(conn: &mut Conn, kind: &'static str, digest: Digest) -> Result<Option<Found>, Internal> {
    conn.query(
        "SELECT id, user_id, email, attempts, created_at, expires_at, used_at FROM tickets WHERE link_digest = $1 AND kind = $2",
    )
    .bind(digest)
    .bind(kind)
    .optional()
    .await
}

pub(super) async fn newest(conn: &mut Conn, kind: &'static str, user_id: UserId) -> Result<Option<Found>, Internal> {
    conn.query(
        "SELECT id, user_id, email, attempts, created_at, expires_at, used_at FROM tickets WHERE user_id = $1 AND kind = $2 \
         ORDER BY created_at DESC, id DESC LIMIT 1",
    )
    .bind(user_id)
    .bind(kind)
    .optional()
    .await
}

/// What a used ticket leaves behind.
#[derive(sqlx::FromRow, Debug)]
pub(super) struct Used {
    pub(super) user_id: Option<UserId>,
    pub(super) return_to: Option<String>,
}

/// Uses a ticket up. `None` when somebody was first, or it is too old.
pub(super) async fn consume(tx: &mut Tx, id: TicketId, now: Timestamp) -> Result<Option<Used>, Internal> {
    tx.query(
        "UPDATE tickets SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING user_id, return_to",
    )
    .bind(id)
    .bind(now)
    .optional()
    .await
}

/// Counts a try of the code *before* it is compared, so that no number of tries at once is more than `most`. `None`
/// when there is no code or no try left.
pub(super) async fn count_try(
    tx: &mut Tx,
    id: TicketId,
    now: Timestamp,
    most: i64,
) -> Result<Option<Digest>, Internal> {
    tx.query(
        "UPDATE tickets SET attempts = attempts + 1 WHERE id = $1 AND used_at IS NULL AND expires_at > $2 \
         AND attempts < $3 AND code_digest IS NOT NULL RETURNING code_digest",
    )
    .bind(id)
    .bind(now)
    .bind(most)
    .scalar_optional()
    .await
}

/// Makes all tickets of a kind useless.
pub(super) async fn close(tx: &mut Tx, kind: &'static str, user_id: UserId, now: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE tickets SET used_at = $3 WHERE user_id = $1 AND kind = $2 AND used_at IS NULL")
        .bind(user_id)
        .bind(kind)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// How many tickets of a kind were made since a moment, and when the last one was.
#[derive(sqlx::FromRow, Debug)]
pub(super) struct Recent {
    pub(super) count: i64,
    pub(super) last: Option<Timestamp>,
}

pub(super) async fn recent(
    conn: &mut Conn,
    kind: &'static str,
    user_id: UserId,
    since: Timestamp,
) -> Result<Recent, Internal> {
    conn.query(
        "SELECT COUNT(*) AS count, MAX(created_at) AS last FROM tickets WHERE user_id = $1 AND kind = $2 \
         AND created_at > $3",
    )
    .bind(user_id)
    .bind(kind)
    .bind(since)
    .one()
    .await
}

/// Removes all tickets of a kind that belong to nobody.
pub(super) async fn delete_of_nobody(tx: &mut Tx, kind: &'static str) -> Result<(), Internal> {
    tx.query("DELETE FROM tickets WHERE kind = $1 AND user_id IS NULL").bind(kind).execute().await.map(drop)
}

/// Removes at most `limit` tickets that were too old before `before`; says how many.
pub(crate) async fn delete_expired(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE expires_at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}
