//! What a token is (RFC 7662, D6).

use std::sync::Arc;

use crate::{
    client::Client,
    core::Ctx,
    error::Internal,
    protocol::{Introspection, TokenTypeHint},
    secret::SecretString,
};

/// A client asks about a token.
#[derive(Debug)]
pub struct Introspect {
    /// The client, authenticated; never a public one.
    pub client: Arc<Client>,
    /// The token.
    pub token: SecretString,
    /// What the client believes it to be.
    pub hint: Option<TokenTypeHint>,
}

/// What was found.
#[derive(Debug)]
pub enum Introspected {
    /// Unknown, ended, or not the caller's business.
    Inactive,
}

impl Introspected {
    /// The answer of the introspection endpoint (RFC 7662 §2.2).
    pub fn to_response(&self) -> Introspection<'_> {
        todo!()
    }
}

/// Looks at a token for a client.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn introspect(ctx: &Ctx, cmd: Introspect) -> Result<Introspected, Internal> {
    todo!("{ctx:?} {cmd:?}")
}
