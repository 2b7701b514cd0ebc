//! The hint is an ID token that we issued to this client (OIDC Core §3.1.2.1); it may have expired. What cannot be read is
//! refused: left out, it would let the wrong person through without a word.

use super::{Situation, Verdict, situation::Hint};
use crate::protocol::OAuthError;

pub(super) fn check(situation: &Situation) -> Verdict {
    match situation.hint {
        Hint::Absent | Hint::Subject(_) => Verdict::Pass,
        Hint::Unreadable => Verdict::Refuse(OAuthError::invalid_request(
            "id_token_hint is not an ID token that was issued to this client",
        )),
    }
}
