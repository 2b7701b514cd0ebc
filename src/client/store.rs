//! All SQL about clients.

use sqlx::types::Json;

use super::{Client, ClientSecret, ClientSettings};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::ClientSecretId,
    secret::Digest,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    settings: Json<ClientSettings>,
    is_system: bool,
    is_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    digest: Digest,
    sealed: Option<Vec<u8>>,
    expires_at: Option<Timestamp>,
}

impl Row {
    fn into_client(self, secrets: Vec<SecretRow>) -> Client {
        let secret =
            |row: SecretRow| ClientSecret { digest: row.digest, sealed: row.sealed, expires_at: row.expires_at };
        Client {
            id: self.id,
            name: self.name,
            settings: self.settings.0,
            is_system: self.is_system,
            is_enabled: self.is_enabled,
            created_at: self.created_at,
            updated_at: self.updated_at,
            secrets: secrets.into_iter().map(secret).collect(),
        }
    }
}

pub(super) async fn find(conn: &mut Conn, id: &str) -> Result<Option<Client>, Internal> {
    let row: Option<Row> = conn
        .query("SELECT id, name, settings, is_system, is_enabled, created_at, updated_at FROM clients WHERE id = $1")
        .bind(id.to_owned())
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let secrets = conn
        .query("SELECT digest, sealed, expires_at FROM client_secrets WHERE client_id = $1 ORDER BY created_at DESC, id DESC")
        .bind(id.to_owned())
        .all()
        .await?;
    Ok(Some(row.into_client(secrets)))
}

/// Clients made by people, by name; `after` is the last id of the page before.
pub(super) async fn list(conn: &mut Conn, after: &str, limit: u32) -> Result<Vec<Client>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, name, settings, is_system, is_enabled, created_at, updated_at FROM clients \
             WHERE is_system = FALSE AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after.to_owned())
        .bind(i64::from(limit))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.into_client(Vec::new())).collect())
}

/// Writes a new client; false when the id is taken.
pub(super) async fn insert(tx: &mut Tx, client: &Client) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "INSERT INTO clients (id, name, settings, is_system, is_enabled, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, TRUE, 1, $5, $5) ON CONFLICT DO NOTHING",
        )
        .bind(client.id.clone())
        .bind(client.name.clone())
        .bind(Json(client.settings.clone()))
        .bind(client.is_system)
        .bind(client.created_at)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Deletes a client made by people, with all it holds; false when there is none.
pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<bool, Internal> {
    let changed =
        tx.query("DELETE FROM clients WHERE id = $1 AND is_system = FALSE").bind(id.to_owned()).execute().await?;
    Ok(changed == 1)
}

/// A secret to be stored.
pub(super) struct NewSecret {
    pub(super) id: ClientSecretId,
    pub(super) client_id: String,
    pub(super) digest: Digest,
    /// The secret itself, for clients that sign with it.
    pub(super) sealed: Option<Vec<u8>>,
    /// Its last four characters.
    pub(super) hint: String,
}

pub(super) async fn insert_secret(tx: &mut Tx, secret: NewSecret, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO client_secrets (id, client_id, digest, sealed, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(secret.id)
    .bind(secret.client_id)
    .bind(secret.digest)
    .bind(secret.sealed)
    .bind(secret.hint)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Ends every secret of a client at `at`, unless it ends sooner.
pub(super) async fn end_secrets(tx: &mut Tx, client_id: &str, at: Timestamp) -> Result<(), Internal> {
    tx.query(
        "UPDATE client_secrets SET expires_at = $2 WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)",
    )
    .bind(client_id.to_owned())
    .bind(at)
    .execute()
    .await
    .map(drop)
}

/// Removes all but the newest secret: at most two are live while rotating (D11).
pub(super) async fn delete_older_secrets(tx: &mut Tx, client_id: &str) -> Result<(), Internal> {
    tx.query(
        "DELETE FROM client_secrets WHERE client_id = $1 AND id <> (SELECT id FROM client_secrets \
         WHERE client_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)",
    )
    .bind(client_id.to_owned())
    .execute()
    .await
    .map(drop)
}
