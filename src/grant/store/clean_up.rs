//! Deleting what has expired, a few rows at a time.

use std::time::Duration;

use crate::{clock::Timestamp, db::Tx, error::Internal};

/// How long a code is known after its end, so that a replay is known for what it is.
const CODES_KEPT: Duration = Duration::from_hours(24);

/// How long a pushed request is known after its end: a person may still be on the way with it.
const PUSHED_KEPT: Duration = Duration::from_hours(24);
/// How long a decoupled request is known after its end, so that its client learns that it has expired, and those that
/// nobody answered are counted.
const DECOUPLED_KEPT: Duration = Duration::from_hours(1);

/// Deletes up to `limit` rows of each table and says how many went in all. Used refresh tokens stay until their own end,
/// so that their reuse is known for what it is. A grant goes when it can have no live token left, and takes the rest of
/// its codes and refresh tokens along.
pub(in crate::grant) async fn delete_expired(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    let mut gone = 0;
    gone += tx
        .query("DELETE FROM interactions WHERE id IN (SELECT id FROM interactions WHERE expires_at <= $1 LIMIT $2)")
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM decoupled_requests WHERE id IN \
             (SELECT id FROM decoupled_requests WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now - DECOUPLED_KEPT)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM refresh_tokens WHERE digest IN \
             (SELECT digest FROM refresh_tokens WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM authorization_codes WHERE digest IN \
             (SELECT digest FROM authorization_codes WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now - CODES_KEPT)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM access_tokens WHERE digest IN \
             (SELECT digest FROM access_tokens WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM pushed_requests WHERE digest IN \
             (SELECT digest FROM pushed_requests WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now - PUSHED_KEPT)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query("DELETE FROM used_ids WHERE digest IN (SELECT digest FROM used_ids WHERE expires_at <= $1 LIMIT $2)")
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query("DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE expires_at <= $1 LIMIT $2)")
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    gone += tx
        .query(
            "DELETE FROM revoked_tokens WHERE jti IN (SELECT jti FROM revoked_tokens WHERE expires_at <= $1 LIMIT $2)",
        )
        .bind(now)
        .bind(limit)
        .execute()
        .await?;
    Ok(gone)
}
