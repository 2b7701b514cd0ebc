//! What a token is (RFC 7662, D6).
//!
//! A client may look at tokens it was issued itself, and at access tokens that are meant for it: whose audience is its
//! own id or one of the audiences it is registered with. About all others it learns what it learns about tokens that
//! never were: `active` is false (§2.2, §4).

use std::sync::Arc;

use serde::Serialize;

use super::{
    access::{VerifiedToken, find_alive},
    messages,
    place::{self, OrganizationClaims},
    store::refresh_tokens,
    subject::subject_of,
};
use crate::{
    client::{Client, ClientKind},
    core::Ctx,
    error::Internal,
    protocol::{AccessTokenType, Introspection, ScopeSet, TokenType, TokenTypeHint},
    secret::{PlainToken, SecretString, TokenKind},
};

/// A client asks about a token.
#[derive(Debug)]
pub struct Introspect {
    /// The client, authenticated; a public one learns nothing.
    pub client: Arc<Client>,
    /// The token.
    pub token: SecretString,
    /// What the client believes it to be. Our tokens tell by themselves, so it is not needed.
    pub hint: Option<TokenTypeHint>,
}

/// What was found.
#[derive(Debug)]
pub struct Introspected(Found);

#[derive(Debug)]
enum Found {
    Nothing,
    /// With what is true of its organisation now (E12).
    AccessToken(Arc<VerifiedToken>, Option<OrganizationClaims>),
    RefreshToken(Box<LiveRefreshToken>),
}

#[derive(Debug)]
struct LiveRefreshToken {
    scope: ScopeSet,
    client_id: String,
    sub: String,
    issuer: String,
    iat: i64,
    exp: i64,
}

impl Introspected {
    /// Whether the token can be used now.
    pub fn is_active(&self) -> bool {
        !matches!(self.0, Found::Nothing)
    }

    /// The answer of the introspection endpoint (RFC 7662 §2.2).
    pub fn to_response(&self) -> Introspection<'_> {
        match &self.0 {
            Found::Nothing => Introspection::default(),
            Found::AccessToken(token, organization) => {
                let claims = &token.claims;
                Introspection {
                    active: true,
                    scope: (!claims.scope.is_empty()).then_some(&claims.scope),
                    client_id: Some(&claims.client_id),
                    username: claims.preferred_username.as_deref(),
                    token_type: Some(if claims.cnf.jkt.is_some() {
                        AccessTokenType::Dpop
                    } else {
                        AccessTokenType::Bearer
                    }),
                    exp: Some(claims.exp),
                    iat: Some(claims.iat),
                    sub: Some(&claims.sub),
                    aud: Some(&claims.aud),
                    iss: Some(&claims.iss),
                    jti: Some(&claims.jti),
                    auth_time: claims.auth_time,
                    acr: claims.acr.as_deref(),
                    cnf: (!claims.cnf.is_bearer()).then_some(&claims.cnf),
                    act: claims.act.as_deref(),
                    authorization_details: (!claims.authorization_details.is_empty())
                        .then_some(&claims.authorization_details),
                    org_id: organization.as_ref().map(|org| org.id.as_str()),
                    org_slug: organization.as_ref().map(|org| org.slug.as_str()),
                    role: organization.as_ref().map(|org| org.role.as_str()),
                    permissions: organization.as_ref().map(|org| org.permissions.as_slice()),
                }
            }
            Found::RefreshToken(token) => Introspection {
                active: true,
                scope: (!token.scope.is_empty()).then_some(&token.scope),
                client_id: Some(&token.client_id),
                exp: Some(token.exp),
                iat: Some(token.iat),
                sub: Some(&token.sub),
                iss: Some(&token.issuer),
                ..Introspection::default()
            },
        }
    }
}

/// The claims of a signed answer (RFC 9701 §5). `sub` and `exp` are left out: with them it could pass for an access token.
#[derive(Serialize)]
struct Signed<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    token_introspection: Introspection<'a>,
}

/// Signs what was found for the client that asked, with the algorithm it is registered with (RFC 9701 §5, §6).
///
/// # Errors
/// [`Internal`] when it cannot be signed.
pub async fn sign_introspection(ctx: &Ctx, client: &Client, found: &Introspected) -> Result<String, Internal> {
    let claims = Signed {
        iss: ctx.core.grants().issuer(),
        aud: &client.id,
        iat: ctx.now().as_secs(),
        token_introspection: found.to_response(),
    };
    let alg = client.settings.introspection_signed_response_alg.unwrap_or(messages::DEFAULT_ALG);
    messages::sign(&ctx.core, client, TokenType::Introspection, alg, &claims).await
}

/// Looks at a token for a client.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn introspect(ctx: &Ctx, cmd: Introspect) -> Result<Introspected, Internal> {
    let client = &cmd.client;
    if client.settings.kind() == ClientKind::Public {
        return Ok(Introspected(Found::Nothing));
    }
    if let Some(token) = PlainToken::parse(TokenKind::Refresh, cmd.token.expose()) {
        let found = find_refresh_token(ctx, client, &token).await?;
        return Ok(Introspected(found.map_or(Found::Nothing, |token| Found::RefreshToken(Box::new(token)))));
    }
    let found = find_alive(&ctx.core, cmd.token.expose()).await?.filter(|token| is_meant_for(token, client));
    let Some(token) = found else { return Ok(Introspected(Found::Nothing)) };
    let Some(named) = &token.claims.org_id else { return Ok(Introspected(Found::AccessToken(token, None))) };
    let user_id = token.person.map(|(_, user_id)| user_id);
    let organization = match (user_id, named.parse().ok()) {
        (Some(user_id), id @ Some(_)) => place::live_claims(&ctx.core, user_id, id).await?,
        _ => None,
    };
    // Whoever is no member any more acts there no more.
    Ok(Introspected(
        organization.map_or(Found::Nothing, |organization| Found::AccessToken(Arc::clone(&token), Some(organization))),
    ))
}

pub(super) fn is_meant_for(token: &VerifiedToken, client: &Client) -> bool {
    let claims = &token.claims;
    claims.client_id == client.id
        || claims.aud.contains(&client.id)
        || client.settings.audiences.iter().any(|audience| claims.aud.contains(audience))
}

async fn find_refresh_token(
    ctx: &Ctx,
    client: &Client,
    token: &PlainToken,
) -> Result<Option<LiveRefreshToken>, Internal> {
    let mut conn = ctx.core.db().read().await?;
    let row = refresh_tokens::find(&mut conn, token.digest()).await?;
    let now = ctx.now();
    let live = row.filter(|row| {
        row.family.client_id == client.id
            && row.used_at.is_none()
            && now < row.token_expires_at
            && row.family.is_alive(now)
    });
    let Some(row) = live else { return Ok(None) };
    Ok(Some(LiveRefreshToken {
        scope: row.family.read_scope()?,
        sub: subject_of(&ctx.core, client, row.family.person.user_id),
        issuer: ctx.core.grants().issuer().to_owned(),
        iat: row.token_created_at.as_secs(),
        exp: row.token_expires_at.as_secs(),
        client_id: row.family.client_id,
    }))
}
