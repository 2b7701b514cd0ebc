//! Tokens for what somebody trusted says about a person (RFC 7523 §2.1 and §3, D8).
//!
//! Whom a client may hand in assertions of, and how they name people, is registered with the client by an administrator;
//! that is the consent. Each assertion counts once. What it brings is a grant like any other, without a session: it is on
//! the person's record and ends when the person ends it, and no refresh token comes with it.

use std::sync::Arc;

use sqlx::types::Json;

use super::{
    aim::Aim,
    checks,
    details::GrantDetails,
    mint::{self, Mint},
    respond::SLACK,
    store::{
        grants::{self, FamilyRow, NewGrant},
        people::{self, PersonRow},
    },
    tokens::{IssuedTokens, TokenError},
    used_ids::{IdKind, use_once},
};
use crate::{
    audit::{self, AuditKind},
    client::{AssertionIssuer, AssertionSubject, Client, find_foreign_keys},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    protocol::{
        Confirmation, ForeignClaims, ForeignJws, GrantType, Issuer, OAuthError, OAuthErrorCode, Scope, ScopeSet,
        SigningAlg, TokenAim, jwt::JwtError, metadata::path,
    },
    secret::SecretString,
};

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 30;
/// How long an assertion may be good for, in seconds (RFC 7523 §3 lets us refuse those that expire unreasonably late).
const LONGEST: i64 = 60 * 60;
/// Longest `jti` and `sub`, bytes.
const MAX_TEXT: usize = 320;

/// A client hands in an assertion.
#[derive(Debug)]
pub struct JwtBearer {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The assertion.
    pub assertion: SecretString,
    /// What the client wants; there is no default.
    pub scope: Option<ScopeSet>,
    /// What the client proved to hold; the access token is bound to it.
    pub confirmation: Confirmation,
    /// What the access token is to be for.
    pub aim: TokenAim,
}

/// What a verified assertion says.
struct Asserted {
    person: PersonRow,
    /// When its issuer wrote it.
    at: Timestamp,
}

/// Trades an assertion, once.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every assertion that does not count, `invalid_scope`,
/// `invalid_target`.
pub async fn jwt_bearer(ctx: &Ctx, cmd: JwtBearer) -> Result<IssuedTokens, TokenError> {
    let JwtBearer { client, assertion, scope, confirmation, aim } = cmd;
    let core = &ctx.core;
    if !client.settings.allows(GrantType::JwtBearer) {
        return Err(OAuthError::bare(OAuthErrorCode::UnauthorizedClient).into());
    }
    let mut scope = checks::grantable(&client, scope.unwrap_or_default())?;
    scope.remove(&Scope::OFFLINE_ACCESS);
    let Asserted { person, at } = verify(ctx, &client, assertion.expose()).await?;
    let now = ctx.now();
    let ttl = client.settings.access_token_ttl(ctx.config().tokens.access_ttl);
    let family = FamilyRow {
        grant_id: ctx.new_id(),
        client_id: client.id.clone(),
        session_id: None,
        grant_stamp: person.user_stamp,
        scope: scope.to_string(),
        details: Json(GrantDetails {
            consented: scope.clone(),
            resources: aim.resources.clone(),
            auth_time: at,
            ..GrantDetails::default()
        }),
        grant_expires_at: now + ttl + SLACK,
        last_used_at: now,
        revoked_at: None,
        session_ended_at: None,
        person,
    };
    let aim = Aim::narrowed(core, &client, &family, &scope, &aim).await?;
    let mint = Mint {
        client: &client,
        family: &family,
        scope: &scope,
        aim: &aim,
        issued_at: now,
        unique: mint::unique(core),
        confirmation: &confirmation,
        beside: None,
    };
    let access_token = mint.access_token(core).await?;
    let told = serde_json::json!({ "grant": family.grant_id, "scope": aim.scope, "by": "jwt_bearer" });
    let entry = audit::Entry::about(AuditKind::TokensIssued, family.person.user_id);
    let grant = NewGrant {
        id: family.grant_id,
        client_id: family.client_id,
        user_id: family.person.user_id,
        session_id: None,
        stamp: family.grant_stamp,
        scope,
        details: family.details.0,
        now,
        expires_at: family.grant_expires_at,
    };

    let mut tx = core.db().write().await?;
    grants::insert(&mut tx, grant).await?;
    access_token.store(&mut tx).await?;
    audit::record(&mut tx, ctx, entry.with_client(&client.id).with_details(told)).await?;
    tx.commit().await?;
    Ok(IssuedTokens {
        expires_in: access_token.exp - now.as_secs(),
        access_token: access_token.text,
        confirmation,
        refresh_token: None,
        id_token: None,
        scope: aim.scope,
        authorization_details: aim.details,
        issued_token_type: None,
    })
}

