//! The userinfo endpoint (OIDC Core §5.3, D6).

use serde_json::{Map, Value};

use super::{
    access::find_with_family,
    claims,
    dpop::{ProofError, use_proof},
    messages, place,
    subject::subject_of,
};
use crate::{
    client::{Client, find_client},
    core::{Core, Ctx},
    error::Internal,
    protocol::{AccessTokenType, Confirmation, PresentedCertificate, Scope, TokenType, dpop::DpopProof},
};

/// Claims about the person, `sub` among them, in the form that the client is registered with.
#[derive(Clone, PartialEq)]
pub enum UserInfo {
    /// As they are: `application/json`.
    Claims(Map<String, Value>),
    /// Signed, encrypted, or both: `application/jwt` (OIDC Core §5.3.2).
    Jwt(String),
}

impl UserInfo {
    /// The claims, where they can be read.
    pub fn claims(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Claims(claims) => Some(claims),
            Self::Jwt(_) => None,
        }
    }
}

impl std::fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Claims(_) => "Claims(…)",
            Self::Jwt(_) => "Jwt(…)",
        })
    }
}

/// Somebody shows an access token and wants to know whose it is.
#[derive(Debug)]
pub struct GetUserInfo<'a> {
    /// The token.
    pub access_token: &'a str,
    /// How it was presented.
    pub scheme: AccessTokenType,
    /// The proof beside it, verified for this request and token but not yet used up.
    pub proof: Option<DpopProof>,
    /// The certificate of the connection.
    pub certificate: Option<&'a PresentedCertificate>,
}

/// Why there are no claims.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// The token is not one of ours, has ended, or is not about a person: `invalid_token` (RFC 6750 §3.1).
    #[error("the access token is unknown, expired or revoked")]
    InvalidToken,
    /// The token was not issued for `openid`: `insufficient_scope`.
    #[error("the access token was not issued for openid")]
    InsufficientScope,
    /// The token is bound, and not to what the request proves (RFC 8705 §3, RFC 9449 §7.1): `invalid_token`.
    #[error("the access token is bound to a key or certificate that the request does not prove")]
    NotTheirs,
    /// The proof was used before: `invalid_dpop_proof`.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// RFC 9449 §7.1, §7.2: a token is presented as what it is, so that a stolen one is of no use without its key.
fn check_binding(cnf: &Confirmation, cmd: &GetUserInfo<'_>) -> Result<(), UserInfoError> {
    let is_right = match (&cnf.jkt, cmd.scheme) {
        (None, AccessTokenType::Bearer) => true,
        (Some(jkt), AccessTokenType::Dpop) => cmd.proof.as_ref().is_some_and(|proof| proof.jkt == *jkt),
        (None, AccessTokenType::Dpop) | (Some(_), AccessTokenType::Bearer) => false,
    };
    let is_certificate = match &cnf.x5t_s256 {
        None => true,
        Some(bound_to) => cmd.certificate.is_some_and(|certificate| certificate.thumbprint() == *bound_to),
    };
    if is_right && is_certificate { Ok(()) } else { Err(UserInfoError::NotTheirs) }
}

/// What the bearer of an access token may know about its person, as it is now. The token must be for us: one that was
/// issued for another resource only cannot be spent here by that resource.
///
/// # Errors
/// [`UserInfoError`]
pub async fn user_info(ctx: &Ctx, cmd: GetUserInfo<'_>) -> Result<UserInfo, UserInfoError> {
    let core = &ctx.core;
    let found = find_with_family(core, cmd.access_token).await?;
    let (token, family) = found.ok_or(UserInfoError::InvalidToken)?;
    check_binding(&token.claims.cnf, &cmd)?;
    // Only now: whoever has no token cannot make us remember proofs.
    if let Some(proof) = &cmd.proof {
        use_proof(core, proof).await?;
    }
    let scope = &token.claims.scope;
    if !scope.contains(&Scope::OPENID) {
        return Err(UserInfoError::InsufficientScope);
    }
    let client = find_client(core, &family.client_id).await?.ok_or(UserInfoError::InvalidToken)?;
    if !token.claims.aud.contains(core.grants().issuer()) {
        return Err(UserInfoError::InvalidToken);
    }
    let names = claims::released(&family.details.0, scope, client.settings.lean_id_token).userinfo;
    let mut answer = Map::new();
    answer.insert("sub".to_owned(), Value::from(subject_of(core, &client, family.person.user_id)));
    let mut told = claims::of_person(&family.person, &names);
    if scope.contains(&Scope::ORGANIZATION)
        && let Some(organization) =
            place::live_claims(core, family.person.user_id, family.details.0.organization).await?
    {
        organization.write(&mut told);
    }
    for (name, value) in told.iter() {
        answer.insert(name.clone(), value.clone());
    }
    Ok(in_form_for(core, &client, answer).await?)
}

/// Signs and encrypts as the client is registered (OIDC Core §5.3.2). There is no `exp` and no `iat`, so that it is never
/// taken for an ID token.
async fn in_form_for(core: &Core, client: &Client, mut claims: Map<String, Value>) -> Result<UserInfo, Internal> {
    let (alg, encryption) = (client.settings.userinfo_signed_response_alg, client.settings.userinfo_encryption);
    if alg.is_some() || encryption.is_some() {
        claims.insert("iss".to_owned(), core.grants().issuer().into());
        claims.insert("aud".to_owned(), client.id.as_str().into());
    }
    match (alg, encryption) {
        (None, None) => Ok(UserInfo::Claims(claims)),
        (Some(alg), encryption) => {
            let jwt = messages::sign(core, client, TokenType::Jwt, alg, &claims).await?;
            messages::encrypt_jwt(core, client, encryption, jwt).await.map(UserInfo::Jwt)
        }
        (None, Some(encryption)) => {
            let json = serde_json::to_vec(&claims).map_err(|cause| Internal::new("write userinfo", cause))?;
            messages::encrypt(core, client, encryption, &json, false).await.map(UserInfo::Jwt)
        }
    }
}
