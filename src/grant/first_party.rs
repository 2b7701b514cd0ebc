//! Tokens of our own REST API (D5, `/api/v1/auth/login`): the same machinery with the client `ostiary`.

use super::tokens::{IssuedTokens, TokenError};
use crate::{
    authz::Denied,
    core::{Core, Ctx, UserActor},
    error::Internal,
    secret::SecretString,
};

/// Why no tokens were issued.
#[derive(Debug, thiserror::Error)]
pub enum FirstPartyError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Issues an access token (24 h by default, with `sub`, `preferred_username`, `email`, `sid`) and a refresh token for
/// the session of the person who asks. Call it with the actor of a session that was just opened.
///
/// # Errors
/// [`FirstPartyError`]
pub async fn issue_first_party_tokens(ctx: &Ctx) -> Result<IssuedTokens, FirstPartyError> {
    todo!("{ctx:?}")
}

/// Rotates a refresh token of our own REST API (D3).
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every token that is not live, or not of our own API.
pub async fn refresh_first_party(ctx: &Ctx, refresh_token: SecretString) -> Result<IssuedTokens, TokenError> {
    todo!("{ctx:?} {refresh_token:?}")
}

/// The person behind a bearer token of our own REST API; none when it is not one, or has ended. Tokens issued to
/// applications are none: they are for other audiences.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn authenticate_first_party(core: &Core, token: &str) -> Result<Option<UserActor>, Internal> {
    todo!("{core:?} {}", token.len())
}
