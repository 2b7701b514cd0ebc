//! `max_age` (OIDC Core §3.1.2.1): the person proved who they are recently enough, or since the request began. (Reading
//! the consent page may take longer than a short `max_age`; that sends nobody round again.)

use super::{Situation, Verdict, WhySignIn, sign_in};

pub(super) fn check(situation: &Situation) -> Verdict {
    let (Some(signed_in), Some(max_age)) = (&situation.signed_in, situation.max_age()) else {
        return Verdict::Pass;
    };
    let is_young = max_age.allows(signed_in.auth_time.as_secs(), situation.now.as_secs());
    if is_young || situation.is_fresh(signed_in) {
        return Verdict::Pass;
    }
    sign_in(situation, WhySignIn::Again)
}
