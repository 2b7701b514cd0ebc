//! A client looks after its registration (RFC 7592).

use serde_json::{Map, Value};

use super::{
    Registered,
    register_client::{describe, find_policy},
    statement::{self, StatementError},
    store::{self, Held},
};
use crate::{
    audit::{self, AuditKind},
    client::{
        Client, MetadataError,
        create_client::add_secret,
        logo::{fetch_logo, put_logo},
        store as clients,
    },
    core::Ctx,
    db::Touched,
    error::Internal,
    secret::{PlainToken, TokenKind},
};

/// A client that looks after its registration.
#[derive(Clone, Debug)]
pub struct ManageRegistration {
    /// `client_id`, from the address.
    pub client_id: String,
    /// The registration access token, as it was presented.
    pub token: String,
}

/// Replace what a client is registered with.
#[derive(Clone, Debug)]
pub struct UpdateRegistration {
    /// Which.
    pub registration: ManageRegistration,
    /// Everything it is registered with from now on (RFC 7592 §2.2).
    pub members: Map<String, Value>,
}

/// Why nothing was done about a registration.
#[derive(Debug, thiserror::Error)]
pub enum ManageRegistrationError {
    /// The token is not that of this client, or there is no such client: the answer does not tell which (RFC 7592 §2.1).
    #[error("the registration access token is not valid for this client")]
    Token,
    /// The software statement was not accepted.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// What is said about the client was not accepted.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

struct Own {
    client: Client,
    held: Held,
    token: PlainToken,
}

/// The first line of every command here: whoever holds the token may.
async fn require_own(ctx: &Ctx, cmd: &ManageRegistration) -> Result<Own, ManageRegistrationError> {
    let token = PlainToken::parse(TokenKind::Registration, &cmd.token).ok_or(ManageRegistrationError::Token)?;
    let mut conn = ctx.core.db().read().await?;
    let held = store::find_held(&mut conn, &cmd.client_id, token.digest()).await?;
    let held = held.ok_or(ManageRegistrationError::Token)?;
    let client = clients::find(&mut conn, &cmd.client_id).await?.filter(|client| client.is_enabled);
    Ok(Own { client: client.ok_or(ManageRegistrationError::Token)?, held, token })
}

/// What a client is registered with (RFC 7592 §2.1). Its secret is not told again: only its digest is kept.
///
/// # Errors
/// [`ManageRegistrationError`]
pub async fn get_registration(ctx: &Ctx, cmd: ManageRegistration) -> Result<Registered, ManageRegistrationError> {
    let Own { client, held, token } = require_own(ctx, &cmd).await?;
    Ok(Registered::new(&client, held.software_statement, None, token))
}

/// Replaces what a client is registered with (RFC 7592 §2.2). It gets a new secret when it needs one and has none that
/// would do; when it needs none any more, the old ones end.
///
/// # Errors
/// [`ManageRegistrationError`]
pub async fn update_registration(ctx: &Ctx, cmd: UpdateRegistration) -> Result<Registered, ManageRegistrationError> {
    let Own { client: before, held, token } = require_own(ctx, &cmd.registration).await?;
    check_identity(ctx, &before, &cmd.members)?;
    let policy = find_policy(ctx, held.policy.as_deref())?;
    let (members, software_statement) = statement::merge(ctx, &cmd.members).await?;
    let mut client = describe(ctx, &members, policy, before.id.clone()).await?;
    client.created_at = before.created_at;
    let logo = fetch_logo(&ctx.core, client.settings.logo_uri.as_ref()).await;

    let mut tx = ctx.core.db().write().await?;
    if !store::replace(&mut tx, &client).await? {
        return Err(ManageRegistrationError::Token);
    }
    let live = || before.secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| ctx.now() < at));
    let has_secret = live().any(|secret| !client.settings.shares_secret() || secret.sealed.is_some());
    let secret = match (client.settings.has_secret(), has_secret) {
        (true, true) => None,
        (true, false) => {
            clients::end_secrets(&mut tx, &client.id, ctx.now()).await?;
            Some(add_secret(&mut tx, ctx, &client).await?)
        }
        (false, _) => {
            clients::end_secrets(&mut tx, &client.id, ctx.now()).await?;
            None
        }
    };
    put_logo(&mut tx, &client.id, logo, ctx.now()).await?;
    store::set_statement(&mut tx, &client.id, software_statement.clone()).await?;
    let details = serde_json::json!({ "name": client.name, "initial_token": held.initial_token_id });
    let entry = audit::Entry::new(AuditKind::ClientUpdated).with_client(&client.id).with_details(details);
    audit::record(&mut tx, ctx, entry).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(Registered::new(&client, software_statement, secret, token))
}

/// RFC 7592 §2.2: the request names the client, and must not choose its secret.
fn check_identity(ctx: &Ctx, client: &Client, members: &Map<String, Value>) -> Result<(), MetadataError> {
    if members.get("client_id").and_then(Value::as_str) != Some(client.id.as_str()) {
        return Err(MetadataError::new("client_id", "must be there and be that of the client (RFC 7592 §2.2)"));
    }
    match members.get("client_secret") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(secret)) if client.find_secret(secret, ctx.now()).is_some() => Ok(()),
        Some(_) => Err(MetadataError::new("client_secret", "is not the client's: a client cannot choose its secret")),
    }
}

/// Removes a client with everything it holds (RFC 7592 §2.3).
///
/// # Errors
/// [`ManageRegistrationError`]
pub async fn delete_registration(ctx: &Ctx, cmd: ManageRegistration) -> Result<(), ManageRegistrationError> {
    let Own { client, .. } = require_own(ctx, &cmd).await?;
    let mut tx = ctx.core.db().write().await?;
    if !clients::delete(&mut tx, &client.id, None).await? {
        return Err(ManageRegistrationError::Token);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ClientDeleted).with_client(&client.id)).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(())
}
