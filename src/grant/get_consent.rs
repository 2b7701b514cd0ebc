//! What the consent page shows (D10).

use url::Url;

use crate::{core::Ctx, error::Internal, id::UserId, protocol::Scope, secret::PlainToken};

/// Who asks whom for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRequest {
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Their home page.
    pub client_uri: Option<Url>,
    /// Their logo.
    pub logo_uri: Option<Url>,
    /// Their privacy policy.
    pub policy_uri: Option<Url>,
    /// Their terms of service.
    pub tos_uri: Option<Url>,
    /// Who is asked.
    pub person: ConsentPerson,
    /// What for, in the order of the page.
    pub scopes: Vec<ConsentScope>,
    /// Claims asked for by name that belong to no scope.
    pub claims: Vec<String>,
    /// Where the answer will go, as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: String,
}

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentPerson {
    /// Their id.
    pub id: UserId,
    /// The name others see.
    pub display_name: Option<String>,
    /// The short name.
    pub username: Option<String>,
    /// Their address.
    pub email: String,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentScope {
    /// The scope.
    pub scope: Scope,
    /// It can be left out.
    pub optional: bool,
    /// It was allowed before, and remembered.
    pub granted_before: bool,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum GetConsentError {
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first: go to the sign-in page.
    #[error("sign in first")]
    SignIn,
    /// Nothing has to be asked: go on to `/connect/resume`.
    #[error("nothing has to be asked")]
    NotNeeded,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What the person who asks is to be asked.
///
/// # Errors
/// [`GetConsentError`]
pub async fn get_consent(ctx: &Ctx, handle: &PlainToken) -> Result<ConsentRequest, GetConsentError> {
    todo!("{ctx:?} {handle:?}")
}
