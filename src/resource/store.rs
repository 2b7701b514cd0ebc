//! All SQL about resources and scopes.

use sqlx::types::Json;

use super::{ApiResource, ResourceSettings, ScopeEntry, ScopeSettings};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    protocol::Scope,
};

#[derive(sqlx::FromRow)]
struct ResourceRow {
    identifier: String,
    name: String,
    settings: Json<ResourceSettings>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ScopeRow {
    name: String,
    settings: Json<ScopeSettings>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// All resources, by identifier.
pub(super) async fn resources(conn: &mut Conn) -> Result<Vec<ApiResource>, Internal> {
    let rows: Vec<ResourceRow> = conn
        .query("SELECT identifier, name, settings, created_at, updated_at FROM resources ORDER BY identifier")
        .all()
        .await?;
    let resource = |row: ResourceRow| ApiResource {
        identifier: row.identifier,
        name: row.name,
        settings: row.settings.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(resource).collect())
}

/// All scopes that are described, by name.
pub(super) async fn scopes(conn: &mut Conn) -> Result<Vec<ScopeEntry>, Internal> {
    let rows: Vec<ScopeRow> =
        conn.query("SELECT name, settings, created_at, updated_at FROM scopes ORDER BY name").all().await?;
    let scope = |row: ScopeRow| {
        let name = Scope::parse(&row.name).map_err(|cause| Internal::new("read a stored scope", cause))?;
        let (settings, created_at, updated_at) = (row.settings.0, row.created_at, row.updated_at);
        Ok(ScopeEntry { name, settings, created_at, updated_at })
    };
    rows.into_iter().map(scope).collect()
}

/// Writes a new resource; false when the identifier is taken.
pub(super) async fn insert_resource(
    tx: &mut Tx,
    identifier: String,
    name: String,
    settings: ResourceSettings,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO resources (identifier, name, settings, created_at, updated_at) VALUES ($1, $2, $3, $4, $4) \
         ON CONFLICT DO NOTHING",
    )
    .bind(identifier)
    .bind(name)
    .bind(Json(settings))
    .bind(now)
    .execute()
    .await
    .map(|changed| changed > 0)
}

/// False when there is none.
pub(super) async fn update_resource(
    tx: &mut Tx,
    identifier: String,
    name: String,
    settings: ResourceSettings,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query("UPDATE resources SET name = $2, settings = $3, updated_at = $4 WHERE identifier = $1")
        .bind(identifier)
        .bind(name)
        .bind(Json(settings))
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}

/// False when there is none.
pub(super) async fn delete_resource(tx: &mut Tx, identifier: String) -> Result<bool, Internal> {
    tx.query("DELETE FROM resources WHERE identifier = $1").bind(identifier).execute().await.map(|gone| gone > 0)
}

/// Writes a scope, new or not.
pub(super) async fn save_scope(
    tx: &mut Tx,
    name: String,
    settings: ScopeSettings,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO scopes (name, settings, created_at, updated_at) VALUES ($1, $2, $3, $3) \
         ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at",
    )
    .bind(name)
    .bind(Json(settings))
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// False when there is none.
pub(super) async fn delete_scope(tx: &mut Tx, name: String) -> Result<bool, Internal> {
    tx.query("DELETE FROM scopes WHERE name = $1").bind(name).execute().await.map(|gone| gone > 0)
}