fn refuse(why: &dyn std::fmt::Display) -> TokenError {
    OAuthError::new(OAuthErrorCode::InvalidGrant, format!("assertion: {why}")).into()
}

/// Whether the assertion counts, and for whom. Uses it up.
async fn verify(ctx: &Ctx, client: &Client, text: &str) -> Result<Asserted, TokenError> {
    let core = &ctx.core;
    let jws = ForeignJws::parse(text).map_err(|error| refuse(&error))?;
    let said = jws.unverified().get("iss").and_then(serde_json::Value::as_str);
    let issuer = client.settings.assertion_issuers.iter().find(|issuer| said == Some(issuer.issuer.as_str()));
    let issuer = issuer.ok_or_else(|| refuse(&"iss is nobody whose assertions the client may hand in"))?;
    let owner = format!("{} of {}", client.id, issuer.issuer);
    let keys = find_foreign_keys(core, &owner, issuer.jwks.as_ref(), issuer.jwks_uri.as_ref(), jws.kid()).await;
    let keys = keys.map_err(|error| refuse(&error))?;
    let algs: Vec<_> = SigningAlg::ASYMMETRIC.iter().copied().filter(|alg| client.settings.accepts_alg(*alg)).collect();
    let claims = jws.verify(&keys, &algs).map_err(|error| refuse(&error))?;
    let claims = ForeignClaims::new(claims).map_err(|error| refuse(&error))?;
    let now = ctx.now();
    let (subject, jti) = check(ctx, &claims, now.as_secs())?;
    let person = find_person(ctx, issuer, subject).await?;
    let person = person.filter(|person| person.is_active && person.deleted_at.is_none());
    let person = person.ok_or_else(|| refuse(&"sub is nobody who can be asked for"))?;
    let until = Timestamp::from_secs(claims.exp().unwrap_or_default().saturating_add(LEEWAY));
    if !use_once(core, IdKind::Assertion, &owner, jti, until).await? {
        return Err(refuse(&"it was used before (jti)"));
    }
    Ok(Asserted { person, at: claims.iat().map_or(now, Timestamp::from_secs).min(now) })
}

/// RFC 7523 §3: what must be there, and what it must say. `sub` and `jti`.
fn check<'a>(ctx: &Ctx, claims: &ForeignClaims<'a>, now: i64) -> Result<(&'a str, &'a str), TokenError> {
    let ours = ctx.core.grants().issuer();
    let issuer = Issuer::parse(ours).map_err(|cause| Internal::new("read server.public_url", cause))?;
    let token_endpoint = issuer.endpoint(path::TOKEN);
    if !claims.audiences().iter().any(|aud| *aud == ours || *aud == token_endpoint) {
        return Err(refuse(&"aud must be our issuer identifier or token endpoint"));
    }
    let exp = claims.exp().ok_or_else(|| refuse(&"exp is missing"))?;
    claims.check_times(now, LEEWAY).map_err(|error| match error {
        JwtError::Expired => refuse(&"exp has passed"),
        _ => refuse(&"nbf or iat lies in the future"),
    })?;
    if exp > now.saturating_add(LONGEST + LEEWAY) {
        return Err(refuse(&"exp is more than an hour away"));
    }
    let text = |name: &'static str| {
        let text = claims.required_str(name).ok().filter(|text| text.len() <= MAX_TEXT);
        text.ok_or_else(|| refuse(&format!("{name} is missing or too long")))
    };
    Ok((text("sub")?, text("jti")?))
}

async fn find_person(ctx: &Ctx, issuer: &AssertionIssuer, subject: &str) -> Result<Option<PersonRow>, Internal> {
    let mut conn = ctx.core.db().read().await?;
    match issuer.subject {
        AssertionSubject::UserId => match subject.parse() {
            Ok(id) => people::find(&mut conn, id).await,
            Err(_) => Ok(None),
        },
        AssertionSubject::Email => {
            let person = people::find_by_email(&mut conn, subject.trim().to_lowercase()).await?;
            Ok(person.filter(|person| person.email_verified_at.is_some()))
        }
    }
}
