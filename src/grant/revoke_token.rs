//! A client gives a token back (RFC 7009, D6).

use std::sync::Arc;

use crate::{client::Client, core::Ctx, error::Internal, protocol::TokenTypeHint, secret::SecretString};

/// A client wants a token to end.
#[derive(Debug)]
pub struct Revoke {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The token.
    pub token: SecretString,
    /// What the client believes it to be.
    pub hint: Option<TokenTypeHint>,
}

/// Ends a token of the client that asks: a refresh token with its whole family, an access token alone. A token that is
/// unknown or somebody else's is answered the same way (RFC 7009 §2.2).
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn revoke(ctx: &Ctx, cmd: Revoke) -> Result<(), Internal> {
    todo!("{ctx:?} {cmd:?}")
}
