//! Client assertions: `private_key_jwt` and `client_secret_jwt` (RFC 7523 §3, OIDC Core §9, D4).
//!
//! The signature is judged first. What is wrong besides is told only to who could sign: that is the client, and its
//! developer needs to know. Others learn no more than that they were not believed.

use std::time::Duration;

use super::{Client, authenticate_client::AuthenticateClientError, keys::find_keys};
use crate::{
    clock::Timestamp,
    core::Ctx,
    grant::used_ids::{IdKind, use_once},
    id::ClientSecretId,
    protocol::{ForeignClaims, ForeignJws, ForeignKeys, SigningAlg, TokenEndpointAuthMethod, metadata::path},
};

/// How long after its `exp` an assertion is still taken, in seconds: clocks differ.
const LATE: i64 = 5;
/// How far `iat` and `nbf` may be in the future, in seconds (FAPI 2.0 Security Profile §5.3.2.1: ten must be accepted,
/// more than sixty refused).
const EARLY: i64 = 60;
/// How far ahead `exp` may be, in seconds: as long as that the `jti` has to be remembered.
const LONGEST: i64 = 600;
/// Longest `jti`, in bytes.
const MAX_ID_BYTES: usize = 512;

/// What is wrong about an assertion that the client did sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionProblem {
    /// A claim is of another form than RFC 7519 §4.1 says.
    #[error("a registered claim is not well-formed")]
    Claims,
    /// RFC 7523 §3: who issues it and whom it is about are the same client.
    #[error("iss and sub must be the client_id")]
    Issuer,
    /// RFC 7523 §3: it must be meant for us.
    #[error("aud must be the issuer of this server")]
    Audience,
    /// RFC 7523 §3: it must end.
    #[error("exp is missing")]
    NoExpiry,
    /// It ends too late: so long nobody remembers its `jti`.
    #[error("exp is more than ten minutes ahead")]
    TooLong,
    /// RFC 7523 §3: it has ended.
    #[error("exp has passed")]
    Expired,
    /// RFC 7523 §3: it does not count yet.
    #[error("nbf or iat is in the future")]
    NotYet,
    /// OIDC Core §9: it must have a name of its own.
    #[error("jti is missing or too long")]
    NoId,
    /// RFC 7523 §3: it was used before.
    #[error("jti was used before")]
    Replayed,
}

/// Checks that `client` signed this assertion, for us, just now, and for the first time. `endpoint` is the one called. The
/// secret it signed with, if it was one.
///
/// # Errors
/// [`AuthenticateClientError::Refused`] when it did not sign it; [`AuthenticateClientError::Assertion`] for the rest.
pub(super) async fn verify(
    ctx: &Ctx,
    client: &Client,
    assertion: &ForeignJws,
    endpoint: &str,
) -> Result<Option<ClientSecretId>, AuthenticateClientError> {
    let (claims, secret) = verified(ctx, client, assertion).await?;
    let claims = ForeignClaims::new(claims).map_err(|_| AssertionProblem::Claims)?;
    let id = client.id.as_str();
    let (iss, sub) = (claims.required_str("iss"), claims.required_str("sub"));
    if iss != Ok(id) || sub != Ok(id) {
        return Err(AssertionProblem::Issuer.into());
    }
    if !is_for_us(ctx, client, &claims, endpoint) {
        return Err(AssertionProblem::Audience.into());
    }
    let now = ctx.now().as_secs();
    let exp = claims.exp().ok_or(AssertionProblem::NoExpiry)?;
    if now.saturating_sub(LATE) >= exp {
        return Err(AssertionProblem::Expired.into());
    }
    if exp > now + LONGEST + LATE {
        return Err(AssertionProblem::TooLong.into());
    }
    if [claims.nbf(), claims.iat()].into_iter().flatten().any(|moment| moment > now + EARLY) {
        return Err(AssertionProblem::NotYet.into());
    }
    let jti = claims.required_str("jti").ok().filter(|jti| jti.len() <= MAX_ID_BYTES);
    let jti = jti.ok_or(AssertionProblem::NoId)?;
    let until = Timestamp::from_secs(exp) + Duration::from_secs(LATE.unsigned_abs());
    if use_once(&ctx.core, IdKind::ClientAssertion, id, jti, until).await? {
        Ok(secret)
    } else {
        tracing::warn!(client = id, "a client assertion came back");
        Err(AssertionProblem::Replayed.into())
    }
}

/// The claims, if the client signed them in the way it is registered with; and the secret, where it is one.
async fn verified<'a>(
    ctx: &Ctx,
    client: &Client,
    assertion: &'a ForeignJws,
) -> Result<(&'a serde_json::Map<String, serde_json::Value>, Option<ClientSecretId>), AuthenticateClientError> {
    let allowed = allowed_algs(client);
    let with = |keys: &ForeignKeys| assertion.verify(keys, &allowed);
    let found = if client.settings.auth_method == TokenEndpointAuthMethod::ClientSecretJwt {
        // Two secrets are live while they are rotated.
        let secrets = client.shared_secrets(&ctx.core, ctx.now());
        secrets.iter().find_map(|secret| {
            let claims = with(&ForeignKeys::from_secret(secret)).ok()?;
            Some((claims, client.find_secret(secret.expose(), ctx.now())))
        })
    } else {
        match find_keys(&ctx.core, client, assertion.kid()).await {
            Ok(keys) => with(&keys).ok().map(|claims| (claims, None)),
            Err(cause) => {
                tracing::warn!(client = client.id, %cause, "the keys of a client cannot be used");
                None
            }
        }
    };
    found.ok_or(AuthenticateClientError::Refused)
}

/// What the client may sign with: what it is registered with, or else all that its method and profile leave.
fn allowed_algs(client: &Client) -> Vec<SigningAlg> {
    let settings = &client.settings;
    let by_secret = settings.auth_method.signs_with_secret();
    let offered = SigningAlg::ALL.iter().copied().filter(|alg| alg.is_symmetric() == by_secret);
    offered
        .filter(|&alg| settings.token_endpoint_auth_signing_alg.is_none_or(|registered| registered == alg))
        .filter(|&alg| by_secret || settings.accepts_alg(alg))
        .collect()
}

/// OIDC Core §9 wants the token endpoint's URL or another name of ours; RFC 7523bis and FAPI 2.0 Security Profile
/// §5.3.2.1 only the issuer, as plain text, since a name that another server could share lets it use the assertion here.
fn is_for_us(ctx: &Ctx, client: &Client, claims: &ForeignClaims<'_>, endpoint: &str) -> bool {
    let issuer = ctx.core.grants().issuer();
    let audiences = claims.audiences();
    if client.settings.profile.is_some() {
        return !claims.aud_is_array() && audiences.as_slice() == [issuer];
    }
    let token_endpoint = ctx.config().url(path::TOKEN);
    audiences.iter().any(|&audience| audience == issuer || audience == endpoint || audience == token_endpoint)
}

impl From<AssertionProblem> for AuthenticateClientError {
    fn from(problem: AssertionProblem) -> Self {
        Self::Assertion(problem)
    }
}
