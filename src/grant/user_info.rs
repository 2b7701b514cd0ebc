//! The userinfo endpoint (OIDC Core §5.3, D6).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{core::Ctx, error::Internal};

/// Claims about the person, `sub` among them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UserInfo(pub Map<String, Value>);

/// Why there are no claims.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// The token is not one of ours, or has ended: `invalid_token` (RFC 6750 §3.1).
    #[error("the access token is unknown, expired or revoked")]
    InvalidToken,
    /// The token was not issued for `openid`: `insufficient_scope`.
    #[error("the access token was not issued for openid")]
    InsufficientScope,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What the bearer of an access token may know about its person.
///
/// # Errors
/// [`UserInfoError`]
pub async fn user_info(ctx: &Ctx, access_token: &str) -> Result<UserInfo, UserInfoError> {
    todo!("{ctx:?} {}", access_token.len())
}
