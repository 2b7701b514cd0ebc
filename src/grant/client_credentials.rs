//! Tokens for an application itself (RFC 6749 §4.4, RFC 9068). Nothing is read from the database,
//! and nothing written but the handle of an opaque token.

use std::{borrow::Cow, sync::Arc};

use super::{
    aim::Aim,
    checks,
    mint::{AccessToken, client_jti},
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    client::{Client, ClientKind},
    core::Ctx,
    protocol::{AccessTokenClaims, Confirmation, GrantType, OAuthError, OAuthErrorCode, Scope, ScopeSet},
    secret::{PlainToken, TokenKind},
};

/// A client asks for a token of its own.
#[derive(Debug)]
pub struct ClientCredentialsGrant {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// What it asks for; none for everything it may.
    pub scope: Option<ScopeSet>,
    /// The resources and audiences it asks for, of those it may have tokens for; empty for all it is registered with.
    pub audience: Vec<String>,
    /// What it asks for in detail (RFC 9396 §2), of the types it is registered for.
    pub authorization_details: Vec<serde_json::Value>,
    /// What the client proved to hold; the token is bound to it.
    pub confirmation: Confirmation,
}

/// Issues an access token to the client itself: its `sub` is the client (RFC 9068 §2.2). The scopes of OpenID Connect are
/// about a person, so they cannot be had.
///
/// # Errors
/// [`TokenError::Refused`] with `unauthorized_client`, `invalid_scope`, `invalid_target` or
/// `invalid_authorization_details`.
pub async fn client_credentials(ctx: &Ctx, cmd: ClientCredentialsGrant) -> Result<IssuedTokens, TokenError> {
    let core = &ctx.core;
    let client = &*cmd.client;
    let settings = &client.settings;
    if !settings.allows(GrantType::ClientCredentials) || settings.kind() == ClientKind::Public {
        return Err(OAuthError::bare(OAuthErrorCode::UnauthorizedClient).into());
    }
    let scope = match cmd.scope {
        Some(scope) => {
            let is_about_a_person = Scope::STANDARD.iter().any(|standard| scope.contains(standard));
            if is_about_a_person || !scope.is_subset(&settings.scopes) {
                return Err(TokenError::invalid_scope("the client may not have this scope for itself"));
            }
            scope
        }
        None => settings.scopes.iter().filter(|scope| !Scope::STANDARD.contains(scope)).cloned().collect(),
    };
    checks::allowed_details(&ctx.config().authorization.details_types, client, &cmd.authorization_details)?;
    let aim = Aim::of_client(core, client, &scope, &cmd.audience, cmd.authorization_details).await?;
    let iat = ctx.now().as_secs();
    let expires_in = i64::try_from(aim.ttl.as_secs()).unwrap_or(i64::MAX);
    let claims = AccessTokenClaims {
        iss: core.grants().issuer().into(),
        exp: iat.saturating_add(expires_in),
        aud: aim.audience(),
        sub: client.id.as_str().into(),
        client_id: client.id.as_str().into(),
        iat,
        jti: client_jti(core).into(),
        scope: Cow::Borrowed(&aim.scope),
        auth_time: None,
        acr: None,
        amr: Cow::Borrowed(&[]),
        sid: None,
        cnf: Cow::Borrowed(&cmd.confirmation),
        act: None,
        authorization_details: Cow::Borrowed(&aim.details),
        org_id: None,
        org_slug: None,
        role: None,
        permissions: None,
        preferred_username: None,
        email: None,
    };
    let handle = || PlainToken::generate(TokenKind::Access, core.entropy());
    let access_token = AccessToken::write(core, (aim.format, aim.alg), &claims, handle).await?;
    if access_token.must_be_stored() {
        let mut tx = core.db().write().await?;
        access_token.store(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(IssuedTokens {
        access_token: access_token.text,
        confirmation: cmd.confirmation,
        expires_in,
        refresh_token: None,
        id_token: None,
        scope: aim.scope,
        authorization_details: aim.details,
        issued_token_type: None,
    })
}
