//! Tokens of our own REST API (D5, `/api/v1/auth/login`): the same machinery with the client `ostiary`, which no
//! application can be.

use std::sync::Arc;

use sqlx::types::Json;

use super::{
    access::find_alive,
    aim::Aim,
    details::GrantDetails,
    mint::{self, Mint},
    place,
    refresh::{Refresh, refresh},
    revoke::revoke_of_session,
    store::{
        grants::{self, FamilyRow},
        people, refresh_tokens,
    },
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{Denied, require_user},
    client::{FIRST_PARTY_CLIENT_ID, find_client},
    core::{Core, Ctx, UserActor},
    error::Internal,
    id::OrganizationId,
    org::{self, OrganizationRef, Standing},
    protocol::{Confirmation, Scope, ScopeSet, TokenAim},
    secret::{PlainToken, SecretString, TokenKind},
    session,
};

/// Why no tokens were issued.
#[derive(Debug, thiserror::Error)]
pub enum FirstPartyError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Issues an access token (24 h by default, with `sub`, `preferred_username`, `email`, `sid`) and a refresh token for
/// the session of the person who asks. Call it with the actor of a session that was just opened.
///
/// # Errors
/// [`FirstPartyError`]
pub async fn issue_first_party_tokens(ctx: &Ctx) -> Result<IssuedTokens, FirstPartyError> {
    let actor = require_user(ctx)?;
    let preferred = org::preferred(&ctx.core, actor.user_id).await?;
    let organization = match preferred {
        Some(id) => place::open_to(&ctx.core, actor.user_id, &actor.amr, id)
            .await?
            .ok()
            .map(|standing| standing.organization.id),
        None => None,
    };
    issue(ctx, organization, false).await
}

/// Why the person does not act in that organisation.
#[derive(Debug, thiserror::Error)]
pub enum SwitchOrganizationError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is none, or they are no member.
    #[error("there is no such organisation")]
    NotFound,
    /// It asks for a second factor that they did not show when they signed in (E7).
    #[error("the organisation asks for a second factor: sign in with one")]
    SecondFactor,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<FirstPartyError> for SwitchOrganizationError {
    fn from(cause: FirstPartyError) -> Self {
        match cause {
            FirstPartyError::Denied(denied) => Self::Denied(denied),
            FirstPartyError::Internal(error) => Self::Internal(error),
        }
    }
}

/// The person who asks acts in another organisation (E2): it is preferred from now on, the tokens of their session end, and
/// there are new ones.
///
/// # Errors
/// [`SwitchOrganizationError`]
pub async fn switch_organization(
    ctx: &Ctx,
    organization: &OrganizationRef,
) -> Result<(Arc<Standing>, IssuedTokens), SwitchOrganizationError> {
    let actor = require_user(ctx)?;
    let found = org::find_organization(&ctx.core, organization).await?.ok_or(SwitchOrganizationError::NotFound)?;
    let standing = match place::open_to(&ctx.core, actor.user_id, &actor.amr, found.id).await? {
        Ok(standing) => standing,
        Err(place::Closed::Foreign) => return Err(SwitchOrganizationError::NotFound),
        Err(place::Closed::SecondFactor) => return Err(SwitchOrganizationError::SecondFactor),
    };
    let issued = issue(ctx, Some(found.id), true).await?;
    Ok((standing, issued))
}

