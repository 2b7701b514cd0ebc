//! Statements that cannot be the same on both engines, both arms side by side. Keep it under ten functions.

use super::{Conn, Engine};
use crate::error::Internal;

/// The engine's version, for `doctor` and the log.
pub(crate) async fn version(conn: &mut Conn) -> Result<String, Internal> {
    match conn.engine() {
        Engine::Sqlite => conn.query("SELECT 'SQLite ' || sqlite_version()").scalar().await,
        Engine::Postgres => conn.query("SELECT 'PostgreSQL ' || current_setting('server_version')").scalar().await,
    }
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
