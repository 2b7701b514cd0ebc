//! A token for another one (RFC 8693, D8).
//!
//! An application that was handed a token, mostly a service in the middle, gets one of its own to go on with: for another
//! audience, with less scope, and telling who acts. What comes out belongs to the *family* of what went in: it ends with
//! the person's grant, lives no longer than the token it was made of, and no refresh token comes with it.
//!
//! What a client may do is its registered policy: *impersonation* (the new token does not name the client as an actor) or
//! *delegation* (`act` does, §4.1). An actor that stood in the subject's token stays in the new one either way, so nobody
//! launders a chain. `may_act` (§4.4) in the subject's token is honoured.
//!
//! The subject must be a person: a token that a client has for itself is only good as the actor's.

use std::{borrow::Cow, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    access::{find_alive, find_with_family},
    acr::acr_of,
    aim::Aim,
    id_token_hint,
    introspect::is_meant_for,
    mint::{self, AccessToken, person_jti},
    place,
    store::grants::{self, FamilyRow},
    subject::{session_of, sid_of, subject_of},
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    audit::{self, AuditKind},
    client::{AccessTokenFormat, Client, ClientKind, TokenExchangePolicy, find_client},
    clock::Timestamp,
    core::{Core, Ctx},
    protocol::{
        AccessTokenClaims, Confirmation, ExchangeTokenType, GrantType, IdTokenClaims, OAuthError, OAuthErrorCode,
        Scope, ScopeSet, TokenExchangeRequest, jwt::decode_unverified_header,
    },
    secret::{PlainToken, TokenKind},
};

/// Actors in a chain, at most: each exchange adds one.
const LONGEST_CHAIN: usize = 10;

/// A client hands in a token for another one.
#[derive(Debug)]
pub struct ExchangeToken {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// What it hands in and asks for.
    pub request: TokenExchangeRequest,
    /// The resources it asks for (RFC 8707), beside the request's audiences.
    pub resources: Vec<String>,
    /// What the client proved to hold; the new token is bound to it.
    pub confirmation: Confirmation,
}

/// What went in, verified.
struct Subject {
    family: FamilyRow,
    scope: ScopeSet,
    exp: Timestamp,
    act: Option<Value>,
    may_act: Option<Value>,
}

/// Trades a token.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_request` for tokens that are not live, ours and for this client (§2.2.2),
/// `unauthorized_client`, `invalid_target` or `invalid_scope`.
pub async fn exchange_token(ctx: &Ctx, cmd: ExchangeToken) -> Result<IssuedTokens, TokenError> {
    let ExchangeToken { client, request, mut resources, confirmation } = cmd;
    let core = &ctx.core;
    let settings = &client.settings;
    let policy = &settings.token_exchange;
    let may = policy.impersonation || policy.delegation;
    if !settings.allows(GrantType::TokenExchange) || settings.kind() == ClientKind::Public || !may {
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, "the client may not exchange tokens").into());
    }
    let subject = find_subject(ctx, &client, request.subject_token.expose(), request.subject_token_type).await?;
    let actor = match &request.actor {
        Some((token, kind)) => Some(find_actor(ctx, &client, token.expose(), *kind).await?),
        None => None,
    };
    check_may_act(core, &subject, actor.as_deref().unwrap_or(&client.id))?;
    let act = act_of(policy, &client, actor, subject.act)?;
    let scope = narrow(&subject.scope, &settings.scopes, request.scope)?;
    resources.extend(request.audience);
    let aim = Aim::of_exchange(core, &client, &scope, &resources).await?;

    let now = ctx.now();
    let family = &subject.family;
    let details = &family.details.0;
    let exp = (now + aim.ttl).min(subject.exp).min(family.grant_expires_at).as_secs();
    let sid = family.session_id.map(|id| sid_of(core, &client, id)).transpose()?;
    let organization = place::claims(core, family, &aim.scope).await?;
    let claims = AccessTokenClaims {
        iss: core.grants().issuer().into(),
        exp,
        aud: aim.audience(),
        sub: subject_of(core, &client, family.person.user_id).into(),
        client_id: client.id.as_str().into(),
        iat: now.as_secs(),
        jti: person_jti(family.grant_id, mint::unique(core)).into(),
        scope: Cow::Borrowed(&aim.scope),
        auth_time: Some(details.auth_time.as_secs()),
        acr: acr_of(&details.amr).map(Cow::Borrowed),
        amr: Cow::Borrowed(&details.amr),
        sid: sid.map(Cow::Owned),
        cnf: Cow::Borrowed(&confirmation),
        act: act.as_ref().map(Cow::Borrowed),
        authorization_details: Cow::Borrowed(&[]),
        org_id: organization.as_ref().map(|org| org.id.as_str().into()),
        org_slug: organization.as_ref().map(|org| org.slug.as_str().into()),
        role: organization.as_ref().map(|org| org.role.as_str().into()),
        permissions: organization.as_ref().map(|org| Cow::Borrowed(org.permissions.as_slice())),
        preferred_username: None,
        email: None,
    };
    let wants_jwt = request.requested_token_type == Some(ExchangeTokenType::Jwt);
    let format = if wants_jwt { AccessTokenFormat::Jwt } else { aim.format };
    let handle = || PlainToken::generate(TokenKind::Access, core.entropy());
    let access_token = AccessToken::write(core, (format, aim.alg), &claims, handle).await?;
    let told = serde_json::json!({ "grant": family.grant_id, "scope": aim.scope, "by": "token_exchange", "act": act });
    let entry = audit::Entry::about(AuditKind::TokensIssued, family.person.user_id);

    let mut tx = core.db().write().await?;
    access_token.store(&mut tx).await?;
    audit::record(&mut tx, ctx, entry.with_client(&client.id).with_details(told)).await?;
    tx.commit().await?;
    let given = if wants_jwt { ExchangeTokenType::Jwt } else { ExchangeTokenType::AccessToken };
    Ok(IssuedTokens {
        access_token: access_token.text,
        confirmation,
        expires_in: exp - now.as_secs(),
        refresh_token: None,
        id_token: None,
        scope: aim.scope,
        authorization_details: Vec::new(),
        issued_token_type: Some(given.as_str()),
    })
}

