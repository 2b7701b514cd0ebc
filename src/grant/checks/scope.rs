//! The client may ask for this scope (RFC 6749 §3.3, OIDC Core §3.1.2.1, §5.4).
//!
//! There is no default: a request names what it wants. What the client is not registered for is refused rather than
//! left out, so that its developer learns of it. The scopes of OIDC Core §5.4 mean something only beside `openid`.

use super::{Situation, Verdict};
use crate::protocol::{OAuthError, OAuthErrorCode, Scope};

pub(super) fn check(situation: &Situation) -> Verdict {
    let refuse = |description| Verdict::Refuse(OAuthError::new(OAuthErrorCode::InvalidScope, description));
    if situation.request.scope.is_empty() {
        return refuse("scope is missing".to_owned());
    }
    let scope = situation.scope();
    let beyond = scope.difference(&situation.client.settings.scopes);
    if !beyond.is_empty() {
        return refuse(format!("the client is not registered for the scope {beyond}"));
    }
    let needs_openid = [Scope::PROFILE, Scope::EMAIL, Scope::PHONE, Scope::ADDRESS];
    if !situation.request.is_openid() && needs_openid.iter().any(|needs| scope.contains(needs)) {
        return refuse("the scopes profile, email, phone and address need the scope openid".to_owned());
    }
    Verdict::Pass
}
