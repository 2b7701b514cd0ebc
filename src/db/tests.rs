//! I1: one SQL text on two engines, the same schema on both, durable grouped commits.

mod plans;

use std::{collections::BTreeMap, path::Path};

use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::{Backend, Db, Driver, Engine};
use crate::testing::{TestCore, TestDatabase, on_both_engines};

/// How a statement begins: on a connection or a transaction. (`Url::query` takes nothing.)
const QUERY: &str = ".query(";

/// The literals that stand behind `.query(` in a source file. A statement that is put together otherwise is not found,
/// and the last assertion of the test below says so.
fn statements(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices(QUERY) {
        let rest = source[at + QUERY.len()..].trim_start();
        let Some(body) = rest.strip_prefix('"') else { continue };
        let mut text = String::new();
        let mut chars = body.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    // A line break escaped in a literal swallows the white space behind it.
                    Some('\n') => {
                        let rest = chars.as_str().trim_start();
                        chars = rest.chars();
                    }
                    Some(other) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
        found.push(text);
    }
    found
}

fn stores(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "testing" {
            if name == "store" {
                for entry in std::fs::read_dir(&path).unwrap() {
                    let path = entry.unwrap().path();
                    found.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
                }
            } else {
                stores(&path, found);
            }
        } else if path.extension().is_some_and(|ext| ext == "rs") && name != "tests.rs" {
            let source = std::fs::read_to_string(&path).unwrap();
            let is_store = name == "store.rs" || name.ends_with("_store.rs");
            let is_db = path.components().any(|part| part.as_os_str() == "db");
            if is_store {
                found.push((path.display().to_string(), source));
            } else {
                let has_sql = source.replace(".query()", "").contains(QUERY);
                assert!(is_db || !has_sql, "SQL outside a store: {}", path.display());
            }
        }
    }
}

/// I1: every statement of every store is prepared on both engines, so a typing mistake cannot hide.
#[tokio::test]
async fn every_statement_is_understood_by_both_engines() {
    let mut sources = Vec::new();
    stores(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    on_both_engines(async |core: TestCore| {
        let mut conn = core.db().read().await.unwrap();
        for (path, source) in &sources {
            let found = statements(source);
            assert_eq!(found.len(), source.matches(".query(").count(), "a statement that is no literal in {path}");
            for sql in found {
                let text = sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(sql.clone()));
                let prepared = match conn.driver() {
                    Driver::Sqlite(conn) => conn.prepare(text).await.map(drop),
                    Driver::Postgres(conn) => conn.prepare(text).await.map(drop),
                };
                assert!(prepared.is_ok(), "{path}: {sql} — {:?}", prepared.err());
            }
        }
    })
    .await;
}

type Schema = BTreeMap<String, BTreeMap<String, (String, bool)>>;

async fn schema(db: &Db) -> (Schema, Vec<String>) {
    let (columns, indexes) = match &db.backend {
        Backend::Sqlite(sqlite) => {
            let mut conn = sqlite.read().await.unwrap();
            let columns = conn
                .fetch_all(
                    "SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_master m, pragma_table_info(m.name) c \
                     WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'",
                )
                .await
                .unwrap()
                .into_iter()
                .map(|row| (row.get(0), row.get(1), row.get::<String, _>(2), row.get::<bool, _>(3)))
                .collect::<Vec<(String, String, String, bool)>>();
            let indexes =
                conn.fetch_all("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").await;
            (columns, indexes.unwrap().into_iter().map(|row| row.get(0)).collect::<Vec<String>>())
        }
        Backend::Postgres(pool) => {
            let columns = pool
                .fetch_all(
                    "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'NO' \
                     FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
                )
                .await
                .unwrap()
                .into_iter()
                .map(|row| (row.get(0), row.get(1), row.get::<String, _>(2), row.get::<bool, _>(3)))
                .collect::<Vec<(String, String, String, bool)>>();
            let indexes = pool
                .fetch_all(
                    "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' \
                     AND indexname NOT LIKE '%\\_pkey' AND indexname NOT LIKE '%\\_key'",
                )
                .await;
            (columns, indexes.unwrap().into_iter().map(|row| row.get(0)).collect::<Vec<String>>())
        }
    };
    let mut tables = Schema::new();
    for (table, column, kind, not_null) in columns {
        // The families that DESIGN §3 pairs up.
        let family = match kind.as_str() {
            "BLOB" | "uuid" | "bytea" => "bytes",
            "INTEGER" | "bigint" | "boolean" => "number",
            "TEXT" | "text" | "jsonb" => "text",
            other => other,
        };
        tables.entry(table).or_default().insert(column, (family.to_owned(), not_null));
    }
    let mut indexes = indexes;
    indexes.sort();
    (tables, indexes)
}

