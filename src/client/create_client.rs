//! Registering a client.

use super::{Client, ClientSettings, SettingsProblem, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    id::OutboxId,
    seal::Purpose,
    secret::{PlainToken, TokenKind},
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
    let id = cmd.id.unwrap_or_else(|| ctx.new_id::<OutboxId>().as_uuid().simple().to_string());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if id.is_empty() || id.len() > 100 || !id.chars().all(is_plain) {
        return Err(CreateClientError::Id);
    }
    cmd.settings.check()?;
    let has_secret = cmd.settings.has_secret();
    let client = Client {
        id: id.clone(),
        name: cmd.name.into(),
        settings: cmd.settings,
        is_system: false,
        is_enabled: true,
        created_at: ctx.now(),
        updated_at: ctx.now(),
        secrets: Vec::new(),
    };
    let mut tx = ctx.core.db().write().await?;
    if !store::insert(&mut tx, &client).await? {
        return Err(CreateClientError::Taken);
    }
    let client_secret = if has_secret { Some(add_secret(&mut tx, ctx, &client).await?) } else { None };
    let entry = audit::Entry::new(AuditKind::ClientCreated).with_client(&id);
    audit::record(&mut tx, ctx, entry.with_details(serde_json::json!({ "name": client.name }))).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(ClientCreated { client_id: id, client_secret })
}

/// Gives a client one more secret. It is kept in the clear (sealed) only where it is shared as a key.
pub(super) async fn add_secret(tx: &mut Tx, ctx: &Ctx, client: &Client) -> Result<PlainToken, Internal> {
    let secret = PlainToken::generate(TokenKind::ClientSecret, ctx.core.entropy());
    let hint = secret.expose().chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let core = &ctx.core;
    let sealed = if client.settings.shares_secret() {
        Some(core.sealer().seal(Purpose::ClientSecret, secret.expose().as_bytes(), core.entropy())?)
    } else {
        None
    };
    let new =
        store::NewSecret { id: ctx.new_id(), client_id: client.id.clone(), digest: secret.digest(), sealed, hint };
    store::insert_secret(tx, new, ctx.now()).await?;
    Ok(secret)
}
