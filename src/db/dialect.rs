//! Statements that cannot be the same on both engines, both arms side by side. Keep it under ten functions.

use super::{Conn, Engine, Tx};
use crate::{clock::Timestamp, error::Internal, secret::Digest};

/// Whether migrations were ever run.
pub(crate) async fn has_migrations(conn: &mut Conn) -> Result<bool, Internal> {
    match conn.engine() {
        Engine::Sqlite => {
            conn.query("SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = '_sqlx_migrations'").scalar().await
        }
        Engine::Postgres => conn.query("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").scalar().await,
    }
}

/// The newest migration that was applied.
pub(crate) async fn applied_migration(conn: &mut Conn) -> Result<i64, Internal> {
    conn.query("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations").scalar().await
}

/// Tells the other nodes about a change when the transaction commits; SQLite has no other nodes.
pub(crate) async fn notify(conn: &mut Conn, message: String) -> Result<(), Internal> {
    match conn.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => {
            conn.query("SELECT pg_notify('ostiary_changes', $1)").bind(message).execute().await.map(drop)
        }
    }
}

/// Holds `what` until the transaction ends: whoever asks for the same waits until then, and sees what came of it with the
/// next statement. For limits on a number of rows, which no constraint can say. SQLite has one writer anyway.
pub(crate) async fn hold(tx: &mut Tx, what: &str) -> Result<(), Internal> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => {
            let locked = tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))").bind(what.to_owned());
            locked.execute().await.map(drop)
        }
    }
}

/// The use of a refresh token (D3).
pub(crate) struct Rotation {
    pub(crate) old: Digest,
    pub(crate) now: Timestamp,
    /// What the successor is made with.
    pub(crate) salt: Vec<u8>,
    pub(crate) successor: Digest,
    pub(crate) successor_expires_at: Timestamp,
}

/// Uses a refresh token and stores its successor: true for exactly one of all who try, and never for a family that was
/// revoked a moment ago. On PostgreSQL it is one statement, which needs no transaction around it.
pub(crate) async fn rotate_refresh_token(conn: &mut Conn, rotation: Rotation) -> Result<bool, Internal> {
    match conn.engine() {
        Engine::Sqlite => {
            let used = conn
                .query(
                    "UPDATE refresh_tokens SET used_at = $2, successor_salt = $3 WHERE digest = $1 AND used_at IS NULL \
                     AND expires_at > $2 \
                     AND EXISTS (SELECT 1 FROM grants g WHERE g.id = grant_id AND g.revoked_at IS NULL)",
                )
                .bind(rotation.old)
                .bind(rotation.now)
                .bind(rotation.salt)
                .execute()
                .await?;
            if used == 0 {
                return Ok(false);
            }
            conn.query(
                "INSERT INTO refresh_tokens (digest, grant_id, created_at, expires_at) \
                 SELECT $1, grant_id, $2, $3 FROM refresh_tokens WHERE digest = $4",
            )
            .bind(rotation.successor)
            .bind(rotation.now)
            .bind(rotation.successor_expires_at)
            .bind(rotation.old)
            .execute()
            .await
        }
        Engine::Postgres => {
            conn.query(
                "WITH used AS (UPDATE refresh_tokens SET used_at = $2, successor_salt = $3 \
                 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2 \
                 AND EXISTS (SELECT 1 FROM grants g WHERE g.id = grant_id AND g.revoked_at IS NULL) \
                 RETURNING grant_id) \
                 INSERT INTO refresh_tokens (digest, grant_id, created_at, expires_at) \
                 SELECT $4, grant_id, $2, $5 FROM used",
            )
            .bind(rotation.old)
            .bind(rotation.now)
            .bind(rotation.salt)
            .bind(rotation.successor)
            .bind(rotation.successor_expires_at)
            .execute()
            .await
        }
    }
    .map(|changed| changed > 0)
}
