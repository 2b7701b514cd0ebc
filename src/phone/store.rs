//! All SQL about numbers that are to be confirmed.

use super::PhoneNumber;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
    secret::Digest,
};

/// A number that a code was sent to.
pub(super) struct NewProof {
    pub(super) user_id: UserId,
    pub(super) number: PhoneNumber,
    pub(super) code: Digest,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Keeps it in place of the one before.
pub(super) async fn replace(tx: &mut Tx, new: NewProof) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO phone_proofs (user_id, number, code_digest, attempts, sent_at, expires_at) \
         VALUES ($1, $2, $3, 0, $4, $5) ON CONFLICT (user_id) DO UPDATE SET number = excluded.number, \
         code_digest = excluded.code_digest, attempts = 0, sent_at = excluded.sent_at, expires_at = excluded.expires_at",
    )
    .bind(new.user_id)
    .bind(String::from(new.number))
    .bind(new.code)
    .bind(new.now)
    .bind(new.expires_at)
    .execute()
    .await
    .map(drop)
}

/// A number that waits for its code.
#[derive(sqlx::FromRow)]
pub(super) struct ProofRow {
    number: String,
    pub(super) code_digest: Digest,
    pub(super) expires_at: Timestamp,
}

impl ProofRow {
    pub(super) fn number(&self) -> Result<PhoneNumber, Internal> {
        PhoneNumber::try_from(self.number.as_str()).map_err(|cause| Internal::new("read a telephone number", cause))
    }
}

/// The one of this account that is neither too old nor guessed at too often.
pub(super) async fn find(
    conn: &mut Conn,
    user_id: UserId,
    now: Timestamp,
    most: i64,
) -> Result<Option<ProofRow>, Internal> {
    conn.query(
        "SELECT number, code_digest, expires_at FROM phone_proofs \
         WHERE user_id = $1 AND expires_at > $2 AND attempts < $3",
    )
    .bind(user_id)
    .bind(now)
    .bind(most)
    .optional()
    .await
}

/// Counts a try *before* it is compared, so that no number of tries at once is more than `most`. None when there is none
/// left, or nothing to try.
pub(super) async fn count_try(
    tx: &mut Tx,
    user_id: UserId,
    now: Timestamp,
    most: i64,
) -> Result<Option<ProofRow>, Internal> {
    tx.query(
        "UPDATE phone_proofs SET attempts = attempts + 1 WHERE user_id = $1 AND expires_at > $2 AND attempts < $3 \
         RETURNING number, code_digest, expires_at",
    )
    .bind(user_id)
    .bind(now)
    .bind(most)
    .optional()
    .await
}

/// Uses the code up. False when somebody was first, or another one was sent.
pub(super) async fn consume(tx: &mut Tx, user_id: UserId, code: Digest) -> Result<bool, Internal> {
    tx.query("DELETE FROM phone_proofs WHERE user_id = $1 AND code_digest = $2")
        .bind(user_id)
        .bind(code)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Nothing waits any more.
pub(super) async fn forget(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    tx.query("DELETE FROM phone_proofs WHERE user_id = $1").bind(user_id).execute().await.map(drop)
}

/// Whether a code still waits for being typed: not used and not replaced.
pub(crate) async fn code_waits(conn: &mut Conn, user_id: UserId, code: Digest) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM phone_proofs WHERE user_id = $1 AND code_digest = $2)")
        .bind(user_id)
        .bind(code)
        .scalar()
        .await
}

/// Removes at most `limit` numbers that nobody confirmed in time; says how many.
pub(crate) async fn delete_expired(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM phone_proofs WHERE user_id IN (SELECT user_id FROM phone_proofs WHERE expires_at < $1 LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
