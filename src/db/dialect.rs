//! Statements that cannot be the same on both engines, both arms side by side. Keep it under ten functions.

use super::{Conn, Engine};
use crate::error::Internal;

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
