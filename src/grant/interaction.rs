//! Interactions: authorization requests that wait for a person.
//!
//! An interaction is bound to nothing but its 256-bit handle, which stands in the address of the pages. Who has the
//! handle can sign in and decide for themselves, never for somebody else: what is answered is always about the session
//! of the browser that asks.

use url::Url;

use crate::{core::Ctx, error::Internal, secret::PlainToken};

/// What the pages on the way show of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionView {
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Their logo.
    pub logo_uri: Option<Url>,
    /// Their privacy policy.
    pub policy_uri: Option<Url>,
    /// Their terms of service.
    pub tos_uri: Option<Url>,
    /// What to fill in as the name; it proves nothing.
    pub login_hint: Option<String>,
    /// Somebody is signed in, and has to prove again who they are.
    pub reauthenticate: bool,
    /// Signing in is done, or was not needed: go on to `/connect/resume`.
    pub signed_in: bool,
    /// Begin at registration (`prompt=create`).
    pub create: bool,
    /// Where the answer will go, as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: String,
}

/// The request behind a handle; none when it was answered, took too long, or never was.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_interaction(ctx: &Ctx, handle: &PlainToken) -> Result<Option<InteractionView>, Internal> {
    todo!("{ctx:?} {handle:?}")
}
