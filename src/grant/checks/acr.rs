//! An *essential* authentication context can be reached (OIDC Core §5.5.1.1; OpenID Connect Core Unmet Authentication
//! Requirements). Voluntary ones, `acr_values` among them, are wishes: met by whoever can, no obstacle to anybody (B6).

use super::{Situation, Verdict, WhySignIn, sign_in};
use crate::{
    account::{Amr, Least},
    grant::{ACR_MFA, ACR_PASSWORD, ACR_PHISHING_RESISTANT, ACR_VALUES, acr::acrs_of, store::people::SignedInRow},
    protocol::{OAuthError, OAuthErrorCode, Prompt},
};

pub(super) fn check(situation: &Situation) -> Verdict {
    let wanted = situation.request.claims.as_ref().and_then(|claims| claims.acr());
    let can_be_met = wanted.is_none_or(|wanted| {
        !wanted.essential || ACR_VALUES.iter().any(|acr| wanted.accepts(&serde_json::Value::from(*acr)))
    });
    if can_be_met {
        return Verdict::Pass;
    }
    unmet("none of the essential acr values can be reached")
}

fn unmet(why: &'static str) -> Verdict {
    Verdict::Refuse(OAuthError::new(OAuthErrorCode::UnmetAuthenticationRequirements, why))
}

/// The contexts that this person reaches by signing in again.
fn reachable(situation: &Situation) -> &'static [&'static str] {
    match (situation.has_passkey, situation.has_second_factor) {
        (true, _) => &[ACR_PHISHING_RESISTANT, ACR_MFA, ACR_PASSWORD],
        (false, true) => &[ACR_MFA, ACR_PASSWORD],
        (false, false) => &[ACR_PASSWORD],
    }
}

/// Asks somebody who showed the password for the second factor alone, where that is all that is missing. It ends with what
/// is asked for or not at all, so nobody is sent round twice. It makes nothing younger that was shown before, and comes after
/// the checks that ask how old the sign-in is.
fn step_up(situation: &Situation, signed_in: &SignedInRow, accepts: &dyn Fn(&&str) -> bool) -> Option<Verdict> {
    if !signed_in.amr.0.iter().any(|method| method == Amr::Password.as_str()) {
        return None;
    }
    let mfa = (situation.has_second_factor || situation.has_passkey) && accepts(&ACR_MFA);
    let phr = situation.has_passkey && accepts(&ACR_PHISHING_RESISTANT);
    let least = if mfa {
        Least::Mfa
    } else if phr {
        Least::PhishingResistant
    } else {
        return None;
    };
    Some(sign_in(situation, WhySignIn::More(least)))
}

/// The person signed in in a way that the client accepts. Who has more to show is asked for it; who has not, or did not
/// show it just now, cannot do better.
pub(super) fn reached(situation: &Situation) -> Verdict {
    let Some(signed_in) = &situation.signed_in else { return Verdict::Pass };
    let wanted = situation.request.claims.as_ref().and_then(|claims| claims.acr());
    let Some(wanted) = wanted.filter(|wanted| wanted.essential) else { return wished(situation, signed_in) };
    // Asked for without a value, it is to be told and nothing more (OIDC Core §5.5.1).
    let names_none = wanted.value.is_none() && wanted.values.is_empty();
    let accepts = |acr: &&str| wanted.accepts(&serde_json::Value::from(*acr));
    if names_none || acrs_of(&signed_in.amr.0).iter().any(accepts) {
        return Verdict::Pass;
    }
    if let Some(more) = step_up(situation, signed_in, &accepts) {
        return more;
    }
    if situation.is_fresh(signed_in) {
        return unmet("the person did not sign in in one of the essential ways");
    }
    if !reachable(situation).iter().any(accepts) {
        return unmet("the person has nothing to reach one of the essential acr values with");
    }
    sign_in(situation, WhySignIn::Again)
}

/// Wishes, best first: the best that this person can reach is asked for once.
fn wished(situation: &Situation, signed_in: &SignedInRow) -> Verdict {
    let met = acrs_of(&signed_in.amr.0);
    let can = reachable(situation);
    let best = situation.acr_wishes().iter().find(|wish| met.iter().chain(can).any(|acr| acr == wish));
    let Some(best) = best.filter(|best| !met.iter().any(|acr| acr == *best)) else { return Verdict::Pass };
    if situation.request.prompt.contains(Prompt::None) {
        return Verdict::Pass;
    }
    // A wish is no reason to send somebody where only a key leads on: at the door they have the choice.
    if situation.has_second_factor
        && *best == ACR_MFA
        && let Some(more) = step_up(situation, signed_in, &|acr: &&str| acr == best)
    {
        return more;
    }
    if situation.is_fresh(signed_in) { Verdict::Pass } else { sign_in(situation, WhySignIn::Again) }
}
