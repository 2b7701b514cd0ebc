//! The embedded engine: readers beside one writer that groups durable commits.
//!
//! A durable commit costs a disk sync; done one by one that is the whole budget. So transactions that wait for the
//! writer at the same time share one physical transaction: each is a savepoint in it, and a committer task commits
//! them all at once and wakes them. The mutex is fair and the committer queues for it like everybody else, so whoever
//! was already waiting joins the group. Nobody is answered before the sync.
//!
//! Every step may be abandoned (a browser that goes away drops its future). The flags in [`Writer`] are therefore set
//! *before* the statement they speak of, and the next holder cleans up what a dropped transaction left behind.

use std::{fs::File, mem, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Executor as _, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

use super::OpenError;

type Done = oneshot::Sender<Result<(), Arc<sqlx::Error>>>;

/// The writing connection and what is under way on it.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: SqliteConnection,
    /// A physical transaction is open.
    open: bool,
    /// A savepoint was left by a transaction that was not committed.
    left_behind: bool,
    /// Released savepoints that wait for the physical commit.
    waiting: Vec<Done>,
}

/// An open SQLite file.
#[derive(Clone, Debug)]
pub(super) struct SqliteDb {
    file: PathBuf,
    readers: SqlitePool,
    writer: Arc<Mutex<Writer>>,
    wake: Arc<Notify>,
    committer: Arc<tokio::task::JoinHandle<()>>,
}

impl SqliteDb {
    pub(super) async fn open(url: &str, readers: u32) -> Result<Self, OpenError> {
        let options: SqliteConnectOptions = url.parse().map_err(OpenError::Url)?;
        if let Some(directory) = options.get_filename().parent().filter(|dir| !dir.as_os_str().is_empty()) {
            std::fs::create_dir_all(directory).map_err(|cause| OpenError::Directory(directory.to_owned(), cause))?;
        }
        let file = options.get_filename().to_owned();
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256);
        let connection = options.connect().await.map_err(OpenError::Connect)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .acquire_timeout(Duration::from_secs(5))
            .test_before_acquire(false)
            .connect_lazy_with(options.read_only(true).create_if_missing(false));
        let writer = Writer { connection, open: false, left_behind: false, waiting: Vec::new() };
        let writer = Arc::new(Mutex::new(writer));
        let wake = Arc::new(Notify::new());
        let committer = Arc::new(tokio::spawn(commit_groups(Arc::clone(&writer), Arc::clone(&wake))));
        Ok(Self { file, readers, writer, wake, committer })
    }

    pub(super) async fn read(&self) -> Result<PoolConnection<Sqlite>, sqlx::Error> {
        self.readers.acquire().await
    }

    pub(super) async fn write(&self) -> Result<WriteGuard, sqlx::Error> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        writer.clean_up().await?;
        if !writer.open {
            writer.open = true;
            if let Err(cause) = writer.connection.execute("BEGIN IMMEDIATE").await {
                writer.open = false;
                return Err(cause);
            }
        }
        writer.left_behind = true;
        writer.connection.execute("SAVEPOINT step").await?;
        Ok(WriteGuard { writer: Some(writer), wake: Arc::clone(&self.wake) })
    }

    /// The writing connection with nothing open on it: for migrations and pragmas.
    pub(super) async fn exclusive(&self) -> Result<OwnedMutexGuard<Writer>, sqlx::Error> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        writer.clean_up().await?;
        writer.commit_group().await;
        Ok(writer)
    }

    /// Holds off others who want to migrate the same file, until dropped.
    pub(super) async fn lock_file(&self) -> Result<File, OpenError> {
        let mut path = self.file.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        let failed = |cause| OpenError::Lock(path.clone(), cause);
        let file = File::create(&path).map_err(failed)?;
        // The wait for the lock blocks its thread, so it has one of its own.
        let waited = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
        waited.map_err(std::io::Error::other).flatten().map_err(failed)
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        if writer.clean_up().await.is_ok() {
            writer.commit_group().await;
        }
        self.committer.abort();
        // The last connection to close folds the write-ahead log into the file.
        let _ = writer.connection.execute(AssertSqlSafe("PRAGMA wal_checkpoint(TRUNCATE)")).await;
    }
}

impl Writer {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Rolls back what a dropped transaction left behind.
    async fn clean_up(&mut self) -> Result<(), sqlx::Error> {
        if self.left_behind {
            // Fails when the savepoint was never set or already released; then there is nothing to undo.
            if self.connection.execute("ROLLBACK TO step").await.is_ok() {
                self.connection.execute("RELEASE step").await?;
            }
            self.left_behind = false;
        }
        Ok(())
    }

    /// Commits the physical transaction and wakes everybody who was in it.
    async fn commit_group(&mut self) {
        if !self.open {
            return;
        }
        let outcome = self.connection.execute("COMMIT").await.map(drop).map_err(Arc::new);
        if outcome.is_err() {
            let _ = self.connection.execute("ROLLBACK").await;
        }
        self.open = false;
        for done in mem::take(&mut self.waiting) {
            let _ = done.send(outcome.clone());
        }
    }
}

async fn commit_groups(writer: Arc<Mutex<Writer>>, wake: Arc<Notify>) {
    loop {
        wake.notified().await;
        let mut writer = writer.lock().await;
        if let Err(cause) = writer.clean_up().await {
            tracing::error!(%cause, "cannot undo an abandoned transaction");
        }
        writer.commit_group().await;
    }
}

/// One transaction's turn on the writer.
pub(crate) struct WriteGuard {
    writer: Option<OwnedMutexGuard<Writer>>,
    wake: Arc<Notify>,
}

impl WriteGuard {
    #[expect(clippy::expect_used, reason = "the guard is taken only by `commit`, which consumes it")]
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer.as_mut().expect("a guard holds its writer until it is committed").connection
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        let Some(writer) = self.writer.as_mut() else { return Ok(()) };
        writer.connection.execute("RELEASE step").await?;
        writer.left_behind = false;
        let (done, committed) = oneshot::channel();
        writer.waiting.push(done);
        self.writer = None;
        self.wake.notify_one();
        match committed.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(sqlx::Error::Protocol(format!("the group's commit failed: {cause}"))),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

impl Drop for WriteGuard {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            // The next holder rolls back; the committer makes sure that there is one.
            self.wake.notify_one();
        }
    }
}
