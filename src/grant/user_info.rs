//! The userinfo endpoint (OIDC Core §5.3, D6).

use serde::Serialize;
use serde_json::{Map, Value};

use super::{access::find_with_family, claims};
use crate::{client::find_client, core::Ctx, error::Internal, protocol::Scope};

/// Claims about the person, `sub` among them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UserInfo(pub Map<String, Value>);

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
    answer.insert("sub".to_owned(), Value::from(family.person.user_id.to_string()));
    for (name, value) in claims::of_person(&family.person, &names).iter() {
        answer.insert(name.clone(), value.clone());
    }
    Ok(UserInfo(answer))
}
