//! Tokens for an application itself (RFC 6749 §4.4, RFC 9068). Nothing is read from the database and nothing written.

use std::sync::Arc;

use super::tokens::{IssuedTokens, TokenError};
use crate::{client::Client, core::Ctx, protocol::ScopeSet};

/// A client asks for a token of its own.
#[derive(Debug)]
pub struct ClientCredentialsGrant {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// What it asks for; none for everything it may.
    pub scope: Option<ScopeSet>,
    /// The audiences it asks for, of those it is registered with; empty for all of them.
    pub audience: Vec<String>,
}

/// Issues an access token to the client itself.
///
/// # Errors
/// [`TokenError::Refused`] with `unauthorized_client`, `invalid_scope` or `invalid_target`.
pub async fn client_credentials(ctx: &Ctx, cmd: ClientCredentialsGrant) -> Result<IssuedTokens, TokenError> {
    todo!("{ctx:?} {cmd:?}")
}
