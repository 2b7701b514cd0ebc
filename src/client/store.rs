//! All SQL about clients.

use sqlx::types::Json;

use super::{
    Client, ClientSecret, ClientSettings, ClientUse,
    registration::{Origin, Registration},
};
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
    version: i64,
    owner: Option<String>,
    declared_version: Option<i64>,
    created_at: Timestamp,
    updated_at: Timestamp,
    // Read where one client is looked for, not in lists.
    #[sqlx(default)]
    origin: Option<String>,
    #[sqlx(default)]
    used_at: Option<Timestamp>,
    #[sqlx(default)]
    fresh_until: Option<Timestamp>,
    #[sqlx(default)]
    logo: Option<Digest>,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    id: ClientSecretId,
    digest: Digest,
    sealed: Option<Vec<u8>>,
    hint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Row {
    fn into_client(self, secrets: Vec<SecretRow>) -> Client {
        let secret = |row: SecretRow| ClientSecret {
            id: row.id,
            digest: row.digest,
            sealed: row.sealed,
            hint: row.hint,
            created_at: row.created_at,
            expires_at: row.expires_at,
        };
        Client {
            id: self.id,
            name: self.name,
            settings: self.settings.0,
            is_system: self.is_system,
            is_enabled: self.is_enabled,
            version: self.version,
            owner: self.owner,
            declared_version: self.declared_version,
            created_at: self.created_at,
            updated_at: self.updated_at,
            registration: self.origin.as_deref().and_then(Origin::parse).map(|origin| Registration {
                origin,
                is_used: self.used_at.is_some(),
                fresh_until: self.fresh_until,
            }),
            logo: self.logo,
            secrets: secrets.into_iter().map(secret).collect(),
            proved_by: None,
        }
    }
}

pub(crate) async fn find(conn: &mut Conn, id: &str) -> Result<Option<Client>, Internal> {
    // An address may hold the character; a text in PostgreSQL may not.
    if id.contains('\0') {
        return Ok(None);
    }
    let row: Option<Row> = conn
        .query(
            "SELECT c.id, c.name, c.settings, c.is_system, c.is_enabled, c.version, c.owner, c.declared_version, \
             c.created_at, c.updated_at, r.origin, r.used_at, r.fresh_until, l.logo FROM clients c \
             LEFT JOIN client_registrations r ON r.client_id = c.id \
             LEFT JOIN client_logos l ON l.client_id = c.id WHERE c.id = $1",
        )
        .bind(id.to_owned())
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let secrets = conn
        .query(
            "SELECT id, digest, sealed, hint, created_at, expires_at FROM client_secrets WHERE client_id = $1 \
             ORDER BY created_at DESC, id DESC",
        )
        .bind(id.to_owned())
        .all()
        .await?;
    Ok(Some(row.into_client(secrets)))
}

/// Clients made by people, by id; `after` is the last id of the page before.
pub(crate) async fn list(conn: &mut Conn, after: &str, limit: u32) -> Result<Vec<Client>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, name, settings, is_system, is_enabled, version, owner, declared_version, created_at, updated_at \
             FROM clients WHERE is_system = FALSE AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after.to_owned())
        .bind(i64::from(limit))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.into_client(Vec::new())).collect())
}

/// Of the clients made by people, those whose name or id holds `text`, by id; `after` is the last id of the page before.
/// Letters are compared without case where the engine knows how: ASCII on SQLite, all on PostgreSQL.
pub(super) async fn search(conn: &mut Conn, text: &str, after: &str, limit: u32) -> Result<Vec<Client>, Internal> {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, name, settings, is_system, is_enabled, version, owner, declared_version, created_at, updated_at \
             FROM clients WHERE is_system = FALSE AND id > $1 \
             AND (LOWER(name) LIKE LOWER($3) ESCAPE '\\' OR LOWER(id) LIKE LOWER($3) ESCAPE '\\') ORDER BY id LIMIT $2",
        )
        .bind(after.to_owned())
        .bind(i64::from(limit))
        .bind(format!("%{plain}%"))
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.into_client(Vec::new())).collect())
}

/// How many clients were made by people.
pub(super) async fn count(conn: &mut Conn) -> Result<i64, Internal> {
    conn.query("SELECT COUNT(*) FROM clients WHERE is_system = FALSE").scalar().await
}

