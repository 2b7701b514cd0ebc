//! Migrations, run at start under a lock (I1).

use sqlx::migrate::Migrator;

use super::{Backend, Db, OpenError, dialect};
use crate::error::Internal;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// What a migration run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// Newest migration this binary knows; the schema is at this number now.
    pub version: i64,
}

/// How far the schema of a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaVersion {
    /// Newest migration that was applied; 0 for an empty database.
    pub applied: i64,
    /// Newest migration this binary knows.
    pub known: i64,
}

/// Looks how far the schema is, and changes nothing.
pub(super) async fn version(db: &Db) -> Result<SchemaVersion, Internal> {
    let mut conn = db.read().await?;
    let applied =
        if dialect::has_migrations(&mut conn).await? { dialect::applied_migration(&mut conn).await? } else { 0 };
    Ok(SchemaVersion { applied, known: newest(migrator(db)) })
}

fn migrator(db: &Db) -> &'static Migrator {
    match &db.backend {
        Backend::Sqlite(_) => &SQLITE,
        Backend::Postgres(_) => &POSTGRES,
    }
}

fn newest(migrator: &Migrator) -> i64 {
    migrator.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Applies what is missing. On PostgreSQL the migrator takes an advisory lock; for SQLite it has none, so we lock a
/// file beside the database.
pub(super) async fn run(db: &Db) -> Result<MigrationReport, OpenError> {
    let migrator = migrator(db);
    match &db.backend {
        Backend::Sqlite(sqlite) => {
            let _lock = sqlite.lock_file().await?;
            let mut writer = sqlite.exclusive().await.map_err(OpenError::Connect)?;
            migrator.run_direct(None, writer.connection(), false).await?;
        }
        Backend::Postgres(pool) => migrator.run(pool).await?,
    }
    Ok(MigrationReport { version: newest(migrator) })
}
