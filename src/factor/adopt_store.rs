//! SQL about authenticator apps that come along from another system.

use crate::{
    clock::Timestamp,
    db::Tx,
    error::Internal,
    id::{AuthenticatorId, UserId},
};

/// One that is in use from the beginning. A code of its first step may have been used where it comes from; it is over.
pub(super) async fn insert(
    tx: &mut Tx,
    id: AuthenticatorId,
    user_id: UserId,
    name: &str,
    sealed: Vec<u8>,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO authenticators (id, user_id, name, secret, last_step, created_at, confirmed_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $5)",
    )
    .bind(id)
    .bind(user_id)
    .bind(name.to_owned())
    .bind(sealed)
    .bind(now)
    .execute()
    .await
    .map(drop)
}
