//! The client may use codes (RFC 6749 §4.1.2.1, `unauthorized_client`).

use super::{Situation, Verdict};
use crate::protocol::{GrantType, OAuthError, OAuthErrorCode};

pub(super) fn check(situation: &Situation) -> Verdict {
    if situation.client.settings.allows(GrantType::AuthorizationCode) {
        return Verdict::Pass;
    }
    Verdict::Refuse(OAuthError::new(
        OAuthErrorCode::UnauthorizedClient,
        "the client is not registered for the authorization code grant",
    ))
}
