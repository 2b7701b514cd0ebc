//! SQL that gives an account another e-mail address.

use crate::{clock::Timestamp, db::Tx, error::Internal, id::UserId, text::EmailAddress};

/// Removes an account that somebody registered with this address and nobody ever confirmed or used: it holds the address
/// back from whoever has proved that it is theirs.
pub(super) async fn delete_unproved(tx: &mut Tx, email: &EmailAddress) -> Result<(), Internal> {
    tx.query(
        "DELETE FROM users WHERE email_key = $1 AND email_verified_at IS NULL AND last_sign_in_at IS NULL \
         AND forget_at IS NOT NULL",
    )
    .bind(email.key())
    .execute()
    .await
    .map(drop)
}

/// Gives an active account an address that was proved. False when there is no such account, or the address is taken.
pub(super) async fn change(tx: &mut Tx, id: UserId, email: &EmailAddress, now: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET email = $2, email_key = $3, email_verified_at = $4, forget_at = NULL, updated_at = $4 \
         WHERE id = $1 AND is_active AND deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = $3 AND o.id <> $1)",
    )
    .bind(id)
    .bind(email.as_str().to_owned())
    .bind(email.key())
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}
