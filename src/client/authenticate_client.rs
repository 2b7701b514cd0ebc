//! A client proves itself (RFC 6749 §2.3, D4).

use std::sync::Arc;

use super::{Client, find_client};
use crate::{core::Ctx, error::Internal, protocol::ClientCredentials};

/// Why a client was not believed.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateClientError {
    /// Unknown client, wrong secret or wrong method: the answer does not tell which (`invalid_client`).
    #[error("the client could not be authenticated")]
    Refused,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Checks who a client is. It must use the method it is registered with; a system client cannot be used at all.
///
/// Failures are logged, not put on record: anybody can cause any number of them.
///
/// # Errors
/// [`AuthenticateClientError`]
pub async fn authenticate_client(
    ctx: &Ctx,
    credentials: &ClientCredentials,
) -> Result<Arc<Client>, AuthenticateClientError> {
    let found = find_client(&ctx.core, credentials.client_id()).await?;
    let client = found.filter(|client| {
        let proved = match credentials {
            ClientCredentials::Basic { secret, .. } | ClientCredentials::Post { secret, .. } => {
                client.has_secret(secret.expose(), ctx.now())
            }
            ClientCredentials::None { .. } => true,
        };
        proved && credentials.method() == client.settings.auth_method && !client.is_system
    });
    client.ok_or_else(|| {
        tracing::warn!(method = %credentials.method(), "a client could not be authenticated");
        AuthenticateClientError::Refused
    })
}
