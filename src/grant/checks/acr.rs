//! An *essential* authentication context can be reached (OIDC Core §5.5.1.1; OpenID Connect Core Unmet Authentication
//! Requirements). Voluntary ones, `acr_values` among them, are wishes.

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::{
    grant::{ACR_VALUES, acr_of},
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

/// The person signed in in a way that the client accepts. Somebody who just did, and in another, cannot do better.
pub(super) fn reached(situation: &Situation) -> Verdict {
    let wanted = situation.request.claims.as_ref().and_then(|claims| claims.acr());
    let (Some(signed_in), Some(wanted)) = (&situation.signed_in, wanted.filter(|wanted| wanted.essential)) else {
        return Verdict::Pass;
    };
    // Asked for without a value, it is to be told and nothing more (OIDC Core §5.5.1).
    let names_none = wanted.value.is_none() && wanted.values.is_empty();
    let is_accepted = acr_of(&signed_in.amr.0).is_some_and(|acr| wanted.accepts(&acr.into()));
    if names_none || is_accepted {
        return Verdict::Pass;
    }
    if situation.is_fresh(signed_in) {
        return Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::UnmetAuthenticationRequirements,
            "the person did not sign in in one of the essential ways",
        ));
    }
    sign_in(situation, WhySignIn::Again)
}
