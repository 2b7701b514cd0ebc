//! The client may have what it asks for (D10, OIDC Core §3.1.2.4).
//!
//! - A first-party client is not asked about, unless it wants that itself with `prompt=consent`.
//! - A decision counts for the person and the session it was taken in, and for no more than the page showed.
//! - A remembered answer counts for everything it was asked about; what was left out stays left out. It is asked again
//!   when the client wants more, and with `prompt=consent`.
//! - `offline_access` (OIDC Core §11) is one of the things that are asked for, so it is never given silently: by
//!   consent, remembered consent, or because whoever runs this instance registered the client as their own.

use super::{Situation, Verdict};
use crate::protocol::{OAuthError, OAuthErrorCode, Prompt, Scope, ScopeSet};

/// What the person agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::grant) struct Consented {
    /// The scopes granted.
    pub(in crate::grant) scope: ScopeSet,
    /// These, and the scopes whose claims were asked for by name.
    pub(in crate::grant) all: ScopeSet,
}

/// Whether a scope can be left out on the consent page. What else is asked for is needed as asked: an application that
/// asks for name and address is not prepared to work without, and it is more honest to deny it altogether.
pub(in crate::grant) fn is_optional(scope: &Scope) -> bool {
    [Scope::OFFLINE_ACCESS, Scope::PHONE, Scope::ADDRESS].contains(scope)
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
    {
        return match &decision.granted {
            Some(granted) => Answer::Yes(asked.intersect(granted)),
            None => Answer::No,
        };
    }
    if situation.request.prompt.contains(Prompt::Consent) {
        return Answer::Unknown;
    }
    if situation.client.settings.first_party {
        return Answer::Yes(asked);
    }
    match &situation.remembered {
        Some(remembered) if asked.is_subset(&remembered.details.asked) => {
            Answer::Yes(asked.intersect(&remembered.granted))
        }
        _ => Answer::Unknown,
    }
}
