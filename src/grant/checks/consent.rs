//! The client may have what it asks for (D10, OIDC Core §3.1.2.4).
//!
//! - A first-party client is not asked about, unless it wants that itself with `prompt=consent`.
//! - A decision counts for the person and the session it was taken in, and for no more than the page showed.
//! - A remembered answer counts for everything it was asked about; what was left out stays left out. It is asked again
//!   when the client wants more, and with `prompt=consent`.
//! - `authorization_details` (RFC 9396 §3) are asked about even for a first-party client, until the very same were allowed
//!   and remembered: a payment is not one more look at a profile.
//! - `offline_access` (OIDC Core §11) is one of the things that are asked for, so it is never given silently: by
//!   consent, remembered consent, or because whoever runs this instance registered the client as their own.

use super::{Situation, Verdict};
use crate::{
    grant::store::consents::Remembered,
    protocol::{OAuthError, OAuthErrorCode, Prompt, Scope, ScopeSet},
    resource::Catalogue,
};

/// What the person agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::grant) struct Consented {
    /// The scopes granted.
    pub(in crate::grant) scope: ScopeSet,
    /// These, and the scopes whose claims were asked for by name.
    pub(in crate::grant) all: ScopeSet,
}

/// Whether a scope can be left out on the consent page: some of OpenID Connect, and those that are registered so (D11). What
/// else is asked for is needed as asked: an application that asks for name and address is not prepared to work without, and
/// it is more honest to deny it altogether.
pub(in crate::grant) fn is_optional(catalogue: &Catalogue, scope: &Scope) -> bool {
    [Scope::OFFLINE_ACCESS, Scope::PHONE, Scope::ADDRESS].contains(scope)
        || catalogue.scope(scope).is_some_and(|entry| entry.settings.optional)
}

enum Answer {
    Yes(ScopeSet),
    No,
    Unknown,
}

pub(super) fn check(situation: &Situation) -> Verdict {
    match answer(situation) {
        Answer::Yes(_) => Verdict::Pass,
        Answer::No => Verdict::Refuse(OAuthError::new(OAuthErrorCode::AccessDenied, "the person said no")),
        Answer::Unknown if situation.request.prompt.contains(Prompt::None) => Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::ConsentRequired,
            "the person would have to be asked, and prompt=none forbids asking",
        )),
        Answer::Unknown => Verdict::Consent,
    }
}

/// What was agreed to, once the check has passed.
pub(super) fn consented(situation: &Situation) -> Option<Consented> {
    match answer(situation) {
        Answer::Yes(all) => Some(Consented { scope: situation.scope().intersect(&all), all }),
        Answer::No | Answer::Unknown => None,
    }
}

fn answer(situation: &Situation) -> Answer {
    let Some(signed_in) = &situation.signed_in else { return Answer::Unknown };
    let asked = situation.asked();
    if let Some(decision) = &situation.state.decision
        && decision.user_id == signed_in.person.user_id
        && decision.session_id == signed_in.session_id
        && asked.is_subset(&decision.asked)
        && is_covered(situation, &decision.resources, &decision.authorization_details)
    {
        return match &decision.granted {
            Some(granted) => Answer::Yes(asked.intersect(granted)),
            None => Answer::No,
        };
    }
    if situation.request.prompt.contains(Prompt::Consent) {
        return Answer::Unknown;
    }
    if situation.client.settings.first_party && situation.request.authorization_details.is_empty() {
        return Answer::Yes(asked);
    }
    match &situation.remembered {
        Some(Remembered { details, granted })
            if asked.is_subset(&details.asked)
                && is_covered(situation, &details.resources, &details.authorization_details) =>
        {
            Answer::Yes(asked.intersect(granted))
        }
        _ => Answer::Unknown,
    }
}

/// Whether the answer was given with these resources and details in view.
fn is_covered(situation: &Situation, resources: &[String], details: &[serde_json::Value]) -> bool {
    let request = &situation.request;
    request.resources.iter().all(|resource| resources.contains(resource))
        && request.authorization_details.iter().all(|detail| details.contains(detail))
}
