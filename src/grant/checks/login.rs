//! `prompt=login` (OIDC Core §3.1.2.1): the person proved who they are after the request began, not before.

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::protocol::Prompt;

pub(super) fn check(situation: &Situation) -> Verdict {
    match &situation.signed_in {
        Some(signed_in) if situation.request.prompt.contains(Prompt::Login) && !situation.is_fresh(signed_in) => {
            sign_in(situation, WhySignIn::Again)
        }
        _ => Verdict::Pass,
    }
}
