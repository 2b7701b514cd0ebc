//! No statement reads a whole table because an index is missing: what is quick with ten rows is quick with a million.

use sqlx::{AssertSqlSafe, Executor as _, Row as _, SqlSafeStr as _};

use super::{statements, stores};
use crate::{
    db::{Db, Driver, Tx},
    testing::{TestCore, on_both_engines},
};

/// Tables that hold as much as operators put there, however many people there are.
const SMALL: [&str; 7] =
    ["clients", "initial_access_tokens", "l", "permissions", "resources", "scopes", "signing_keys"];

/// Indexes of few rows: administrators, and roles of the instance.
const FEW: [&str; 2] = [" USING INDEX users_admins", " USING INDEX roles_of_instance"];

/// Statements that walk along an index until they have enough, or may take long; by how they begin.
const WALKS: [(&str, &str); 4] = [
    ("SELECT EXISTS (SELECT 1 FROM users)", "the first row will do"),
    ("SELECT id FROM roles WHERE id <> $1 AND CAST(definition", "a role is deleted: who names it stands in no column"),
    (
        "SELECT id, name, slug, personal_of, settings, mfa_policy",
        "operators search all organisations by a part of the name",
    ),
    ("SELECT id, question FROM recorded_decisions ORDER BY", "the newest, and no more than asked for"),
];

/// Steps of the plan of a statement that read a whole table or index.
///
/// On SQLite, steps of what goes along by a foreign key are among them. On PostgreSQL, tables are read as a whole only where
/// no index can help; which index it takes says nothing while the tables are empty.
async fn walks(tx: &mut Tx, sql: &str) -> Vec<String> {
    match tx.driver() {
        Driver::Sqlite(conn) => {
            let plan = conn.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")).into_sql_str()).await.unwrap();
            let steps = plan.into_iter().map(|row| row.get::<String, _>("detail"));
            let table = |step: String| step.strip_prefix("SCAN ")?.split(' ').next().map(str::to_owned);
            let is_nothing = |step: &String| step == "SCAN CONSTANT ROW" || FEW.iter().any(|few| step.ends_with(few));
            steps.filter(|step| !is_nothing(step)).filter_map(table).collect()
        }
        Driver::Postgres(conn) => {
            let values = (1..100).take_while(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>();
            let values = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
            conn.execute(AssertSqlSafe(format!("PREPARE looked_at AS {sql}")).into_sql_str()).await.unwrap();
            let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE looked_at{values}");
            let row = conn.fetch_one(AssertSqlSafe(explain).into_sql_str()).await.unwrap();
            conn.execute("DEALLOCATE looked_at").await.unwrap();
            let plan: serde_json::Value = row.get(0);
            let mut found = Vec::new();
            steps(&plan, &mut found);
            found
        }
    }
}

/// Tables that a plan reads as a whole.
fn steps(plan: &serde_json::Value, found: &mut Vec<String>) {
    match plan {
        serde_json::Value::Array(list) => list.iter().for_each(|one| steps(one, found)),
        serde_json::Value::Object(step) => {
            if step.get("Node Type").is_some_and(|kind| kind == "Seq Scan") {
                found.extend(step.get("Relation Name").and_then(|name| name.as_str()).map(str::to_owned));
            }
            step.values().for_each(|inner| steps(inner, found));
        }
        _ => {}
    }
}

async fn prepare(db: &Db) -> Tx {
    let mut tx = db.write().await.unwrap();
    if let Driver::Postgres(conn) = tx.driver() {
        // Whatever an index can answer it is to answer, though the tables are empty.
        conn.execute("SET LOCAL enable_seqscan = off").await.unwrap();
        conn.execute("SET LOCAL plan_cache_mode = force_generic_plan").await.unwrap();
    }
    tx
}

/// E10, I1: no statement of any store reads the whole of a table that grows with the people or organisations there are.
#[tokio::test]
async fn no_statement_reads_a_whole_table() {
    let mut sources = Vec::new();
    stores(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    on_both_engines(async |core: TestCore| {
        let mut tx = prepare(core.db()).await;
        let mut wrong = Vec::new();
        for (path, source) in &sources {
            for sql in statements(source) {
                let found = walks(&mut tx, &sql).await;
                let is_known = WALKS.iter().any(|(begin, _)| sql.starts_with(begin));
                if !is_known && found.iter().any(|table| !SMALL.contains(&table.as_str())) {
                    wrong.push(format!("{path}: {sql}\n    reads the whole of {}", found.join(", ")));
                }
            }
        }
        assert!(wrong.is_empty(), "{:?}\n{}", core.db().engine(), wrong.join("\n"));
    })
    .await;
}
