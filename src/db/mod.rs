//! Storage: one SQL text, two databases (I1).
//!
//! A store function takes a [`Conn`] and writes its statement once, with `$1` placeholders:
//!
//! ```ignore
//! pub(crate) async fn find_user(conn: &mut Conn, id: UserId) -> Result<Option<UserRow>, Internal> {
//!     conn.query("SELECT id, email FROM users WHERE id = $1").bind(id).optional().await
//! }
//! ```
//!
//! Reads go through [`Db::read`], which never takes the writer; changes through [`Db::write`], whose [`Tx`] is a
//! `Conn` too. Only commands open and commit transactions. Statements that must differ live in [`dialect`], both arms
//! side by side. To add a table: a migration in `migrations/sqlite` and its twin in `migrations/postgres` with the
//! same number and name; the schema-comparison test tells when they drift apart.

pub(crate) mod dialect;
mod migrate;
mod query;
mod revisions;
mod sqlite;
#[cfg(test)]
mod tests;

use std::{
    ops::{Deref, DerefMut},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::Notify;

pub use self::migrate::{MigrationReport, SchemaVersion};
pub(crate) use self::revisions::{Revisions, Touched};
use self::sqlite::SqliteDb;
use crate::error::Internal;

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded database file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// A database, open. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    backend: Backend,
    revisions: Arc<Revisions>,
    outbox_filled: Arc<[Notify; 3]>,
}

#[derive(Clone, Debug)]
enum Backend {
    /// The embedded file: a pool of readers beside one writer that groups commits.
    Sqlite(SqliteDb),
    /// A pool of connections to a PostgreSQL server.
    Postgres(PgPool),
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database we know.
    #[error("database.url must begin with sqlite: or postgres:")]
    UnknownScheme,
    /// The URL could not be read.
    #[error("database.url: {0}")]
    Url(sqlx::Error),
    /// The directory of the database file could not be made.
    #[error("cannot make the directory {0}: {1}")]
    Directory(PathBuf, std::io::Error),
    /// The lock file beside the database could not be taken.
    #[error("cannot lock {0}: {1}")]
    Lock(PathBuf, std::io::Error),
    /// The database did not let us in.
    #[error("cannot open the database: {0}")]
    Connect(sqlx::Error),
    /// A migration failed, or the database was made by a newer version.
    #[error("cannot migrate the database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl Db {
    /// Opens the database at `url` (`sqlite:PATH`, `postgres://…`) with at most `max_connections` connections
    /// (readers, on SQLite). Does not migrate.
    ///
    /// # Errors
    /// [`OpenError`] when the URL is not understood or the database cannot be reached.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, OpenError> {
        let revisions = Arc::new(Revisions::default());
        let backend = if url.starts_with("sqlite:") {
            Backend::Sqlite(SqliteDb::open(url, max_connections).await?)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options: PgConnectOptions = url.parse().map_err(OpenError::Url)?;
            let options = options.application_name("ostiary").statement_cache_capacity(256);
            let pool = PgPoolOptions::new()
                .max_connections(max_connections.max(2))
                .acquire_timeout(Duration::from_secs(5))
                // A ping costs a round trip on every hot path; a broken connection fails its statement instead.
                .test_before_acquire(false)
                .connect_with(options)
                .await
                .map_err(OpenError::Connect)?;
            Backend::Postgres(pool)
        } else {
            return Err(OpenError::UnknownScheme);
        };
        Ok(Self { backend, revisions, outbox_filled: Arc::default() })
    }

    /// Keeps this node's caches in step with the other nodes; returns when the database is closed. On SQLite there
    /// are no other nodes, and it returns at once.
    pub async fn follow_changes(&self) {
        if let Backend::Postgres(pool) = &self.backend {
            revisions::listen(pool.clone(), Arc::clone(&self.revisions)).await;
        }
    }

    /// The revisions that caches compare.
    pub(crate) fn revisions(&self) -> &Revisions {
        &self.revisions
    }

    /// All ring when a transaction of this node that filled the outbox was committed: one bell for each
    /// [lane](crate::outbox::Lane) of deliveries, so that none takes another's ring.
    pub(crate) fn outbox_filled(&self) -> &[Notify; 3] {
        &self.outbox_filled
    }

    /// The engine behind it.
    pub fn engine(&self) -> Engine {
        match &self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the schema up to date, under a lock, so that several nodes may start at once (I1).
    ///
    /// # Errors
    /// [`OpenError::Migrate`] when a migration fails or the database is newer than this binary.
    pub async fn migrate(&self) -> Result<MigrationReport, OpenError> {
        migrate::run(self).await
    }

    /// How far the schema is; changes nothing.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn schema_version(&self) -> Result<SchemaVersion, Internal> {
        migrate::version(self).await
    }

    /// A connection for reading. It never waits for writers.
    pub(crate) async fn read(&self) -> Result<Conn, Internal> {
        match &self.backend {
            Backend::Sqlite(db) => db.read().await.map(Conn::SqliteRead),
            Backend::Postgres(pool) => pool.acquire().await.map(Conn::Postgres),
        }
        .map_err(|cause| Internal::new("take a connection", cause))
    }

    /// A connection on which each statement is a transaction of its own, where that saves round trips; `None` on SQLite,
    /// whose writer groups transactions. For hot paths that change everything in one statement.
    pub(crate) async fn write_once(&self) -> Result<Option<Conn>, Internal> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(None),
            Backend::Postgres(_) => self.read().await.map(Some),
        }
    }

    /// Opens a transaction for changes. Keep it short: no hashing, no network while it is open.
    pub(crate) async fn write(&self) -> Result<Tx, Internal> {
        let conn = match &self.backend {
            Backend::Sqlite(db) => db.write().await.map(Conn::SqliteWrite),
            Backend::Postgres(pool) => pool.begin().await.map(Conn::PostgresTx),
        }
        .map_err(|cause| Internal::new("open a transaction", cause))?;
        let (revisions, outbox_filled) = (Arc::clone(&self.revisions), Arc::clone(&self.outbox_filled));
        Ok(Tx { conn, touched: Vec::new(), revisions, fills_outbox: false, outbox_filled })
    }

    /// Asks the database for a sign of life (I4).
    ///
    /// # Errors
    /// [`Internal`] when it does not answer.
    pub async fn ping(&self) -> Result<(), Internal> {
        self.read().await?.query("SELECT CAST(1 AS BIGINT)").scalar::<i64>().await.map(drop)
    }

    /// Closes all connections, finishing what is under way.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(db) => db.close().await,
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}

