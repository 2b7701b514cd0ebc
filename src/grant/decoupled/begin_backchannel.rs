//! An application asks for a person who is somewhere else (CIBA §7, poll mode).
//!
//! The person finds the request on their account, and a mail says so. Two limits keep an application from being a nuisance:
//! so many requests of one application may wait for one person at once, and when so many went unanswered within an hour,
//! further ones come without a mail.
//!
//! Whom a hint names is found out by whoever may ask: `unknown_user_id` (§13) is the answer for everybody who cannot be
//! asked, whether unknown, not confirmed or deactivated. Only confidential clients that an administrator registered for
//! this grant get that far.
//!
//! `acr_values` are a wish, as at the authorization endpoint (§7.1: how somebody is authenticated is up to us): they are
//! put on record, and the ID token tells truthfully what it was.

use std::{sync::Arc, time::Duration};

use super::{DecoupledKind, POLL_INTERVAL, REQUEST_LIFE, signed_request};
use crate::{
    audit::{self, AuditKind},
    client::{Client, ClientKind},
    core::Ctx,
    error::Internal,
    grant::{
        checks,
        details::{DecoupledDetails, on_record},
        id_token_hint,
        refresh::tell,
        store::{
            decoupled::{self, NewRequest},
            people::{self, PersonRow},
        },
        tokens::TokenError,
    },
    mail::Message,
    protocol::{BackchannelHint, BackchannelRequest, GrantType, OAuthError, OAuthErrorCode, Params},
    secret::{PlainToken, TokenKind},
};

/// So many requests of one client may wait for one person at once.
const MOST_WAITING: i64 = 5;
/// So many unanswered ones of the last hour are told by mail.
const MOST_MAILS: i64 = 5;
const HOUR: Duration = Duration::from_hours(1);
/// The longest hint that is looked at, in bytes.
const MAX_HINT: usize = 320;

/// An application asks.
#[derive(Debug)]
pub struct BeginBackchannel {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The form, with its parameters or a signed `request`.
    pub params: Params,
}

/// What the client polls with.
#[derive(Debug)]
pub struct BackchannelBegun {
    /// `auth_req_id`
    pub auth_req_id: PlainToken,
    /// How long the request waits, in seconds.
    pub expires_in: u64,
    /// Seconds between two polls.
    pub interval: u32,
}

/// Stores a request for the person whom the client names, and tells them.
///
/// # Errors
/// [`TokenError::Refused`] with an error of CIBA §13.
pub async fn begin_backchannel(ctx: &Ctx, cmd: BeginBackchannel) -> Result<BackchannelBegun, TokenError> {
    let BeginBackchannel { client, params } = cmd;
    if !client.settings.allows(GrantType::Ciba) || client.settings.kind() == ClientKind::Public {
        let why = "the client is not registered for backchannel authentication";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, why).into());
    }
    let request = read_request(ctx, &client, &params).await?;
    let scope = checks::decoupled(&ctx.core, &client, request.scope, &request.aim).await?;
    let person = find_person(ctx, &client, &request.hint).await?;
    let person = person.filter(|person| person.is_active && person.email_verified_at.is_some());
    let person = person
        .ok_or_else(|| OAuthError::new(OAuthErrorCode::UnknownUserId, "the hint names nobody who can be asked"))?;
    let now = ctx.now();
    let life = request.requested_expiry.map_or(REQUEST_LIFE, Duration::from_secs).min(REQUEST_LIFE);
    let auth_req_id = PlainToken::generate(TokenKind::BackchannelRequest, ctx.core.entropy());
    let details =
        DecoupledDetails { binding_message: request.binding_message.clone(), ..DecoupledDetails::of(ctx, request.aim) };
    let mut told = on_record(&scope, &details.resources, &details.authorization_details);
    if !request.acr_values.is_empty() {
        told.insert("acr_values".to_owned(), request.acr_values.into());
    }
    let message = Message::RequestWaits {
        application: client.name.clone(),
        binding_message: request.binding_message,
        ip: details.ip.clone(),
        at: now,
        expires_at: now + life,
    };
    let new = NewRequest {
        id: ctx.new_id(),
        kind: DecoupledKind::Backchannel.as_str(),
        digest: auth_req_id.digest(),
        user_code_digest: None,
        client_id: client.id.clone(),
        user_id: Some(person.user_id),
        scope,
        details,
        interval_secs: POLL_INTERVAL.into(),
        now,
        expires_at: now + life,
    };
    let entry = audit::Entry::about(AuditKind::AuthenticationRequested, person.user_id);

    let mut tx = ctx.core.db().write().await?;
    let counted = decoupled::count_alone(&mut tx, person.user_id, client.id.clone(), now, now - HOUR).await?;
    if counted.waiting >= MOST_WAITING {
        let why = "too many requests of the client wait for this person";
        return Err(OAuthError::new(OAuthErrorCode::AccessDenied, why).into());
    }
    if !decoupled::insert(&mut tx, new).await? {
        return Err(Internal::new("store a backchannel request", "it is there already").into());
    }
    if counted.unanswered < MOST_MAILS {
        tell(&mut tx, ctx, &person, message).await?;
    }
    audit::record(&mut tx, ctx, entry.with_client(&client.id).with_details(told)).await?;
    tx.commit().await?;
    Ok(BackchannelBegun { auth_req_id, expires_in: life.as_secs(), interval: POLL_INTERVAL })
}

/// Reads the parameters from where they must be.
async fn read_request(ctx: &Ctx, client: &Client, params: &Params) -> Result<BackchannelRequest, TokenError> {
    params.refuse_duplicates().map_err(OAuthError::from)?;
    let Some(text) = params.get("request") else {
        let must_sign =
            client.settings.backchannel_request_signing_alg.is_some() || client.settings.requires_signed_requests();
        if must_sign {
            return Err(OAuthError::invalid_request("the client's requests must be signed: request is missing").into());
        }
        return Ok(BackchannelRequest::from_form(params)?);
    };
    if let Some(stray) = BackchannelRequest::stray_beside_signed(params) {
        let why = format!("{stray} must stand in the request object, not beside it");
        return Err(OAuthError::invalid_request(why).into());
    }
    let claims = signed_request::read(ctx, client, text).await?;
    Ok(BackchannelRequest::from_claims(&claims)?)
}

async fn find_person(ctx: &Ctx, client: &Client, hint: &BackchannelHint) -> Result<Option<PersonRow>, TokenError> {
    let core = &ctx.core;
    let text = match hint {
        BackchannelHint::Login(text) => text.trim(),
        BackchannelHint::IdToken(text) => {
            let claims = id_token_hint::read(core, client, text).await?.ok_or_else(|| {
                OAuthError::invalid_request("id_token_hint is not an ID token that was issued to this client")
            })?;
            return Ok(id_token_hint::find_person(core, client, &claims).await?);
        }
    };
    if text.len() > MAX_HINT {
        return Ok(None);
    }
    let mut conn = core.db().read().await?;
    let found = match (text.parse(), text.contains('@')) {
        (Ok(id), _) => people::find(&mut conn, id).await?,
        (Err(_), true) => people::find_by_email(&mut conn, text.to_lowercase()).await?,
        (Err(_), false) => people::find_by_username(&mut conn, text.to_lowercase()).await?,
    };
    Ok(found)
}
