//! Trading a code for tokens (RFC 6749 §4.1.3, D2).

use std::sync::Arc;

use super::tokens::{IssuedTokens, TokenError};
use crate::{client::Client, core::Ctx, protocol::CodeVerifier, secret::SecretString};

/// A client hands in a code.
#[derive(Debug)]
pub struct ExchangeCode {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The code.
    pub code: SecretString,
    /// The redirect URI of the authorization request, repeated.
    pub redirect_uri: Option<String>,
    /// The PKCE verifier.
    pub code_verifier: Option<CodeVerifier>,
}

/// Trades a code, once.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every code that is not this client's, live and unused.
pub async fn exchange_code(ctx: &Ctx, cmd: ExchangeCode) -> Result<IssuedTokens, TokenError> {
    todo!("{ctx:?} {cmd:?}")
}
