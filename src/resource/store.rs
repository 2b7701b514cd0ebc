//! All SQL about resources and scopes.

use sqlx::types::Json;

use super::{ApiResource, Entry, ResourceSettings, ScopeEntry, ScopeSettings};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    declaration::Mark,
    error::Internal,
    protocol::Scope,
};

#[derive(sqlx::FromRow)]
struct ResourceRow {
    identifier: String,
    name: String,
    settings: Json<ResourceSettings>,
    #[sqlx(flatten)]
    mark: Mark,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ScopeRow {
    name: String,
    settings: Json<ScopeSettings>,
    #[sqlx(flatten)]
    mark: Mark,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// The resource with the identifier `only`, or all of them by identifier.
pub(super) async fn resources(conn: &mut Conn, only: Option<&str>) -> Result<Vec<ApiResource>, Internal> {
    if is_in_no_text(only) {
        return Ok(Vec::new());
    }
    let rows: Vec<ResourceRow> = conn
        .query(
            "SELECT identifier, name, settings, version, owner, declared_version, created_at, updated_at FROM resources \
             WHERE identifier = COALESCE($1, identifier) ORDER BY identifier",
        )
        .bind(only.map(str::to_owned))
        .all()
        .await?;
    let resource = |row: ResourceRow| ApiResource {
        identifier: row.identifier,
        name: row.name,
        settings: row.settings.0,
        mark: row.mark,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(resource).collect())
}

/// What describes the scope `only`, or all scopes that are described, by name.
pub(super) async fn scopes(conn: &mut Conn, only: Option<&str>) -> Result<Vec<ScopeEntry>, Internal> {
    if is_in_no_text(only) {
        return Ok(Vec::new());
    }
    let rows: Vec<ScopeRow> = conn
        .query(
            "SELECT name, settings, version, owner, declared_version, created_at, updated_at FROM scopes \
             WHERE name = COALESCE($1, name) ORDER BY name",
        )
        .bind(only.map(str::to_owned))
        .all()
        .await?;
    let scope = |row: ScopeRow| {
        let name = Scope::parse(&row.name).map_err(|cause| Internal::new("read a stored scope", cause))?;
        let (mark, created_at, updated_at) = (row.mark, row.created_at, row.updated_at);
        Ok(ScopeEntry { name, settings: row.settings.0, mark, created_at, updated_at })
    };
    rows.into_iter().map(scope).collect()
}

/// An address may hold the character; a text in PostgreSQL may not.
fn is_in_no_text(id: Option<&str>) -> bool {
    id.is_some_and(|id| id.contains('\0'))
}

/// Writes what is new; false when its name or identifier is taken.
pub(super) async fn insert(tx: &mut Tx, entry: &Entry) -> Result<bool, Internal> {
    let insert = match entry {
        Entry::Scope(scope) => tx
            .query(
                "INSERT INTO scopes (name, settings, version, created_at, updated_at) VALUES ($1, $2, 1, $3, $3) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(scope.name.as_str().to_owned())
            .bind(Json(scope.settings.clone()))
            .bind(scope.created_at),
        Entry::Resource(resource) => tx
            .query(
                "INSERT INTO resources (identifier, name, settings, version, created_at, updated_at) \
                 VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT DO NOTHING",
            )
            .bind(resource.identifier.clone())
            .bind(resource.name.clone())
            .bind(Json(resource.settings.clone()))
            .bind(resource.created_at),
    };
    insert.execute().await.map(|changed| changed == 1)
}

/// Changes what is at `version`; false when there is none such.
pub(super) async fn update(tx: &mut Tx, entry: &Entry, version: i64, now: Timestamp) -> Result<bool, Internal> {
    let update = match entry {
        Entry::Scope(scope) => tx
            .query(
                "UPDATE scopes SET version = version + 1, updated_at = $3, settings = $4 WHERE name = $1 AND version = $2",
            )
            .bind(scope.name.as_str().to_owned())
            .bind(version)
            .bind(now)
            .bind(Json(scope.settings.clone())),
        Entry::Resource(resource) => tx
            .query(
                "UPDATE resources SET version = version + 1, updated_at = $3, settings = $4, name = $5 \
                 WHERE identifier = $1 AND version = $2",
            )
            .bind(resource.identifier.clone())
            .bind(version)
            .bind(now)
            .bind(Json(resource.settings.clone()))
            .bind(resource.name.clone()),
    };
    update.execute().await.map(|changed| changed == 1)
}

/// Notes that what is at `version` is as the declaration `owner` says; false when there is none such.
pub(crate) async fn declare(tx: &mut Tx, entry: &Entry, version: i64, owner: &str) -> Result<bool, Internal> {
    let declare = match entry {
        Entry::Scope(_) => {
            tx.query("UPDATE scopes SET owner = $3, declared_version = version WHERE name = $1 AND version = $2")
        }
        Entry::Resource(_) => tx.query(
            "UPDATE resources SET owner = $3, declared_version = version WHERE identifier = $1 AND version = $2",
        ),
    };
    let changed = declare.bind(entry.id().to_owned()).bind(version).bind(owner.to_owned()).execute().await?;
    Ok(changed == 1)
}

/// Deletes it; false when it is no longer there, or no longer at its version.
pub(super) async fn delete(tx: &mut Tx, entry: &Entry) -> Result<bool, Internal> {
    let delete = match entry {
        Entry::Scope(_) => tx.query("DELETE FROM scopes WHERE name = $1 AND version = $2"),
        Entry::Resource(_) => tx.query("DELETE FROM resources WHERE identifier = $1 AND version = $2"),
    };
    let changed = delete.bind(entry.id().to_owned()).bind(entry.mark().version).execute().await?;
    Ok(changed == 1)
}
