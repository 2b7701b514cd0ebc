//! The authorization request and its way to an answer (RFC 6749 §4.1.1, OIDC Core §3.1.2).

use crate::{
    core::Ctx,
    error::Internal,
    protocol::{AuthorizationResponse, OAuthErrorCode, Params},
    secret::PlainToken,
};

/// A request has arrived at the authorization endpoint.
#[derive(Debug)]
pub struct BeginAuthorization {
    /// Its query, or the form body of a POST.
    pub params: Params,
}

/// The person comes back from a page.
#[derive(Debug)]
pub struct ResumeAuthorization {
    /// The interaction they come back to.
    pub interaction: PlainToken,
}

/// What happens next.
#[derive(Debug)]
pub enum AuthorizationStep {
    /// The person must sign in, perhaps again: show the sign-in page.
    SignIn {
        /// The request, stored.
        interaction: PlainToken,
        /// Begin at registration (`prompt=create`).
        create: bool,
    },
    /// The person must be asked: show the consent page.
    Consent {
        /// The request, stored.
        interaction: PlainToken,
    },
    /// The application is answered: with a code, or with an error that may be told to it.
    Respond(AuthorizationResponse),
}

/// Why the application cannot be answered: the person is shown a page instead (D13, RFC 6749 §4.1.2.1).
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationRefused {
    /// Nobody knows where an answer would go.
    #[error("{error}: {description}")]
    Untrusted {
        /// The registered code.
        error: OAuthErrorCode,
        /// For the developer of the application; visible ASCII.
        description: String,
        /// The application, if it is known.
        client_name: Option<String>,
    },
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Reads a request, checks it, and says what happens next.
///
/// # Errors
/// [`AuthorizationRefused`]; errors that the application may be told are [`AuthorizationStep::Respond`].
pub async fn begin_authorization(
    ctx: &Ctx,
    cmd: BeginAuthorization,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    todo!("{ctx:?} {cmd:?}")
}

/// Runs the checks again after a page and says what happens next.
///
/// # Errors
/// [`AuthorizationRefused`]
pub async fn resume_authorization(
    ctx: &Ctx,
    cmd: ResumeAuthorization,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    todo!("{ctx:?} {cmd:?}")
}