/// Issues tokens for the session of the person who asks. With `switches` they take the place of those it has, and the
/// organisation is preferred.
async fn issue(
    ctx: &Ctx,
    organization: Option<OrganizationId>,
    switches: bool,
) -> Result<IssuedTokens, FirstPartyError> {
    let actor = require_user(ctx)?;
    let core = &ctx.core;
    let now = ctx.now();
    let mut conn = core.db().read().await?;
    let signed_in = people::find_signed_in(&mut conn, actor.session_id).await?;
    drop(conn);
    let signed_in = signed_in
        .filter(|row| {
            row.person.user_id == actor.user_id
                && row.session_ended_at.is_none()
                && row.person.stands_by(row.session_stamp)
        })
        .ok_or(Denied)?;
    let client = find_client(core, FIRST_PARTY_CLIENT_ID).await?;
    let client = client.ok_or_else(|| Internal::new("issue tokens", "the client of our own API is not there"))?;
    let tokens = &ctx.config().tokens;
    let family = FamilyRow {
        grant_id: ctx.new_id(),
        client_id: client.id.clone(),
        session_id: Some(signed_in.session_id),
        grant_stamp: signed_in.session_stamp,
        scope: String::new(),
        details: Json(GrantDetails {
            auth_time: signed_in.auth_time,
            amr: signed_in.amr.0,
            organization,
            ..GrantDetails::default()
        }),
        grant_expires_at: now + tokens.refresh_absolute,
        last_used_at: now,
        revoked_at: None,
        session_ended_at: None,
        person: signed_in.person,
    };
    let scope = ScopeSet::empty();
    let aim = Aim::whole(core, &client, &family, &scope).await?;
    let mint = Mint {
        client: &client,
        family: &family,
        scope: &scope,
        aim: &aim,
        issued_at: now,
        unique: mint::unique(core),
        confirmation: &Confirmation::NONE,
        beside: None,
    };
    let access_token = mint.access_token(core).await?;
    let refresh_token = PlainToken::generate(TokenKind::Refresh, core.entropy());
    let refresh_expires_at = (now + tokens.refresh_idle).min(family.grant_expires_at);
    let new_grant = grants::NewGrant {
        id: family.grant_id,
        client_id: family.client_id,
        user_id: family.person.user_id,
        session_id: Some(signed_in.session_id),
        stamp: family.grant_stamp,
        scope: scope.clone(),
        details: family.details.0,
        now,
        expires_at: family.grant_expires_at,
    };
    let mut tx = core.db().write().await?;
    if let Some(id) = organization.filter(|_| switches) {
        revoke_of_session(&mut tx, ctx, signed_in.session_id, "organization_switched").await?;
        org::prefer(&mut tx, actor.user_id, id).await?;
        let entry = Entry::about(AuditKind::OrganizationChosen, actor.user_id).within(id);
        audit::record(&mut tx, ctx, entry).await?;
    }
    grants::insert(&mut tx, new_grant).await?;
    refresh_tokens::insert(&mut tx, refresh_token.digest(), family.grant_id, now, refresh_expires_at).await?;
    tx.commit().await?;
    let expires_in = access_token.exp - now.as_secs();
    Ok(IssuedTokens {
        access_token: access_token.text,
        confirmation: Confirmation::NONE,
        expires_in,
        refresh_token: Some(refresh_token),
        id_token: None,
        scope,
        authorization_details: Vec::new(),
        issued_token_type: None,
    })
}

/// Rotates a refresh token of our own REST API (D3). It lives no longer than its session.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every token that is not live, or not of our own API.
pub async fn refresh_first_party(ctx: &Ctx, refresh_token: SecretString) -> Result<IssuedTokens, TokenError> {
    let client = find_client(&ctx.core, FIRST_PARTY_CLIENT_ID).await?;
    let client = client.ok_or_else(|| Internal::new("refresh tokens", "the client of our own API is not there"))?;
    refresh(
        ctx,
        Refresh { client, refresh_token, scope: None, confirmation: Confirmation::NONE, aim: TokenAim::default() },
    )
    .await
}

/// The person behind a bearer token of our own REST API; none when it is not one, or has ended, or its session has.
/// Tokens issued to applications are none: people allowed those to know things, not to act on the account.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn authenticate_first_party(core: &Core, token: &str) -> Result<Option<UserActor>, Internal> {
    let Some(token) = find_alive(core, token).await? else { return Ok(None) };
    let (Some((_, user_id)), Some(session_id)) = (token.person, token.claims.sid.as_deref()) else { return Ok(None) };
    let Ok(session_id) = session_id.parse() else { return Ok(None) };
    if token.claims.client_id != FIRST_PARTY_CLIENT_ID || !token.claims.aud.contains(core.grants().issuer()) {
        return Ok(None);
    }
    let session = session::resume_session(core, session_id).await?;
    Ok(session.map(|session| session.actor).filter(|actor| actor.user_id == user_id))
}

/// The application behind a bearer token that it has for itself, for us and with this scope; none when it is not one, or
/// has ended. A token that is bound to a key is none: nothing here asks for the proof.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn authenticate_application(core: &Core, token: &str, scope: &Scope) -> Result<Option<String>, Internal> {
    let found = find_alive(core, token).await?.filter(|token| {
        token.person.is_none()
            && token.claims.cnf.is_bearer()
            && token.claims.scope.contains(scope)
            && token.claims.aud.contains(core.grants().issuer())
    });
    Ok(found.map(|token| token.claims.client_id.clone().into_owned()))
}