/// What statements run on: a reading connection, or (inside [`Tx`]) a transaction.
pub(crate) enum Conn {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(sqlite::WriteGuard),
    Postgres(PoolConnection<Postgres>),
    PostgresTx(Transaction<'static, Postgres>),
}

/// The driver's own connection.
pub(crate) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::SqliteRead(conn) => Driver::Sqlite(conn),
            Self::SqliteWrite(guard) => Driver::Sqlite(guard.connection()),
            Self::Postgres(conn) => Driver::Postgres(conn),
            Self::PostgresTx(tx) => Driver::Postgres(tx),
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::SqliteRead(_) | Self::SqliteWrite(_) => Engine::Sqlite,
            Self::Postgres(_) | Self::PostgresTx(_) => Engine::Postgres,
        }
    }

    /// Begins a statement; `sql` has placeholders `$1`, `$2` …
    pub(crate) fn query(&mut self, sql: &'static str) -> query::Query<'_> {
        query::Query::new(self.driver(), sql)
    }
}

/// A transaction. Dropped without [`Tx::commit`], it is rolled back.
pub(crate) struct Tx {
    conn: Conn,
    touched: Vec<Touched>,
    revisions: Arc<Revisions>,
    fills_outbox: bool,
    outbox_filled: Arc<[Notify; 3]>,
}

impl Tx {
    /// Says that caches of `what` are stale once this commits, on every node.
    pub(crate) fn touch(&mut self, what: impl Into<Touched>) {
        let what = what.into();
        if !self.touched.contains(&what) {
            self.touched.push(what);
        }
    }

    /// Says that the delivery job has something to do once this commits.
    pub(crate) fn fills_outbox(&mut self) {
        self.fills_outbox = true;
    }

    /// Makes the changes durable. When this returns `Ok`, they survive a crash.
    pub(crate) async fn commit(mut self) -> Result<(), Internal> {
        if self.conn.engine() == Engine::Postgres {
            for what in &self.touched {
                dialect::notify(&mut self.conn, what.to_message()).await?;
            }
        }
        match self.conn {
            Conn::SqliteWrite(guard) => guard.commit().await,
            Conn::PostgresTx(tx) => tx.commit().await,
            Conn::SqliteRead(_) | Conn::Postgres(_) => Ok(()),
        }
        .map_err(|cause| Internal::new("commit", cause))?;
        for what in self.touched {
            self.revisions.advance(what);
        }
        if self.fills_outbox {
            self.outbox_filled.iter().for_each(Notify::notify_one);
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
