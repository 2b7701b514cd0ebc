//! Request objects (RFC 9101): a request that the client signed, so that nobody on the way can change it, and that is
//! believed to come from the client itself.
//!
//! An object is taken by value, in `request`, at the authorization endpoint and at the PAR endpoint. One that lies on a page
//! of the client's is not fetched (`request_uri` refers to pushed requests only): PAR does the same without a request that
//! somebody else can make us send. An unsigned one says nothing and is always refused.
//!
//! Only what stands in the object counts (§6.3): nothing outside of it is merged in, whatever OIDC Core §6.1 used to allow,
//! because what can be added outside can be added by anybody. `client_id` must be outside as well at the authorization
//! endpoint, and the same. The object must be by the client (`iss`) and for us (`aud`). A client of a security profile also
//! keeps to FAPI 2.0 Message Signing §5.3: `nbf` and `exp`, an hour at most, and no `jti` twice.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    tokens::TokenError,
    used_ids::{IdKind, use_once},
};
use crate::{
    client::{Client, find_keys},
    clock::Timestamp,
    core::{Core, Ctx},
    error::Internal,
    protocol::{
        ForeignClaims, ForeignJws, ForeignKeys, JwtError, OAuthError, OAuthErrorCode, Params, SigningAlg,
        request_object::{is_unsigned, to_params},
    },
};

/// How far the clocks of a client and ours may differ, in seconds (FAPI 2.0 Security Profile §5.3.2.1: 10, and never 60).
const LEEWAY: i64 = 10;
/// How long an object may live, and how old it may be, for a client of a security profile; in seconds.
const LONGEST: i64 = 60 * 60;

/// The parameters of a request: those of its object if it has one.
///
/// # Errors
/// `invalid_request_object`; also for a request without object by a client that must sign (§10.5).
pub(super) async fn read(ctx: &Ctx, client: &Client, params: &Params) -> Result<Option<Params>, TokenError> {
    let Some(text) = params.single("request").map_err(OAuthError::from)? else {
        if client.settings.requires_signed_requests() {
            return Err(refuse("the client's requests must be signed request objects").into());
        }
        return Ok(None);
    };
    // §5: one or the other.
    if params.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request("request and request_uri cannot be together").into());
    }
    if is_unsigned(text) {
        return Err(refuse("an unsigned request object is not accepted").into());
    }
    let jws = ForeignJws::parse(text).map_err(|cause| refuse(format!("request: {cause}")))?;
    if !matches!(jws.typ(), None | Some("jwt" | "oauth-authz-req+jwt")) {
        return Err(refuse("request: typ must be oauth-authz-req+jwt").into());
    }
    let claims = verified(&ctx.core, client, &jws).await?;
    check(&ctx.core, client, claims).await?;
    let mut inner = to_params(claims).map_err(|cause| refuse(format!("request: {cause}")))?;
    match inner.get("client_id") {
        Some(named) if named == client.id => {}
        Some(_) => return Err(refuse("request: client_id is another one inside than outside").into()),
        // `iss` says the same.
        None => inner.push("client_id", &client.id),
    }
    Ok(Some(inner))
}

/// Whether what was refused is an object without a signature: the authorization endpoint says so with a code of its own
/// (OIDC Core §3.1.2.6).
pub(super) fn is_without_signature(params: &Params) -> bool {
    params.get("request").is_some_and(is_unsigned)
}

fn refuse(why: impl Into<std::borrow::Cow<'static, str>>) -> OAuthError {
    OAuthError::new(OAuthErrorCode::InvalidRequestObject, why)
}

/// The claims, once the client's signature is verified (§6.2).
async fn verified<'a>(core: &Core, client: &Client, jws: &'a ForeignJws) -> Result<&'a Map<String, Value>, TokenError> {
    let settings = &client.settings;
    let accepted: BTreeSet<_> = match settings.request_object_signing_alg {
        Some(alg) => [alg].into(),
        None => SigningAlg::ASYMMETRIC.iter().copied().collect(),
    };
    let accepted: Vec<_> = accepted.into_iter().filter(|alg| settings.accepts_alg(*alg)).collect();
    if !accepted.contains(&jws.alg()) {
        return Err(refuse(format!("request: the client's objects are not to be signed with {}", jws.alg())).into());
    }
    let refused = |cause: JwtError| TokenError::from(refuse(format!("request: {cause}")));
    if jws.alg().is_symmetric() {
        let secrets = client.shared_secrets(core, core.now());
        let verify = |secret| jws.verify(&ForeignKeys::from_secret(secret), &accepted).ok();
        return secrets.iter().find_map(verify).ok_or_else(|| refused(JwtError::Signature));
    }
    match find_keys(core, client, jws.kid()).await {
        Ok(keys) => jws.verify(&keys, &accepted).map_err(refused),
        Err(cause) => Err(refuse(format!("request: {cause}")).into()),
    }
}

/// Whose it is, for whom, and when (§4, §5, §6.2; FAPI 2.0 Message Signing §5.3).
async fn check(core: &Core, client: &Client, claims: &Map<String, Value>) -> Result<(), TokenError> {
    let refused = |cause: JwtError| refuse(format!("request: {cause}"));
    let read = ForeignClaims::new(claims).map_err(refused)?;
    if read.str("iss").map_err(refused)? != Some(client.id.as_str()) {
        return Err(refuse("request: iss is not the client").into());
    }
    if !read.audiences().contains(&core.grants().issuer()) {
        return Err(refuse("request: aud is not this issuer").into());
    }
    for name in ["request", "request_uri"] {
        if claims.contains_key(name) {
            return Err(refuse(format!("request: {name} cannot be within a request object")).into());
        }
    }
    let now = core.now().as_secs();
    read.check_times(now, LEEWAY).map_err(refused)?;
    if client.settings.profile.is_none() {
        return Ok(());
    }
    let (Some(nbf), Some(exp)) = (read.nbf(), read.exp()) else {
        return Err(refuse("request: nbf and exp must be there").into());
    };
    if exp.saturating_sub(nbf) > LONGEST || now.saturating_sub(nbf) > LONGEST {
        return Err(refuse("request: it may live, and be, no older than 60 minutes").into());
    }
    let Some(jti) = read.str("jti").map_err(refused)? else { return Ok(()) };
    if is_first(core, client, jti, exp).await? {
        Ok(())
    } else {
        Err(refuse("request: its jti was used before").into())
    }
}

async fn is_first(core: &Core, client: &Client, jti: &str, exp: i64) -> Result<bool, Internal> {
    let expires_at = Timestamp::from_secs(exp.saturating_add(LEEWAY));
    use_once(core, IdKind::RequestObject, &client.id, jti, expires_at).await
}
