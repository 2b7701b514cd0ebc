//! The request carries a code challenge (D2, RFC 7636 §4.4.1, RFC 9700 §2.1.1): always for public clients, by default for
//! confidential ones. Its method was read before: `S256` and no other.

use super::{Situation, Verdict};
use crate::protocol::OAuthError;

pub(super) fn check(situation: &Situation) -> Verdict {
    if situation.request.code_challenge.is_none() && situation.client.settings.requires_pkce() {
        return Verdict::Refuse(OAuthError::invalid_request("code_challenge is missing: use PKCE with S256"));
    }
    Verdict::Pass
}
