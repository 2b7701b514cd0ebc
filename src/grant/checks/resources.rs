//! Each `resource` is known, and the client may have tokens for it (RFC 8707 §2, `invalid_target`).

use super::{Situation, Verdict};
use crate::protocol::{OAuthError, OAuthErrorCode};

pub(super) fn check(situation: &Situation) -> Verdict {
    let asked = &situation.request.resources;
    if asked.iter().all(|resource| situation.catalogue.allows(&situation.client, resource)) {
        return Verdict::Pass;
    }
    Verdict::Refuse(OAuthError::new(
        OAuthErrorCode::InvalidTarget,
        "resource is not known here, or the client may not have tokens for it",
    ))
}
