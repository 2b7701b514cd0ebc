//! Trading a refresh token for new tokens (RFC 6749 §6, D3).

use std::sync::Arc;

use super::tokens::{IssuedTokens, TokenError};
use crate::{client::Client, core::Ctx, protocol::ScopeSet, secret::SecretString};

/// A client hands in a refresh token.
#[derive(Debug)]
pub struct Refresh {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The refresh token.
    pub refresh_token: SecretString,
    /// A narrower scope for the new access token; none to keep what was granted.
    pub scope: Option<ScopeSet>,
}

/// Rotates a refresh token.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every token that is not this client's and live, `invalid_scope` for
/// more than was granted.
pub async fn refresh(ctx: &Ctx, cmd: Refresh) -> Result<IssuedTokens, TokenError> {
    todo!("{ctx:?} {cmd:?}")
}