/// One answer for everything that is wrong with a token (§2.2.2).
fn refuse(which: &str) -> TokenError {
    let why = format!("{which} is not a live token of ours that this client may hand in");
    OAuthError::invalid_request(why).into()
}

async fn find_subject(ctx: &Ctx, client: &Client, text: &str, kind: ExchangeTokenType) -> Result<Subject, TokenError> {
    const WHICH: &str = "subject_token";
    let core = &ctx.core;
    if kind != ExchangeTokenType::IdToken
        && let Some((token, family)) = find_with_family(core, text).await?
    {
        let claims = &token.claims;
        let is_jwt = PlainToken::parse(TokenKind::Access, text).is_none();
        let is_known = client.settings.token_exchange.subject_clients.iter().any(|id| *id == claims.client_id);
        if !(is_known || is_meant_for(&token, client)) || (kind == ExchangeTokenType::Jwt && !is_jwt) {
            return Err(refuse(WHICH));
        }
        return Ok(Subject {
            family,
            scope: claims.scope.clone().into_owned(),
            exp: Timestamp::from_secs(claims.exp),
            act: claims.act.clone().map(Cow::into_owned),
            may_act: if is_jwt { claim_of(text, "may_act") } else { None },
        });
    }
    if kind == ExchangeTokenType::AccessToken {
        return Err(refuse(WHICH));
    }
    let (owner, claims) = find_id_token(ctx, client, text).await?.ok_or_else(|| refuse(WHICH))?;
    // An ID token says who was there, not what was allowed: that stands in the grant it came with.
    let session = claims.sid.as_deref().map(|sid| session_of(core, &owner, sid)).transpose()?.flatten();
    let session = session.ok_or_else(|| refuse(WHICH))?;
    let mut conn = core.db().read().await?;
    let family = grants::find_newest(&mut conn, owner.id.clone(), session).await?;
    drop(conn);
    let is_theirs = |family: &FamilyRow| subject_of(core, &owner, family.person.user_id) == claims.sub;
    let family =
        family.filter(|family| family.is_alive(ctx.now()) && is_theirs(family)).ok_or_else(|| refuse(WHICH))?;
    Ok(Subject {
        scope: family.read_scope()?,
        act: family.details.0.act.clone(),
        family,
        exp: Timestamp::from_secs(claims.exp),
        may_act: claims.extra.get("may_act").cloned(),
    })
}

