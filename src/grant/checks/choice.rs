//! `prompt=select_account` (OIDC Core §3.1.2.1) and `prompt=create` (Initiating User Registration §4): the person has seen
//! a page where they can be somebody else. As one browser holds one account, signing in is how one chooses.

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::protocol::Prompt;

pub(super) fn check(situation: &Situation) -> Verdict {
    let Some(signed_in) = &situation.signed_in else { return Verdict::Pass };
    let prompt = situation.request.prompt;
    if situation.is_fresh(signed_in) {
        return Verdict::Pass;
    }
    if prompt.contains(Prompt::Create) {
        return sign_in(situation, WhySignIn::Create);
    }
    if prompt.contains(Prompt::SelectAccount) {
        return sign_in(situation, WhySignIn::Other);
    }
    Verdict::Pass
}
