//! The organisation that the person acts in (E12): the one that is named, or that they say. And what it asks of them when they
//! come in (E7).

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::{
    account::Amr,
    grant::place::Place,
    org::MfaDemand,
    protocol::{OAuthError, OAuthErrorCode, Prompt},
};

pub(super) fn check(situation: &Situation) -> Verdict {
    let Some(signed_in) = &situation.signed_in else { return Verdict::Pass };
    let is_silent = situation.request.prompt.contains(Prompt::None);
    match &situation.place {
        Place::Nowhere | Place::In(_) => Verdict::Pass,
        // Another account of theirs may be the member.
        Place::Foreign if !is_silent && !situation.is_chosen(signed_in) => sign_in(situation, WhySignIn::Other),
        Place::Foreign => Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::AccessDenied,
            "organization: the person is no member of it, or there is none",
        )),
        Place::Unsaid if is_silent => Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::InteractionRequired,
            "the person would have to say for which organisation, and prompt=none forbids asking",
        )),
        Place::Unsaid => Verdict::Organization,
    }
}

/// The second factor that the organisation asks for. Who has one that counts is asked for it; who has none has to set one up
/// first.
pub(super) fn second_factor(situation: &Situation) -> Verdict {
    let (Some(signed_in), Place::In(here)) = (&situation.signed_in, &situation.place) else { return Verdict::Pass };
    if here.demand != MfaDemand::Now {
        return Verdict::Pass;
    }
    if situation.request.prompt.contains(Prompt::None) {
        return Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::InteractionRequired,
            "the organisation asks for a second factor, and prompt=none forbids asking",
        ));
    }
    let by_password = signed_in.amr.0.iter().any(|method| method == Amr::Password.as_str());
    match (here.can_show, by_password) {
        (true, true) => sign_in(situation, WhySignIn::More(here.least)),
        (true, false) if !situation.is_fresh(signed_in) => sign_in(situation, WhySignIn::Again),
        (true | false, _) => Verdict::Enrol,
    }
}