/// I1: the two schemas say the same.
#[tokio::test]
async fn both_schemas_are_the_same() {
    let Some(postgres) = TestDatabase::postgres().await else { return };
    let postgres = TestCore::on(postgres, |_| {}).await;
    let sqlite = TestCore::sqlite().await;
    assert_eq!(schema(sqlite.db()).await, schema(postgres.db()).await);
}

/// I1: a database says how far its schema is, before and after.
#[tokio::test]
async fn the_schema_has_a_version() {
    for database in [Some(TestDatabase::sqlite()), TestDatabase::postgres().await].into_iter().flatten() {
        let db = Db::open(database.url(), 2).await.unwrap();
        let before = db.schema_version().await.unwrap();
        assert_eq!(before.applied, 0);
        let migrated = db.migrate().await.unwrap();
        assert_eq!(db.schema_version().await.unwrap().applied, migrated.version);
        assert_eq!(migrated.version, before.known);
    }
}

/// I1: several nodes may start at once on an empty database.
#[tokio::test]
async fn migrations_run_once_when_many_start() {
    for database in [Some(TestDatabase::sqlite()), TestDatabase::postgres().await].into_iter().flatten() {
        let url = database.url().to_owned();
        let starts = (0..6).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Db::open(&url, 2).await.unwrap().migrate().await })
        });
        for start in starts.collect::<Vec<_>>() {
            start.await.unwrap().unwrap();
        }
    }
}

async fn put(db: &Db, name: &str) -> Result<bool, crate::error::Internal> {
    let mut tx = db.write().await?;
    let changed = tx
        .query("INSERT INTO instance (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(name.to_owned())
        .bind(vec![1_u8])
        .execute()
        .await?;
    tx.commit().await?;
    Ok(changed == 1)
}

async fn count(db: &Db) -> i64 {
    db.read().await.unwrap().query("SELECT COUNT(*) FROM instance").scalar().await.unwrap()
}

/// I1: of 100 tasks that want the same name exactly one gets it, and grouped commits lose nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_writers_and_one_name() {
    on_both_engines(async |core: TestCore| {
        let tasks = (0..100).map(|n| {
            let db = core.db().clone();
            tokio::spawn(async move {
                put(&db, &format!("own {n}")).await.unwrap();
                put(&db, "the one").await.unwrap()
            })
        });
        let mut winners = 0;
        for task in tasks.collect::<Vec<_>>() {
            winners += i32::from(task.await.unwrap());
        }
        assert_eq!(winners, 1);
        assert_eq!(count(core.db()).await, 101);
    })
    .await;
}

/// I1: transactions dropped half-way leave nothing behind and disturb nobody who shares their group.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dropped_transactions_leave_nothing_behind() {
    on_both_engines(async |core: TestCore| {
        let tasks = (0..100).map(|n| {
            let db = core.db().clone();
            tokio::spawn(async move {
                if n % 3 == 0 {
                    let mut tx = db.write().await.unwrap();
                    let insert = tx
                        .query("INSERT INTO instance (name, value) VALUES ($1, $2)")
                        .bind(format!("dropped {n}"))
                        .bind(vec![1_u8]);
                    if n % 2 == 0 {
                        insert.execute().await.unwrap();
                    } else {
                        // Abandoned while the statement may still be running.
                        let _ = tokio::time::timeout(std::time::Duration::ZERO, insert.execute()).await;
                    }
                } else {
                    put(&db, &format!("kept {n}")).await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        put(core.db(), "last").await.unwrap();
        assert_eq!(count(core.db()).await, 66 + 1);
    })
    .await;
}

/// I1: an unfinished transaction is not seen by readers, and nobody waits for it for ever.
#[tokio::test]
async fn readers_do_not_wait_for_the_writer() {
    on_both_engines(async |core: TestCore| {
        let mut tx = core.db().write().await.unwrap();
        tx.query("INSERT INTO instance (name, value) VALUES ($1, $2)")
            .bind("unseen")
            .bind(vec![1_u8])
            .execute()
            .await
            .unwrap();
        assert_eq!(count(core.db()).await, 0);
        drop(tx);
        assert!(put(core.db(), "seen").await.unwrap());
        assert_eq!(count(core.db()).await, 1);
    })
    .await;
}

/// E10: a change on one node is known to the caches of the other.
#[tokio::test(flavor = "multi_thread")]
async fn revisions_travel_between_nodes() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let first = TestCore::on(database, |_| {}).await;
    assert_eq!(first.engine(), Engine::Postgres);
    let second = first.second_node().await;
    let following = second.clone();
    tokio::spawn(async move { following.db().follow_changes().await });
    let user: crate::id::UserId = first.new_id();
    let before = second.db().revisions().of(user);
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while second.db().revisions().of(user) < before + 3 {
        assert!(tokio::time::Instant::now() < deadline, "the other node never heard");
        let mut tx = first.db().write().await.unwrap();
        tx.touch(user);
        tx.commit().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
