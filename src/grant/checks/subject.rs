//! The person is the one the client means: by `id_token_hint`, or by `sub` in the `claims` parameter (OIDC Core §3.1.2.1,
//! §3.1.2.2, §5.5.1). Somebody else may sign in as the right person once; who comes back as the wrong one again is
//! answered `login_required`.

use super::{Situation, Verdict, WhySignIn, sign_in, situation::Hint};
use crate::protocol::{OAuthError, OAuthErrorCode};

pub(super) fn check(situation: &Situation) -> Verdict {
    let Some(signed_in) = &situation.signed_in else { return Verdict::Pass };
    let hinted = match &situation.hint {
        Hint::Subject(subject) => Some(subject.as_str()),
        Hint::Absent | Hint::Unreadable => None,
    };
    let required = situation.request.claims.as_ref().and_then(|claims| claims.required_subject());
    let subject = situation.subject.as_deref();
    if [hinted, required].into_iter().flatten().all(|wanted| Some(wanted) == subject) {
        return Verdict::Pass;
    }
    if situation.is_chosen(signed_in) {
        return Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::LoginRequired,
            "somebody else signed in than the request is about",
        ));
    }
    sign_in(situation, WhySignIn::Other)
}
