//! A fresh database per test.

use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

use crate::entropy::{Entropy as _, SystemEntropy};

/// A database that nobody else uses, in a temporary directory or on the test server.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    directory: TempDir,
}

/// URL of the test server's maintenance database, if there is one.
///
/// # Panics
/// When `OSTIARY_TEST_REQUIRE_POSTGRES` is set and no server is named.
pub fn postgres_url() -> Option<String> {
    let url = std::env::var("OSTIARY_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    let required = std::env::var_os("OSTIARY_TEST_REQUIRE_POSTGRES").is_some();
    assert!(url.is_some() || !required, "OSTIARY_TEST_POSTGRES_URL names no server");
    url
}

impl TestDatabase {
    /// A new SQLite file.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", directory.path().join("ostiary.db").display());
        Self { url, directory }
    }

    /// A new database on the test server; `None` when there is none. Databases go with the server at its end.
    pub async fn postgres() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let server = postgres_url()?;
        // A server that outlives a run holds older databases, whose process ids come again.
        let mut random = [0_u8; 8];
        SystemEntropy.fill(&mut random);
        let name = format!("t{:016x}_{}", u64::from_be_bytes(random), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::connect(&server).await.unwrap();
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        conn.close().await.unwrap();
        let mut url = url::Url::parse(&server).unwrap();
        url.set_path(&name);
        Some(Self { url: url.into(), directory: tempfile::tempdir().unwrap() })
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A directory that goes with it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }
}
