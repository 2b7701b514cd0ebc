//! All SQL about the outbox.

use crate::{clock::Timestamp, db::Tx, error::Internal, id::OutboxId};

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
