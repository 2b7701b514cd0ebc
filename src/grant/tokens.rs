//! What the token endpoint answers: tokens, or why not.

use crate::{
    error::Internal,
    protocol::{BearerType, OAuthError, OAuthErrorCode, ScopeSet, TokenResponse},
    secret::PlainToken,
};

/// Tokens, in the clear for the only time. `Debug` is left out on purpose.
pub struct IssuedTokens {
    /// A JWT (RFC 9068).
    pub access_token: String,
    /// How long it lasts from now, in seconds.
    pub expires_in: i64,
    /// The refresh token, when one is issued.
    pub refresh_token: Option<PlainToken>,
    /// The ID token, when `openid` is granted.
    pub id_token: Option<String>,
    /// What was granted.
    pub scope: ScopeSet,
}

impl IssuedTokens {
    /// The answer of the token endpoint (RFC 6749 §5.1).
    pub fn to_response(&self) -> TokenResponse<'_> {
        TokenResponse {
            access_token: &self.access_token,
            token_type: BearerType::Bearer,
            expires_in: self.expires_in,
            refresh_token: self.refresh_token.as_ref().map(PlainToken::expose),
            id_token: self.id_token.as_deref(),
            scope: &self.scope,
        }
    }
}

impl std::fmt::Debug for IssuedTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedTokens").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Why no tokens were issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The request cannot be granted; the answer of RFC 6749 §5.2.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl TokenError {
    pub(crate) fn invalid_grant(description: &'static str) -> Self {
        Self::Refused(OAuthError::new(OAuthErrorCode::InvalidGrant, description))
    }

    pub(crate) fn invalid_scope(description: &'static str) -> Self {
        Self::Refused(OAuthError::new(OAuthErrorCode::InvalidScope, description))
    }
}