/// An ID token of ours that has not expired, for this client or one whose tokens it may hand in. One that is signed with a
/// secret the client knows proves nothing here.
async fn find_id_token(
    ctx: &Ctx,
    client: &Client,
    text: &str,
) -> Result<Option<(Arc<Client>, IdTokenClaims<'static>)>, TokenError> {
    let core = &ctx.core;
    if decode_unverified_header(text).ok().and_then(|header| header.kid).is_none() {
        return Ok(None);
    }
    let others = &client.settings.token_exchange.subject_clients;
    for id in std::iter::once(&client.id).chain(others) {
        let Some(owner) = find_client(core, id).await? else { continue };
        if let Some(claims) = id_token_hint::read(core, &owner, text).await? {
            return Ok((ctx.now().as_secs() < claims.exp).then_some((owner, claims)));
        }
    }
    Ok(None)
}

/// Who acts: the subject of their token, which may be a client.
async fn find_actor(ctx: &Ctx, client: &Client, text: &str, kind: ExchangeTokenType) -> Result<String, TokenError> {
    const WHICH: &str = "actor_token";
    if kind != ExchangeTokenType::IdToken
        && let Some(token) = find_alive(&ctx.core, text).await?
    {
        let is_known = client.settings.token_exchange.subject_clients.iter().any(|id| *id == token.claims.client_id);
        return if is_known || is_meant_for(&token, client) {
            Ok(token.claims.sub.clone().into_owned())
        } else {
            Err(refuse(WHICH))
        };
    }
    if kind == ExchangeTokenType::AccessToken {
        return Err(refuse(WHICH));
    }
    let (owner, claims) = find_id_token(ctx, client, text).await?.ok_or_else(|| refuse(WHICH))?;
    let person = id_token_hint::find_person(&ctx.core, &owner, &claims).await?;
    match person.filter(|person| person.is_active) {
        Some(_) => Ok(claims.sub.into_owned()),
        None => Err(refuse(WHICH)),
    }
}

/// §4.4: where the subject's token names who may act, nobody else may.
fn check_may_act(core: &Core, subject: &Subject, actor: &str) -> Result<(), TokenError> {
    let Some(may_act) = &subject.may_act else { return Ok(()) };
    let named = |name| may_act.get(name).map(|value| value.as_str().unwrap_or_default());
    let is_named = named("sub") == Some(actor) || named("client_id") == Some(actor);
    if is_named && named("iss").is_none_or(|issuer| issuer == core.grants().issuer()) {
        return Ok(());
    }
    let why = "the subject_token names somebody else who may act (may_act)";
    Err(OAuthError::invalid_request(why).into())
}

/// Who is told to act (§4.1): the newest actor outside, those before it inside.
fn act_of(
    policy: &TokenExchangePolicy,
    client: &Client,
    actor: Option<String>,
    before: Option<Value>,
) -> Result<Option<Value>, TokenError> {
    let actor = match actor {
        Some(actor) if policy.delegation => actor,
        Some(_) => {
            let why = "the client may not name an actor";
            return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, why).into());
        }
        None if policy.impersonation => return Ok(before),
        None => client.id.clone(),
    };
    if std::iter::successors(before.as_ref(), |act| act.get("act")).count() >= LONGEST_CHAIN {
        return Err(OAuthError::invalid_request("the chain of actors is too long").into());
    }
    let mut act = Map::new();
    act.insert("sub".to_owned(), actor.into());
    if let Some(before) = before {
        act.insert("act".to_owned(), before);
    }
    Ok(Some(Value::Object(act)))
}

/// Never more than the subject's token has, nor than the client may; `offline_access` would promise a refresh token.
fn narrow(subject: &ScopeSet, client: &ScopeSet, asked: Option<ScopeSet>) -> Result<ScopeSet, TokenError> {
    let mut most = subject.intersect(client);
    most.remove(&Scope::OFFLINE_ACCESS);
    match asked {
        None => Ok(most),
        Some(asked) if asked.is_subset(&most) => Ok(asked),
        Some(_) => Err(TokenError::invalid_scope("more than the subject_token has, or than the client may have")),
    }
}

/// A claim of a JWT that was verified.
fn claim_of(jwt: &str, name: &str) -> Option<Value> {
    let payload = URL_SAFE_NO_PAD.decode(jwt.split('.').nth(1)?).ok()?;
    let mut claims: Map<String, Value> = serde_json::from_slice(&payload).ok()?;
    claims.remove(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_read_from_a_verified_token() {
        let jwt = format!("h.{}.s", URL_SAFE_NO_PAD.encode(r#"{"may_act":{"sub":"svc"}}"#));
        assert_eq!(claim_of(&jwt, "may_act"), Some(serde_json::json!({ "sub": "svc" })));
        assert_eq!(claim_of(&jwt, "act"), None);
        assert_eq!(claim_of("ost_at_x", "act"), None);
    }
}
