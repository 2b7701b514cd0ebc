//! Dynamic registration (RFC 7591 §3, OIDC Registration §3).

use serde_json::{Map, Value};

use super::{
    Origin, Registered, ask_around, keep_to,
    statement::{self, StatementError},
    store::{self, NewRegistration, TokenRow},
};
use crate::{
    audit::{self, AuditKind},
    client::{
        Client, ClientMetadata, MetadataError,
        create_client::{add_secret, fresh_id},
        logo::{fetch_logo, put_logo},
        store as clients,
    },
    config::{RegistrationMode, RegistrationPolicy},
    core::Ctx,
    db::Touched,
    error::Internal,
    limits::TooMany,
    secret::{PlainToken, TokenKind},
};

/// Register a client.
#[derive(Clone, Debug)]
pub struct RegisterClient {
    /// What is said about it.
    pub members: Map<String, Value>,
    /// The initial access token, as it was presented.
    pub token: Option<String>,
}

/// Why a client was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterClientError {
    /// Nobody may register clients here.
    #[error("clients cannot be registered here")]
    Off,
    /// A token is needed and missing.
    #[error("an initial access token is needed")]
    TokenNeeded,
    /// The token is unknown, used up, expired or revoked.
    #[error("the initial access token is unknown, used up, expired or revoked")]
    Token,
    /// The token has as many clients as it may have.
    #[error("this initial access token has as many clients as it may have")]
    Full,
    /// Too many registrations from this address (I5).
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The software statement was not accepted.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// What is said about it was not accepted.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Registers a client as it describes itself.
///
/// # Errors
/// [`RegisterClientError`]
pub async fn register_client(ctx: &Ctx, cmd: RegisterClient) -> Result<Registered, RegisterClientError> {
    let permit = permit(ctx, cmd.token.as_deref()).await?;
    let policy_name = permit.as_ref().and_then(|token| token.policy.clone());
    let policy = find_policy(ctx, policy_name.as_deref())?;
    let (members, software_statement) = statement::merge(ctx, &cmd.members).await?;
    let client = describe(ctx, &members, policy, fresh_id(ctx)).await?;

    let logo = fetch_logo(&ctx.core, client.settings.logo_uri.as_ref()).await;
    let token = PlainToken::generate(TokenKind::Registration, ctx.core.entropy());
    let origin = if permit.is_some() { Origin::Token } else { Origin::Open };
    let mut tx = ctx.core.db().write().await?;
    if let Some(permit) = &permit {
        if !store::use_token(&mut tx, permit.id, ctx.now()).await? {
            return Err(RegisterClientError::Token);
        }
        let max = policy.max_clients.map_or(i64::MAX, i64::from);
        if store::count_of_token(&mut tx, permit.id).await? >= max {
            return Err(RegisterClientError::Full);
        }
    }
    if !clients::insert(&mut tx, &client).await? {
        return Err(Internal::new("register a client", "a fresh id is taken").into());
    }
    let secret = if client.settings.has_secret() { Some(add_secret(&mut tx, ctx, &client).await?) } else { None };
    let registration = NewRegistration {
        client_id: client.id.clone(),
        origin,
        initial_token_id: permit.as_ref().map(|permit| permit.id),
        policy: policy_name,
        digest: Some(token.digest()),
        software_statement: software_statement.clone(),
        ip: ctx.meta.ip.map(|ip| ip.to_string()),
        created_at: ctx.now(),
        fresh_until: None,
    };
    store::insert(&mut tx, registration).await?;
    put_logo(&mut tx, &client.id, logo, ctx.now()).await?;
    let details = serde_json::json!({
        "name": client.name, "origin": origin.as_str(), "initial_token": permit.map(|permit| permit.id),
    });
    let entry = audit::Entry::new(AuditKind::ClientCreated).with_client(&client.id).with_details(details);
    audit::record(&mut tx, ctx, entry).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(Registered::new(&client, software_statement, secret, token))
}

/// Whether somebody may register a client, and with which token.
async fn permit(ctx: &Ctx, token: Option<&str>) -> Result<Option<TokenRow>, RegisterClientError> {
    match (ctx.config().client_registration.mode, token) {
        (RegistrationMode::Off, _) => Err(RegisterClientError::Off),
        (RegistrationMode::Token, None) => Err(RegisterClientError::TokenNeeded),
        (RegistrationMode::Open, None) => {
            ctx.core.limits().client_registration(ctx)?;
            Ok(None)
        }
        (RegistrationMode::Token | RegistrationMode::Open, Some(token)) => {
            let token = PlainToken::parse(TokenKind::InitialAccess, token).ok_or(RegisterClientError::Token)?;
            let mut conn = ctx.core.db().read().await?;
            let found = store::find_token(&mut conn, token.digest()).await?;
            found.filter(|found| found.is_good(ctx.now())).map(Some).ok_or(RegisterClientError::Token)
        }
    }
}

/// The policy of this name, or the general one.
pub(super) fn find_policy<'a>(ctx: &'a Ctx, name: Option<&str>) -> Result<&'a RegistrationPolicy, Internal> {
    let settings = &ctx.config().client_registration;
    match name {
        None => Ok(&settings.policy),
        Some(name) => settings.policies.get(name).ok_or_else(|| {
            Internal::new("find client_registration.policies", format_args!("{name} is gone, but tokens name it"))
        }),
    }
}

/// A client as it is described, as far as the policy lets it.
pub(super) async fn describe(
    ctx: &Ctx,
    members: &Map<String, Value>,
    policy: &RegistrationPolicy,
    id: String,
) -> Result<Client, MetadataError> {
    let ClientMetadata { name, mut settings } = ClientMetadata::read_with(members, &policy.force)?;
    keep_to(policy, &mut settings)?;
    ask_around(&ctx.core, &settings).await?;
    let name = name.map_or_else(|| settings.domain().unwrap_or_else(|| id.clone()), String::from);
    Ok(Client::new(id, name, settings, ctx.now()))
}
