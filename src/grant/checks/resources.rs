//! Each `resource` is known, and the client may have tokens for it (RFC 8707 §2, `invalid_target`).

use super::{Situation, Verdict};
use crate::{
    client::Client,
    protocol::{OAuthError, OAuthErrorCode},
    resource::Catalogue,
};

pub(super) fn check(situation: &Situation) -> Verdict {
    match allowed(&situation.catalogue, &situation.client, &situation.request.resources) {
        Ok(()) => Verdict::Pass,
        Err(error) => Verdict::Refuse(error),
    }
}

/// Whether `client` may ask for tokens for these.
///
/// # Errors
/// `invalid_target`
pub(super) fn allowed(catalogue: &Catalogue, client: &Client, resources: &[String]) -> Result<(), OAuthError> {
    if resources.iter().all(|resource| catalogue.allows(client, resource)) {
        return Ok(());
    }
    let why = "resource is not known here, or the client may not have tokens for it";
    Err(OAuthError::new(OAuthErrorCode::InvalidTarget, why))
}
