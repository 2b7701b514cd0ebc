//! Somebody is signed in (OIDC Core §3.1.2.3).

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::protocol::Prompt;

pub(super) fn check(situation: &Situation) -> Verdict {
    match situation.signed_in {
        Some(_) => Verdict::Pass,
        None if situation.request.prompt.contains(Prompt::Create) => sign_in(situation, WhySignIn::Create),
        None => sign_in(situation, WhySignIn::Nobody),
    }
}
