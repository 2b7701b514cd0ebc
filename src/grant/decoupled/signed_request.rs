//! Signed backchannel authentication requests (CIBA §7.1.1, FAPI-CIBA §5.2.2).

use serde_json::{Map, Value};

use crate::{
    client::{Client, find_keys},
    clock::Timestamp,
    core::Ctx,
    grant::{
        tokens::TokenError,
        used_ids::{IdKind, use_once},
    },
    protocol::{ForeignClaims, ForeignJws, OAuthError, SigningAlg, jwt::JwtError},
};

/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 30;
/// How long a request may be good for, and how old it may be, in seconds (FAPI-CIBA §5.2.2).
const LONGEST: i64 = 60 * 60;
/// Longest `jti`, bytes.
const MAX_JTI: usize = 256;

/// Verifies a request of `client` and hands out its claims, once.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_request`, the error that CIBA §13 has for it.
pub(super) async fn read(ctx: &Ctx, client: &Client, text: &str) -> Result<Map<String, Value>, TokenError> {
    let jws = ForeignJws::parse(text).map_err(|error| refused(&error))?;
    let keys = find_keys(&ctx.core, client, jws.kid()).await.map_err(|error| refused(&error))?;
    let claims = jws.verify(&keys, &algorithms(client)).map_err(|error| refused(&error))?;
    let read = ForeignClaims::new(claims).map_err(|error| refused(&error))?;
    let now = ctx.now().as_secs();
    let jti = check(&read, client, ctx.core.grants().issuer(), now)?;
    let until = Timestamp::from_secs(read.exp().unwrap_or(now).saturating_add(LEEWAY));
    if !use_once(&ctx.core, IdKind::RequestObject, &client.id, jti, until).await? {
        return Err(OAuthError::invalid_request("the request object was used before (jti)").into());
    }
    Ok(claims.clone())
}

/// The registered algorithm and no other; without one, those of the client's profile. Shared secrets sign nothing here
/// (CIBA §4).
fn algorithms(client: &Client) -> Vec<SigningAlg> {
    match client.settings.backchannel_request_signing_alg {
        Some(alg) => vec![alg],
        None => SigningAlg::ASYMMETRIC.iter().copied().filter(|alg| client.settings.accepts_alg(*alg)).collect(),
    }
}

/// All that must be there, and nothing that is good for too long. The `jti`.
fn check<'a>(claims: &ForeignClaims<'a>, client: &Client, issuer: &str, now: i64) -> Result<&'a str, OAuthError> {
    let wrong = |why: &'static str| OAuthError::invalid_request(format!("request object: {why}"));
    if claims.required_str("iss").ok() != Some(client.id.as_str()) {
        return Err(wrong("iss must be the client_id"));
    }
    if !claims.audiences().contains(&issuer) {
        return Err(wrong("aud must hold our issuer identifier"));
    }
    let (Some(exp), Some(_), Some(nbf)) = (claims.exp(), claims.iat(), claims.nbf()) else {
        return Err(wrong("exp, iat and nbf must be there"));
    };
    claims.check_times(now, LEEWAY).map_err(|error| match error {
        JwtError::Expired => wrong("exp has passed"),
        _ => wrong("nbf or iat lies in the future"),
    })?;
    if exp > now.saturating_add(LONGEST + LEEWAY) || exp.saturating_sub(nbf) > LONGEST {
        return Err(wrong("exp must be at most 60 minutes after nbf"));
    }
    if nbf < now.saturating_sub(LONGEST + LEEWAY) {
        return Err(wrong("nbf must be at most 60 minutes ago"));
    }
    let jti = claims.required_str("jti").ok().filter(|jti| jti.len() <= MAX_JTI);
    jti.ok_or_else(|| wrong("jti must be there, with at most 256 bytes"))
}

fn refused(why: &dyn std::fmt::Display) -> OAuthError {
    OAuthError::invalid_request(format!("request object: {why}"))
}