/// What people have with a client that is alive at `now`.
pub(super) async fn count_use(conn: &mut Conn, id: &str, now: Timestamp) -> Result<ClientUse, Internal> {
    // As in `find`.
    if id.contains('\0') {
        return Ok(ClientUse::default());
    }
    let (people, consents) = conn
        .query(
            "SELECT COUNT(DISTINCT user_id), (SELECT COUNT(*) FROM consents WHERE client_id = $1) FROM grants \
             WHERE client_id = $1 AND revoked_at IS NULL AND expires_at > $2",
        )
        .bind(id.to_owned())
        .bind(now)
        .one()
        .await?;
    Ok(ClientUse { people, consents })
}

/// The clients that the declaration `owner` made, by id.
pub(crate) async fn list_of_owner(conn: &mut Conn, owner: &str) -> Result<Vec<Client>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, name, settings, is_system, is_enabled, version, owner, declared_version, created_at, updated_at \
             FROM clients WHERE owner = $1 ORDER BY id",
        )
        .bind(owner.to_owned())
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.into_client(Vec::new())).collect())
}

/// Changes a client made by people, unless it is no longer at `version`; false when it is not.
pub(super) async fn update(tx: &mut Tx, client: &Client, version: i64) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "UPDATE clients SET name = $3, settings = $4, version = version + 1, updated_at = $5 \
             WHERE id = $1 AND version = $2 AND is_system = FALSE",
        )
        .bind(client.id.clone())
        .bind(version)
        .bind(client.name.clone())
        .bind(Json(client.settings.clone()))
        .bind(client.updated_at)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Turns a client made by people on or off, unless it is no longer at `version`. What a file says of it still holds.
pub(super) async fn set_enabled(
    tx: &mut Tx,
    id: &str,
    version: i64,
    is_enabled: bool,
    now: Timestamp,
) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "UPDATE clients SET is_enabled = $3, updated_at = $4, version = version + 1, \
             declared_version = CASE WHEN declared_version = version THEN version + 1 ELSE declared_version END \
             WHERE id = $1 AND version = $2 AND is_system = FALSE",
        )
        .bind(id.to_owned())
        .bind(version)
        .bind(is_enabled)
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Notes that a client made by people, now at `version`, is as the declaration `owner` says.
pub(crate) async fn declare(tx: &mut Tx, id: &str, version: i64, owner: &str) -> Result<bool, Internal> {
    let changed = tx
        .query(
            "UPDATE clients SET owner = $3, declared_version = version WHERE id = $1 AND version = $2 AND is_system = FALSE",
        )
        .bind(id.to_owned())
        .bind(version)
        .bind(owner.to_owned())
        .execute()
        .await?;
    Ok(changed == 1)
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

/// Deletes a client made by people, with all it holds; false when there is none, or none at
/// `version`.
pub(super) async fn delete(tx: &mut Tx, id: &str, version: Option<i64>) -> Result<bool, Internal> {
    // As in `find`.
    if id.contains('\0') {
        return Ok(false);
    }
    let changed = tx
        .query("DELETE FROM clients WHERE id = $1 AND is_system = FALSE AND version = COALESCE($2, version)")
        .bind(id.to_owned())
        .bind(version)
        .execute()
        .await?;
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

/// Removes one secret of a client made by people; false when there is none.
pub(super) async fn delete_secret(tx: &mut Tx, client_id: &str, id: ClientSecretId) -> Result<bool, Internal> {
    // As in `find`.
    if client_id.contains('\0') {
        return Ok(false);
    }
    let changed = tx
        .query(
            "DELETE FROM client_secrets WHERE id = $1 AND client_id = $2 \
             AND EXISTS (SELECT 1 FROM clients WHERE id = $2 AND is_system = FALSE)",
        )
        .bind(id)
        .bind(client_id.to_owned())
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Removes every secret of a client.
pub(super) async fn delete_secrets(tx: &mut Tx, client_id: &str) -> Result<(), Internal> {
    tx.query("DELETE FROM client_secrets WHERE client_id = $1").bind(client_id.to_owned()).execute().await.map(drop)
}
