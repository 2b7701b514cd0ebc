//! Each of `authorization_details` is of a type that this instance knows and the client is registered for, and has no other
//! members than that type (RFC 9396 §5, `invalid_authorization_details`).

use serde_json::Value;

use super::{Situation, Verdict};
use crate::{
    client::Client,
    config::DetailsType,
    protocol::{OAuthError, OAuthErrorCode, authorization_details::type_of},
};

pub(super) fn check(situation: &Situation) -> Verdict {
    match allowed(&situation.details_types, &situation.client, &situation.request.authorization_details) {
        Ok(()) => Verdict::Pass,
        Err(error) => Verdict::Refuse(error),
    }
}

/// Whether `client` may ask for these at all.
///
/// # Errors
/// `invalid_authorization_details`
pub(in crate::grant) fn allowed(known: &[DetailsType], client: &Client, details: &[Value]) -> Result<(), OAuthError> {
    let refuse = |why: &'static str| OAuthError::new(OAuthErrorCode::InvalidAuthorizationDetails, why);
    for detail in details {
        let kind = type_of(detail);
        let is_registered = client.settings.authorization_details_types.iter().any(|registered| registered == kind);
        let Some(known) = known.iter().find(|known| known.kind == kind).filter(|_| is_registered) else {
            return Err(refuse("a type of authorization_details is not known, or the client is not registered for it"));
        };
        let mut members = detail.as_object().into_iter().flat_map(|members| members.keys());
        let is_member = |name: &String| name == "type" || known.members.contains(name);
        if !known.members.is_empty() && !members.all(is_member) {
            return Err(refuse("authorization_details has a member that its type does not have"));
        }
    }
    Ok(())
}
