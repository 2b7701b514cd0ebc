//! What the token endpoint answers: tokens, or why not.

use super::AuthorizationRefused;
use crate::{
    error::Internal,
    limits::TooMany,
    protocol::{AccessTokenType, Confirmation, OAuthError, OAuthErrorCode, ScopeSet, TokenResponse},
    secret::PlainToken,
};

/// Tokens, in the clear for the only time. `Debug` is left out on purpose.
pub struct IssuedTokens {
    /// A JWT (RFC 9068) or a handle (D6).
    pub access_token: String,
    /// What it is bound to; a key makes it a DPoP token.
    pub confirmation: Confirmation,
    /// How long it lasts from now, in seconds.
    pub expires_in: i64,
    /// The refresh token, when one is issued.
    pub refresh_token: Option<PlainToken>,
    /// The ID token, when `openid` is granted.
    pub id_token: Option<String>,
    /// What was granted.
    pub scope: ScopeSet,
    /// What was granted in detail (RFC 9396 §7).
    pub authorization_details: Vec<serde_json::Value>,
    /// What kind of token a token exchange made (RFC 8693 §2.2.1); none for all other grants.
    pub issued_token_type: Option<&'static str>,
}

impl IssuedTokens {
    /// The answer of the token endpoint (RFC 6749 §5.1).
    pub fn to_response(&self) -> TokenResponse<'_> {
        TokenResponse {
            access_token: &self.access_token,
            token_type: if self.confirmation.jkt.is_some() { AccessTokenType::Dpop } else { AccessTokenType::Bearer },
            expires_in: self.expires_in,
            refresh_token: self.refresh_token.as_ref().map(PlainToken::expose),
            id_token: self.id_token.as_deref(),
            scope: &self.scope,
            authorization_details: &self.authorization_details,
            issued_token_type: self.issued_token_type,
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
    /// Too many requests from this address (RFC 9126 §2.3: 429).
    #[error(transparent)]
    TooMany(#[from] TooMany),
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

/// What the person would have been shown, told to a client that speaks for itself (RFC 9126 §2.3).
impl From<AuthorizationRefused> for TokenError {
    fn from(refused: AuthorizationRefused) -> Self {
        match refused {
            AuthorizationRefused::Untrusted { error, description, .. } => {
                Self::Refused(OAuthError::new(error, description))
            }
            AuthorizationRefused::Gone => Self::Refused(OAuthError::bare(OAuthErrorCode::InvalidRequest)),
            AuthorizationRefused::TooMany(limit) => Self::TooMany(limit),
            AuthorizationRefused::Internal(error) => Self::Internal(error),
        }
    }
}
