//! Migrations, run at start under a lock (I1).

use sqlx::migrate::Migrator;

use super::{Backend, Db, OpenError};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// What a migration run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// Newest migration this binary knows; the schema is at this number now.
    pub version: i64,
}

/// Applies what is missing. On PostgreSQL the migrator takes an advisory lock; for SQLite it has none, so we lock a
/// file beside the database.
pub(super) async fn run(db: &Db) -> Result<MigrationReport, OpenError> {
    let migrator = match &db.backend {
        Backend::Sqlite(db) => {
            let _lock = db.lock_file().await?;
            let mut writer = db.exclusive().await.map_err(OpenError::Connect)?;
            SQLITE.run_direct(None, writer.connection(), false).await?;
            &SQLITE
        }
        Backend::Postgres(pool) => {
            POSTGRES.run(pool).await?;
            &POSTGRES
        }
    };
    Ok(MigrationReport { version: migrator.iter().map(|migration| migration.version).max().unwrap_or(0) })
}
