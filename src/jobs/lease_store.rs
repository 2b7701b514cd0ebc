//! All SQL about leases.

use uuid::Uuid;

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
};

pub(super) async fn is_free(
    conn: &mut Conn,
    job: &'static str,
    now: Timestamp,
    last_run_before: Timestamp,
) -> Result<bool, Internal> {
    conn.query("SELECT NOT EXISTS (SELECT 1 FROM leases WHERE job = $1 AND (expires_at > $2 OR last_run_at > $3))")
        .bind(job)
        .bind(now)
        .bind(last_run_before)
        .scalar()
        .await
}

pub(super) async fn take(
    tx: &mut Tx,
    job: &'static str,
    node: Uuid,
    now: Timestamp,
    until: Timestamp,
    last_run_before: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO leases (job, holder, expires_at) VALUES ($1, $2, $4) ON CONFLICT (job) DO UPDATE \
         SET holder = excluded.holder, expires_at = excluded.expires_at WHERE leases.expires_at <= $3 \
         AND (leases.last_run_at IS NULL OR leases.last_run_at <= $5)",
    )
    .bind(job)
    .bind(node)
    .bind(now)
    .bind(until)
    .bind(last_run_before)
    .execute()
    .await
    .map(|changed| changed == 1)
}

pub(super) async fn give_back(tx: &mut Tx, job: &'static str, node: Uuid, now: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE leases SET expires_at = $3, last_run_at = $3 WHERE job = $1 AND holder = $2")
        .bind(job)
        .bind(node)
        .bind(now)
        .execute()
        .await
        .map(drop)
}
