//! All SQL about the outbox.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::OutboxId,
};

pub(super) async fn insert(
    tx: &mut Tx,
    id: OutboxId,
    kind: &'static str,
    aggregate_id: String,
    sealed_payload: Vec<u8>,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO outbox (id, kind, aggregate_id, sealed_payload, attempts, created_at, due_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $5)",
    )
    .bind(id)
    .bind(kind)
    .bind(aggregate_id)
    .bind(sealed_payload)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Whether anything is due in a lane. What would be a mail takes the way of mails.
pub(super) async fn something_is_due(conn: &mut Conn, lane: &'static str, now: Timestamp) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL AND due_at <= $1 \
         AND (leased_until IS NULL OR leased_until <= $1) AND CASE WHEN kind IN ('mail', 'nothing') THEN 'mail' WHEN kind = 'sms' THEN 'sms' ELSE 'calls' END = $2)",
    )
    .bind(now)
    .bind(lane)
    .scalar()
    .await
}

/// A message taken for delivery.
#[derive(sqlx::FromRow)]
pub(crate) struct Taken {
    pub(crate) id: OutboxId,
    pub(crate) kind: String,
    pub(crate) sealed_payload: Option<Vec<u8>>,
    pub(crate) attempts: i64,
}

/// Takes messages that are due, of each aggregate the oldest that is not done; until `until` nobody else takes them.
pub(super) async fn take(
    tx: &mut Tx,
    lane: &'static str,
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Taken>, Internal> {
    tx.query(
        "UPDATE outbox SET leased_until = $2, attempts = attempts + 1 WHERE id IN (\
         SELECT o.id FROM outbox o WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND o.due_at <= $1 \
         AND (o.leased_until IS NULL OR o.leased_until <= $1) \
         AND CASE WHEN o.kind IN ('mail', 'nothing') THEN 'mail' WHEN o.kind = 'sms' THEN 'sms' ELSE 'calls' END = $4 \
         AND NOT EXISTS (SELECT 1 FROM outbox b \
         WHERE b.aggregate_id = o.aggregate_id AND b.delivered_at IS NULL AND b.given_up_at IS NULL AND b.id < o.id) \
         ORDER BY o.id LIMIT $3) \
         AND delivered_at IS NULL AND given_up_at IS NULL AND (leased_until IS NULL OR leased_until <= $1) \
         RETURNING id, kind, sealed_payload, attempts",
    )
    .bind(now)
    .bind(until)
    .bind(limit)
    .bind(lane)
    .all()
    .await
}

/// The message has arrived: nothing of it is kept but the fact.
pub(super) async fn delivered(tx: &mut Tx, id: OutboxId, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "UPDATE outbox SET delivered_at = $2, sealed_payload = NULL, leased_until = NULL, last_error = NULL \
         WHERE id = $1",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// The message will be tried again at `due_at`.
pub(super) async fn failed(tx: &mut Tx, id: OutboxId, due_at: Timestamp, error: String) -> Result<(), Internal> {
    tx.query("UPDATE outbox SET due_at = $2, leased_until = NULL, last_error = $3 WHERE id = $1")
        .bind(id)
        .bind(due_at)
        .bind(error)
        .execute()
        .await
        .map(drop)
}

/// The message will not be tried again.
pub(super) async fn given_up(tx: &mut Tx, id: OutboxId, now: Timestamp, error: String) -> Result<(), Internal> {
    tx.query(
        "UPDATE outbox SET given_up_at = $2, sealed_payload = NULL, leased_until = NULL, last_error = $3 \
         WHERE id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(error)
    .execute()
    .await
    .map(drop)
}

/// Removes at most `limit` messages that were done with before `before`; says how many.
pub(crate) async fn delete_done(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE delivered_at < $1 UNION ALL \
         SELECT id FROM outbox WHERE delivered_at IS NULL AND given_up_at < $1 LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}

/// Everything that still waits, oldest first, for tests that read their mail.
#[cfg(any(test, feature = "testing"))]
pub(crate) async fn waiting(conn: &mut Conn) -> Result<Vec<Taken>, Internal> {
    conn.query(
        "SELECT id, kind, sealed_payload, attempts FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL \
         ORDER BY created_at, id",
    )
    .all()
    .await
}
