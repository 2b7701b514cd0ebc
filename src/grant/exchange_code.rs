//! Trading a code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6, D2).
//!
//! A code belongs to a client, a redirect URI and a code challenge, and perhaps to a key (RFC 9449 §10). Whoever does not
//! bring all of them learns only
//! `invalid_grant`, and changes nothing: the code stays good for its owner. (RFC 9700 asks that a stolen code be useless,
//! not that it be destroyed; destroying it would let anybody who saw it, or who names a public client, cut the owner
//! off. Guessing a verifier of 256 bits within 60 seconds is no worry.)
//!
//! Whoever does bring all of them a second time holds a code that was used: then either answer may be in wrong hands, and
//! everything issued from it ends (RFC 6749 §4.1.2, RFC 9700 §4.5). Of any number of requests at once exactly one wins
//! the code, and the others count as such replays.

use std::sync::Arc;

use super::{
    aim::Aim,
    binding::bind_refresh_tokens,
    mint::{self, Mint},
    revoke::revoke_grant,
    store::{
        codes::{self, CodeRow},
        refresh_tokens,
    },
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    audit::{self, AuditKind},
    client::Client,
    core::Ctx,
    error::Internal,
    protocol::{CodeChallenge, CodeVerifier, Confirmation, GrantType, OAuthError, OAuthErrorCode, Scope, TokenAim},
    secret::{PlainToken, SecretString, TokenKind},
};

/// A client hands in a code.
#[derive(Debug)]
pub struct ExchangeCode {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The code.
    pub code: SecretString,
    /// The redirect URI of the authorization request, repeated.
    pub redirect_uri: Option<String>,
    /// The PKCE verifier.
    pub code_verifier: Option<CodeVerifier>,
    /// What the client proved to hold; the access token is bound to it.
    pub confirmation: Confirmation,
    /// What the access token is to be for, of what was granted.
    pub aim: TokenAim,
}

/// Trades a code, once. With `offline_access` a refresh token is issued too; without, none is.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every code that is not this client's, live and unused; with
/// `invalid_target` or `invalid_authorization_details` for more than was granted.
pub async fn exchange_code(ctx: &Ctx, cmd: ExchangeCode) -> Result<IssuedTokens, TokenError> {
    let ExchangeCode { client, code, redirect_uri, code_verifier, confirmation, aim } = cmd;
    if !client.settings.allows(GrantType::AuthorizationCode) {
        return Err(OAuthError::bare(OAuthErrorCode::UnauthorizedClient).into());
    }
    let redirect_uri = redirect_uri.ok_or_else(|| OAuthError::invalid_request("redirect_uri is missing"))?;
    let code = PlainToken::parse(TokenKind::AuthorizationCode, code.expose()).ok_or_else(unknown)?;
    let digest = code.digest();
    let mut conn = ctx.core.db().read().await?;
    let row = codes::find(&mut conn, digest).await?;
    drop(conn);
    let row = row.filter(|row| row.family.client_id == client.id).ok_or_else(unknown)?;
    check_binding(&row, &redirect_uri, code_verifier.as_ref())?;
    let code_jkt = &row.family.details.0.dpop_jkt;
    if code_jkt.is_some() && *code_jkt != confirmation.jkt {
        return Err(TokenError::invalid_grant(
            "the code is bound to another key than the DPoP proof's, or there is none",
        ));
    }
    if row.used_at.is_some() {
        return Err(replayed(ctx, &row).await?);
    }
    let now = ctx.now();
    let family = &row.family;
    if now >= row.code_expires_at {
        return Err(TokenError::invalid_grant("the code has expired"));
    }
    if !family.is_alive(now) {
        return Err(TokenError::invalid_grant("the sign-in that the code came from has ended"));
    }

    let scope = family.read_scope()?;
    let aim = Aim::narrowed(&ctx.core, &client, family, &scope, &aim).await?;
    let unique = mint::unique(&ctx.core);
    let mint = Mint {
        client: &client,
        family,
        scope: &scope,
        aim: &aim,
        issued_at: now,
        unique,
        confirmation: &confirmation,
        beside: None,
    };
    let access_token = mint.access_token(&ctx.core).await?;
    let id_token = mint.id_token(&ctx.core, &access_token.text, family.details.0.nonce.as_deref(), None).await?;
    let offline = scope.contains(&Scope::OFFLINE_ACCESS) && client.settings.allows(GrantType::RefreshToken);
    let refresh_token = offline.then(|| PlainToken::generate(TokenKind::Refresh, ctx.core.entropy()));
    let entry = audit::Entry::about(AuditKind::TokensIssued, family.person.user_id)
        .with_client(&client.id)
        .with_details(serde_json::json!({ "grant": family.grant_id, "scope": scope }));

    let mut tx = ctx.core.db().write().await?;
    if !codes::mark_used(&mut tx, digest, now).await? {
        drop(tx);
        return Err(replayed(ctx, &row).await?);
    }
    access_token.store(&mut tx).await?;
    if let Some(refresh_token) = &refresh_token {
        let expires_at = (now + ctx.config().tokens.refresh_idle).min(family.grant_expires_at);
        refresh_tokens::insert(&mut tx, refresh_token.digest(), family.grant_id, now, expires_at).await?;
        bind_refresh_tokens(&mut tx, client.settings.kind(), family, &confirmation).await?;
    }
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    let expires_in = access_token.exp - now.as_secs();
    Ok(IssuedTokens {
        access_token: access_token.text,
        confirmation,
        expires_in,
        refresh_token,
        id_token,
        scope: aim.scope,
        authorization_details: aim.details,
        issued_token_type: None,
    })
}

fn unknown() -> TokenError {
    TokenError::invalid_grant("the code is unknown, or was issued to another client")
}

/// Redirect URI and PKCE, as they were in the authorization request.
fn check_binding(row: &CodeRow, redirect_uri: &str, verifier: Option<&CodeVerifier>) -> Result<(), TokenError> {
    if row.redirect_uri != redirect_uri {
        return Err(TokenError::invalid_grant("redirect_uri is not the one of the authorization request"));
    }
    let challenge = row.code_challenge.as_deref().map(CodeChallenge::parse).transpose();
    let challenge = challenge.map_err(|cause| Internal::new("read a stored code challenge", cause))?;
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.verify(verifier) => Ok(()),
        (Some(_), Some(_)) => Err(TokenError::invalid_grant("code_verifier does not fit the code_challenge")),
        (Some(_), None) => Err(TokenError::invalid_grant("code_verifier is missing")),
        // RFC 9700 §4.8.2: whoever took the challenge out of the request would go unnoticed otherwise.
        (None, Some(_)) => Err(TokenError::invalid_grant("code_verifier without code_challenge in the request")),
    }
}

/// A code came back. Ends everything that was issued from it.
async fn replayed(ctx: &Ctx, row: &CodeRow) -> Result<TokenError, Internal> {
    let family = &row.family;
    let user_id = family.person.user_id;
    let mut tx = ctx.core.db().write().await?;
    // On record once, not each time: the code is in wrong hands, and those could fill the record.
    if revoke_grant(&mut tx, ctx, family.grant_id, user_id, "code_replayed").await? {
        let details = serde_json::json!({ "grant": family.grant_id });
        let entry = audit::Entry::about(AuditKind::CodeReplayed, user_id);
        audit::record(&mut tx, ctx, entry.with_client(&family.client_id).with_details(details)).await?;
    }
    tx.commit().await?;
    Ok(TokenError::invalid_grant("the code was used before; the tokens issued for it have ended"))
}
