//! Registering a client.

use super::{
    Client, ClientSettings, SettingsProblem,
    logo::{fetch_logo, put_logo},
    store,
};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    clock::Timestamp,
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    id::{ClientSecretId, OutboxId},
    seal::Purpose,
    secret::{Digest, PlainToken, TokenKind},
    text::DisplayName,
};

/// Register a client.
#[derive(Clone, Debug)]
pub struct CreateClient {
    /// Its id, if it should be a certain one: 1 to 100 letters, digits, `-`, `.`, `_`. Otherwise a fresh one.
    pub id: Option<String>,
    /// What people see.
    pub name: DisplayName,
    /// What it is registered with.
    pub settings: ClientSettings,
}

/// A client is registered.
#[derive(Debug)]
pub struct ClientCreated {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`, for clients that have one. Shown this once.
    pub client_secret: Option<PlainToken>,
}

/// Why a client was not registered.
#[derive(Debug, thiserror::Error)]
pub enum CreateClientError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The id has other characters than allowed, or is too long.
    #[error("a client id has 1 to 100 letters, digits, hyphens, dots or underscores")]
    Id,
    /// The id is taken.
    #[error("there is a client with this id")]
    Taken,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] SettingsProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Registers a client; one that needs a secret gets its first.
///
/// # Errors
/// [`CreateClientError`]
pub async fn create_client(ctx: &Ctx, cmd: CreateClient) -> Result<ClientCreated, CreateClientError> {
    require_operator(ctx)?;
    let id = cmd.id.unwrap_or_else(|| fresh_id(ctx));
    if !is_client_id(&id) {
        return Err(CreateClientError::Id);
    }
    cmd.settings.check()?;
    let has_secret = cmd.settings.has_secret();
    let client = new_client(id, cmd.name, cmd.settings, ctx.now());
    let logo = fetch_logo(&ctx.core, client.settings.logo_uri.as_ref()).await;
    let mut tx = ctx.core.db().write().await?;
    if !insert(&mut tx, ctx, &client).await? {
        return Err(CreateClientError::Taken);
    }
    let client_secret = if has_secret { Some(add_secret(&mut tx, ctx, &client).await?) } else { None };
    put_logo(&mut tx, &client.id, logo, ctx.now()).await?;
    tx.commit().await?;
    Ok(ClientCreated { client_id: client.id, client_secret })
}

/// Whether `text` may be a client id.
pub(crate) fn is_client_id(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !text.is_empty() && text.len() <= 100 && text.chars().all(is_plain)
}

/// An id that nobody has.
pub(super) fn fresh_id(ctx: &Ctx) -> String {
    ctx.new_id::<OutboxId>().as_uuid().simple().to_string()
}

/// A client that is not stored yet.
pub(super) fn new_client(id: String, name: DisplayName, settings: ClientSettings, now: Timestamp) -> Client {
    Client::new(id, name.into(), settings, now)
}

/// Writes a new client; false when the id is taken.
pub(crate) async fn insert(tx: &mut Tx, ctx: &Ctx, client: &Client) -> Result<bool, Internal> {
    if !store::insert(tx, client).await? {
        return Ok(false);
    }
    let entry = audit::Entry::new(AuditKind::ClientCreated).with_client(&client.id);
    audit::record(tx, ctx, entry.with_details(serde_json::json!({ "name": client.name }))).await?;
    tx.touch(Touched::Clients);
    Ok(true)
}

/// Gives a client one more secret of our making.
pub(crate) async fn add_secret(tx: &mut Tx, ctx: &Ctx, client: &Client) -> Result<PlainToken, Internal> {
    let secret = PlainToken::generate(TokenKind::ClientSecret, ctx.core.entropy());
    put_secret(tx, ctx, client, secret.expose()).await?;
    Ok(secret)
}

/// Gives a client this secret as one more. It is kept in the clear (sealed) only where it is shared as a key.
pub(crate) async fn put_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    secret: &str,
) -> Result<ClientSecretId, Internal> {
    let hint = secret.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let core = &ctx.core;
    let sealed = if client.settings.shares_secret() {
        Some(core.sealer().seal(Purpose::ClientSecret, secret.as_bytes(), core.entropy())?)
    } else {
        None
    };
    let id: ClientSecretId = ctx.new_id();
    let digest = Digest::of(secret.as_bytes());
    let new = store::NewSecret { id, client_id: client.id.clone(), digest, sealed, hint };
    store::insert_secret(tx, new, ctx.now()).await?;
    Ok(id)
}
