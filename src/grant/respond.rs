//! The answer to the application (RFC 6749 §4.1.2, RFC 9207), signed where it asks for that (JARM).

use std::time::Duration;

use super::{
    checks::{Consented, Situation},
    details::GrantDetails,
    interaction::Pending,
    messages,
    store::{codes, grants, interactions, people::SignedInRow, pushed},
};
use crate::{
    client::Client,
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    logout,
    protocol::{AuthorizationResponse, AuthorizationTarget, Confirmation, Issuer, OAuthError, Scope, TokenType},
    secret::{PlainToken, TokenKind},
    session,
};

/// How long a grant outlives the tokens that were issued at the last moment of its code.
pub(super) const SLACK: Duration = Duration::from_mins(1);
/// How long a signed answer is good for: on its way it takes moments (JARM §2.1 recommends ten minutes at most).
const JWT_LIFE: Duration = Duration::from_mins(5);

fn issuer(ctx: &Ctx) -> Result<Issuer, Internal> {
    Issuer::parse(ctx.core.grants().issuer()).map_err(|cause| Internal::new("read server.public_url", cause))
}

/// An error that the application may be told.
pub(super) async fn refusal(
    ctx: &Ctx,
    client: &Client,
    target: &AuthorizationTarget,
    error: &OAuthError,
) -> Result<AuthorizationResponse, Internal> {
    sign(ctx, client, AuthorizationResponse::error(target, &issuer(ctx)?, error)).await
}

/// Signs an answer, and encrypts it, if its response mode is one of JARM's (§2.1, §2.2).
async fn sign(ctx: &Ctx, client: &Client, answer: AuthorizationResponse) -> Result<AuthorizationResponse, Internal> {
    let exp = (ctx.now() + JWT_LIFE).as_secs();
    let Some(claims) = answer.claims_to_sign(&client.id, exp) else { return Ok(answer) };
    let (core, settings) = (&ctx.core, &client.settings);
    let alg = settings.authorization_signed_response_alg.unwrap_or(messages::DEFAULT_ALG);
    let jwt = messages::sign(core, client, TokenType::Jwt, alg, &claims).await?;
    Ok(answer.signed(messages::encrypt_jwt(core, client, settings.authorization_encryption, jwt).await?))
}

/// Marks a stored request as answered. False when it was before.
pub(super) async fn finish(ctx: &Ctx, pending: &Pending) -> Result<bool, Internal> {
    if pending.stored.is_none() && pending.state.pushed.is_none() {
        return Ok(true);
    }
    let mut tx = ctx.core.db().write().await?;
    let is_first = use_up(&mut tx, pending, ctx.now()).await?;
    tx.commit().await?;
    Ok(is_first)
}

/// Marks the request, and the pushed request it came from, as answered. False when either was before.
async fn use_up(tx: &mut Tx, pending: &Pending, now: Timestamp) -> Result<bool, Internal> {
    if let Some((id, _)) = &pending.stored
        && !interactions::finish(tx, *id, now).await?
    {
        return Ok(false);
    }
    match pending.state.pushed {
        Some(digest) => pushed::mark_used(tx, digest, now).await,
        None => Ok(true),
    }
}

/// Stores a grant and its code, and marks the request as answered, all at once. None when it was answered before.
pub(super) async fn grant(
    ctx: &Ctx,
    situation: &Situation,
    pending: &Pending,
    signed_in: SignedInRow,
    consented: Consented,
) -> Result<Option<AuthorizationResponse>, Internal> {
    let issuer = issuer(ctx)?;
    let now = ctx.now();
    let tokens = &ctx.config().tokens;
    let request = &pending.request;
    let code_ttl = situation.client.settings.code_ttl(tokens.code_ttl);
    let code = PlainToken::generate(TokenKind::AuthorizationCode, ctx.core.entropy());
    let life = if consented.scope.contains(&Scope::OFFLINE_ACCESS) {
        tokens.refresh_absolute
    } else {
        code_ttl + situation.client.settings.access_token_ttl(tokens.access_ttl) + SLACK
    };
    let session_id = signed_in.session_id;
    let grant = grants::NewGrant {
        id: ctx.new_id(),
        client_id: situation.client.id.clone(),
        user_id: signed_in.person.user_id,
        session_id: Some(session_id),
        stamp: signed_in.session_stamp,
        scope: consented.scope,
        details: GrantDetails {
            nonce: request.nonce.clone(),
            claims: request.claims.clone(),
            consented: consented.all,
            resources: request.resources.clone(),
            authorization_details: request.authorization_details.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
            bound_to: Confirmation::NONE,
            act: None,
            organization: situation.place.id(),
            auth_time: signed_in.auth_time,
            amr: signed_in.amr.0,
        },
        now,
        expires_at: now + life,
    };
    let new_code = codes::NewCode {
        digest: code.digest(),
        grant_id: grant.id,
        client_id: grant.client_id.clone(),
        redirect_uri: request.target.redirect_uri.as_str().to_owned(),
        code_challenge: request.code_challenge.as_ref().map(|challenge| challenge.as_str().to_owned()),
        expires_at: now + code_ttl,
    };
    let mut tx = ctx.core.db().write().await?;
    if !use_up(&mut tx, pending, now).await? {
        return Ok(None);
    }
    grants::insert(&mut tx, grant).await?;
    logout::introduce(&mut tx, session_id, &situation.client).await?;
    codes::insert(&mut tx, new_code).await?;
    tx.commit().await?;
    let target = &request.target;
    let session_state = session::session_state(&ctx.core, session_id, &target.client_id, &target.redirect_uri);
    let answer = AuthorizationResponse::code(target, &issuer, code.expose()).with_session_state(session_state);
    sign(ctx, &situation.client, answer).await.map(Some)
}
