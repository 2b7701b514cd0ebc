//! The userinfo endpoint (OIDC Core §5.3, D6).

use serde_json::{Map, Value};

use super::{access::find_with_family, claims, messages, subject::subject_of};
use crate::{
    client::{Client, find_client},
    core::{Core, Ctx},
    error::Internal,
    protocol::{Scope, TokenType},
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

/// Why there are no claims.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// The token is not one of ours, has ended, or is not about a person: `invalid_token` (RFC 6750 §3.1).
    #[error("the access token is unknown, expired or revoked")]
    InvalidToken,
    /// The token was not issued for `openid`: `insufficient_scope`.
    #[error("the access token was not issued for openid")]
    InsufficientScope,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What the bearer of an access token may know about its person, as it is now. The token must be for us: one that was
/// issued for another resource only cannot be spent here by that resource.
///
/// # Errors
/// [`UserInfoError`]
pub async fn user_info(ctx: &Ctx, access_token: &str) -> Result<UserInfo, UserInfoError> {
    let core = &ctx.core;
    let found = find_with_family(core, access_token).await?;
    let (token, family) = found.ok_or(UserInfoError::InvalidToken)?;
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
    for (name, value) in claims::of_person(&family.person, &names).iter() {
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
