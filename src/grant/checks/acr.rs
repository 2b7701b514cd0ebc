//! An *essential* authentication context can be reached (OIDC Core §5.5.1.1; OpenID Connect Core Unmet Authentication
//! Requirements). Voluntary ones, `acr_values` among them, are wishes.

use super::{Situation, Verdict};
use crate::{
    grant::ACR_VALUES,
    protocol::{OAuthError, OAuthErrorCode},
};

pub(super) fn check(situation: &Situation) -> Verdict {
    let wanted = situation.request.claims.as_ref().and_then(|claims| claims.acr());
    let can_be_met = wanted.is_none_or(|wanted| {
        !wanted.essential || ACR_VALUES.iter().any(|acr| wanted.accepts(&serde_json::Value::from(*acr)))
    });
    if can_be_met {
        return Verdict::Pass;
    }
    Verdict::Refuse(OAuthError::new(
        OAuthErrorCode::UnmetAuthenticationRequirements,
        "none of the essential acr values can be reached",
    ))
}
