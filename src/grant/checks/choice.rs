//! `prompt=select_account` (OIDC Core §3.1.2.1) and `prompt=create` (Initiating User Registration §4): the person has seen
//! a page where they can be somebody else. A `login_hint` that names somebody else than who is signed in leads there, too
//! (C2); as it is a hint and no rule, whoever is chosen there will do, and `prompt=none` passes it over.

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::{grant::store::people::PersonRow, protocol::Prompt};

pub(super) fn check(situation: &Situation) -> Verdict {
    let Some(signed_in) = &situation.signed_in else { return Verdict::Pass };
    let prompt = situation.request.prompt;
    if situation.is_chosen(signed_in) {
        return Verdict::Pass;
    }
    if prompt.contains(Prompt::Create) {
        return sign_in(situation, WhySignIn::Create);
    }
    let hint = situation.request.login_hint.as_deref().filter(|_| !prompt.contains(Prompt::None));
    let means_another = hint.is_some_and(|hint| !names(hint, situation, &signed_in.person));
    if prompt.contains(Prompt::SelectAccount) || means_another {
        return sign_in(situation, WhySignIn::Other);
    }
    Verdict::Pass
}

/// Whether a hint is an address, short name or subject of this person.
fn names(hint: &str, situation: &Situation, person: &PersonRow) -> bool {
    let hint = hint.trim();
    let is_hint = |name: &str| name.to_lowercase() == hint.to_lowercase();
    is_hint(&person.email)
        || person.username.as_deref().is_some_and(is_hint)
        || situation.subject.as_deref() == Some(hint)
        || person.user_id.to_string() == hint
}
