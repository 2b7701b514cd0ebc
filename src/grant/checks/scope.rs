//! The client may ask for this scope (RFC 6749 §3.3, OIDC Core §3.1.2.1, §5.4).
//!
//! There is no default: a request names what it wants. What the client is not registered for is refused rather than
//! left out, so that its developer learns of it. The scopes of OIDC Core §5.4 mean something only beside `openid`.

use super::{Situation, Verdict};
use crate::{
    client::Client,
    protocol::{GrantType, OAuthError, OAuthErrorCode, Scope, ScopeSet},
};

pub(super) fn check(situation: &Situation) -> Verdict {
    match grantable(&situation.client, situation.request.scope.clone()) {
        Ok(_) => Verdict::Pass,
        Err(error) => Verdict::Refuse(error),
    }
}

/// What of `scope` can be granted to the client: all of it, but for `offline_access` where it may not use refresh tokens
/// (see [`Situation::scope`]).
///
/// # Errors
/// `invalid_scope`
pub(in crate::grant) fn grantable(client: &Client, mut scope: ScopeSet) -> Result<ScopeSet, OAuthError> {
    let refuse = |description| Err(OAuthError::new(OAuthErrorCode::InvalidScope, description));
    if scope.is_empty() {
        return refuse("scope is missing".to_owned());
    }
    if !client.settings.allows(GrantType::RefreshToken) {
        scope.remove(&Scope::OFFLINE_ACCESS);
    }
    let beyond = scope.difference(&client.settings.scopes);
    if !beyond.is_empty() {
        return refuse(format!("the client is not registered for the scope {beyond}"));
    }
    let needs_openid = [Scope::PROFILE, Scope::EMAIL, Scope::PHONE, Scope::ADDRESS];
    if !scope.contains(&Scope::OPENID) && needs_openid.iter().any(|needs| scope.contains(needs)) {
        return refuse("the scopes profile, email, phone and address need the scope openid".to_owned());
    }
    Ok(scope)
}
