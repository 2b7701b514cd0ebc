//! A client proves itself (RFC 6749 §2.3, D4).

use std::sync::Arc;

pub use super::client_assertion::AssertionProblem;
use super::{Client, client_assertion, client_certificate, find_client, registration};
use crate::{
    core::Ctx,
    error::Internal,
    id::ClientSecretId,
    protocol::{ClientCredentials, TokenEndpointAuthMethod, certificate::PresentedCertificate},
};

/// What somebody shows to be taken for a client.
#[derive(Clone, Copy, Debug)]
pub struct AuthenticateClient<'a> {
    /// What the request carries.
    pub credentials: &'a ClientCredentials,
    /// The URL of the endpoint that is called: an assertion may be meant for it (OIDC Core §9).
    pub endpoint: &'a str,
    /// The certificate of the connection, if it has one (RFC 8705 §2).
    pub certificate: Option<&'a PresentedCertificate>,
}

/// Why a client was not believed; `invalid_client` in any case.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateClientError {
    /// Unknown client, wrong secret, key or method: the answer does not tell which.
    #[error("the client could not be authenticated")]
    Refused,
    /// It did sign its assertion, but the assertion does not count.
    #[error("client_assertion: {0}")]
    Assertion(AssertionProblem),
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
    cmd: AuthenticateClient<'_>,
) -> Result<Arc<Client>, AuthenticateClientError> {
    let credentials = cmd.credentials;
    let found = find_client(&ctx.core, credentials.client_id()).await?.filter(|client| !client.is_system);
    let proved = match &found {
        Some(client) => prove(ctx, client, cmd).await,
        None => Err(AuthenticateClientError::Refused),
    };
    if let Err(AuthenticateClientError::Refused | AuthenticateClientError::Assertion(_)) = &proved {
        tracing::warn!(method = %credentials.method(), "a client could not be authenticated");
    }
    let secret = proved?;
    let client = found.ok_or(AuthenticateClientError::Refused)?;
    registration::note_use(ctx, &client).await?;
    Ok(match secret {
        Some(secret) => client.proved_by(secret, ctx.now()),
        None => client,
    })
}

/// The proof must be of the one kind that the client is registered with. The secret that it was given by, if one was.
async fn prove(
    ctx: &Ctx,
    client: &Client,
    cmd: AuthenticateClient<'_>,
) -> Result<Option<ClientSecretId>, AuthenticateClientError> {
    use {ClientCredentials as Shown, TokenEndpointAuthMethod as Method};

    match (client.settings.auth_method, cmd.credentials) {
        (Method::ClientSecretBasic, Shown::Basic { secret, .. })
        | (Method::ClientSecretPost, Shown::Post { secret, .. }) => {
            let secret = client.find_secret(secret.expose(), ctx.now());
            secret.map(Some).ok_or(AuthenticateClientError::Refused)
        }
        (Method::PrivateKeyJwt | Method::ClientSecretJwt, Shown::Assertion { assertion, .. }) => {
            client_assertion::verify(ctx, client, assertion, cmd.endpoint).await
        }
        // RFC 8705 §2: the request names the client, the connection proves it.
        (Method::TlsClientAuth | Method::SelfSignedTlsClientAuth, Shown::None { .. }) => {
            let certificate = cmd.certificate.ok_or(AuthenticateClientError::Refused)?;
            client_certificate::verify(ctx, client, certificate).await.map(|()| None)
        }
        (Method::None, Shown::None { .. }) => Ok(None),
        _ => Err(AuthenticateClientError::Refused),
    }
}
