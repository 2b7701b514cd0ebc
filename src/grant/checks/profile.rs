//! What a security profile asks of a request beyond what every request must keep to: a signed answer (FAPI 2.0 Message
//! Signing §5.4). PKCE, pushing and signing the request have checks of their own.

use super::{Situation, Verdict};
use crate::protocol::OAuthError;

pub(super) fn check(situation: &Situation) -> Verdict {
    let must_be_signed = situation.client.settings.requires_signed_responses();
    if must_be_signed && !situation.request.target.response_mode.is_signed() {
        return Verdict::Refuse(OAuthError::invalid_request("response_mode must be jwt, or one that ends in .jwt"));
    }
    Verdict::Pass
}
