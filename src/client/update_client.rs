//! Changing a client (D11).

use super::{
    Client, ClientSettings, SettingsProblem,
    logo::{fetch_logo, put_logo},
    registration::Origin,
    set_client_enabled::turn,
    store,
};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    text::DisplayName,
};

/// Give a client this name and these settings in place of those it has, and turn it on or off.
#[derive(Clone, Debug)]
pub struct UpdateClient {
    /// `client_id`.
    pub client_id: String,
    /// What people see.
    pub name: DisplayName,
    /// Everything it is registered with.
    pub settings: ClientSettings,
    /// Whether it may be used; as it is when absent.
    pub is_enabled: Option<bool>,
    /// The version that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// The client is as was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientUpdated {
    /// Its version now.
    pub version: i64,
    /// The names of what was changed; nothing was written when it is empty.
    pub changed: Vec<String>,
    /// It cannot work until it is given a new secret: it had none, or the one it has is now shared as a key and was
    /// not kept (OIDC Core §10.1).
    pub needs_new_secret: bool,
}

/// Why a client was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateClientError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such client.
    #[error("there is no such client")]
    NotFound,
    /// It is described by a document of its own (Client ID Metadata Documents): what it says is changed there.
    #[error("this client is described by a document of its own; name and settings are changed there")]
    Described,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this client meanwhile")]
    Changed,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] SettingsProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Changes a client, all of it or nothing. The names of what changed are put on record, never the values.
///
/// # Errors
/// [`UpdateClientError`]
pub async fn update_client(ctx: &Ctx, cmd: UpdateClient) -> Result<ClientUpdated, UpdateClientError> {
    require_operator(ctx)?;
    cmd.settings.check()?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::find(&mut conn, &cmd.client_id).await?.filter(|client| !client.is_system);
    drop(conn);
    let before = found.ok_or(UpdateClientError::NotFound)?;
    if cmd.version.is_some_and(|seen| seen != before.version) {
        return Err(UpdateClientError::Changed);
    }
    let is_described = before.origin() == Some(Origin::Document);
    let differs = || cmd.name.as_str() != before.name || !before.settings.differing(&cmd.settings).is_empty();
    if is_described && differs() {
        return Err(UpdateClientError::Described);
    }
    let after = Client { name: cmd.name.into(), settings: cmd.settings, ..before.clone() };
    let brings_logo = before.settings.logo_uri != after.settings.logo_uri;
    let logo = if brings_logo { fetch_logo(&ctx.core, after.settings.logo_uri.as_ref()).await } else { None };
    let mut tx = ctx.core.db().write().await?;
    let mut updated = change(&mut tx, ctx, &before, after).await?.ok_or(UpdateClientError::Changed)?;
    if let Some(is_enabled) = cmd.is_enabled.filter(|wanted| *wanted != before.is_enabled) {
        if !turn(&mut tx, ctx, &before, updated.version, is_enabled).await? {
            return Err(UpdateClientError::Changed);
        }
        updated.version += 1;
        updated.changed.push("enabled".to_owned());
    }
    if brings_logo {
        put_logo(&mut tx, &cmd.client_id, logo, ctx.now()).await?;
    }
    tx.commit().await?;
    Ok(updated)
}

/// Writes name and settings of `after` in place of `before`; none when somebody else was faster.
pub(crate) async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    before: &Client,
    mut after: Client,
) -> Result<Option<ClientUpdated>, Internal> {
    let mut changed = before.settings.differing(&after.settings);
    if before.name != after.name {
        changed.insert(0, "name".to_owned());
    }
    if changed.is_empty() {
        let needs_new_secret = before.needs_new_secret(ctx.now());
        return Ok(Some(ClientUpdated { version: before.version, changed, needs_new_secret }));
    }
    after.updated_at = ctx.now();
    if !store::update(tx, &after, before.version).await? {
        return Ok(None);
    }
    if !after.settings.has_secret() {
        // A secret that proves nothing must not come back to life with a later change.
        store::delete_secrets(tx, &after.id).await?;
    }
    let entry = audit::Entry::new(AuditKind::ClientUpdated).with_client(&after.id);
    audit::record(tx, ctx, entry.with_details(serde_json::json!({ "changed": changed }))).await?;
    tx.touch(Touched::Clients);
    let needs_new_secret = after.needs_new_secret(ctx.now());
    Ok(Some(ClientUpdated { version: before.version + 1, changed, needs_new_secret }))
}
