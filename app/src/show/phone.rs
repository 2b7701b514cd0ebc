//! The telephone number (A9).

use axum::response::Response;
use ostiary::{
    authz,
    factor::{self, CodesView, FactorsView, ListFactorsError},
    phone::{self, FindPhoneError, PhoneView},
};

use super::{account::room, hold, people::when, security::elsewhere_first};
use crate::{
    model::{ErrorKind, PhonePage, PhoneProblem, RemovePhonePage},
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /account/phone`: asks for a fresh sign-in before anything is typed, unless a number waits for its code.
pub(crate) async fn phone(visit: Visit) -> Response {
    page(&visit).await.unwrap_or_else(|instead| instead)
}

async fn page(visit: &Visit) -> Result<Response, Response> {
    let said = visit.take_said();
    let flash = if let Some(Said::Done(flash)) = said { Some(flash) } else { None };
    let (room, _) = room(visit, Next::Phone, flash).await?;
    let (view, factors) = (found(visit).await?, factors(visit).await?);
    if !view.is_offered && view.number.is_none() {
        return Err(respond::error(visit, &ErrorKind::NotFound));
    }
    let is_stale = authz::require_fresh_user(&visit.ctx).is_err();
    let (typed, problem) = match said {
        Some(Said::Phone { typed, problem }) => (typed, Some(problem)),
        _ => (String::new(), None),
    };
    if is_stale && view.waiting.is_none() && problem.is_none() && flash.is_none() {
        return Err(respond::redirect(visit, &Next::Phone.confirm(visit.site())));
    }
    hold(visit, problem.and_then(PhoneProblem::hold));
    let now = visit.ctx.now();
    let waiting = view.waiting.map(|waiting| (String::from(waiting.number), when(waiting.expires_at, now)));
    // A code has no field to be wrong in when nothing waits for one.
    let problem = match problem {
        Some(PhoneProblem::WrongCode) if waiting.is_none() => Some(PhoneProblem::UsedOrOld),
        problem => problem,
    };
    let codes = view.is_offered.then(|| are_on(factors.sms_codes));
    let (number, is_verified) = (view.number, view.is_verified);
    Ok(respond::page(visit, PhonePage { room, number, is_verified, codes, typed, waiting, is_stale, problem }))
}

/// `GET /account/phone/remove`: asks first.
pub(crate) async fn remove(visit: Visit) -> Response {
    if let Some(instead) = elsewhere_first(&visit, Next::Phone) {
        return instead;
    }
    question(&visit).await.unwrap_or_else(|instead| instead)
}

async fn question(visit: &Visit) -> Result<Response, Response> {
    let number = found(visit).await?.number.ok_or_else(|| respond::error(visit, &ErrorKind::NotFound))?;
    let factors = factors(visit).await?;
    let has_codes = are_on(factors.sms_codes);
    let is_last = has_codes && factors.authenticators.is_empty() && !are_on(factors.email_codes);
    Ok(respond::page(visit, RemovePhonePage { number, has_codes, is_last }))
}

/// What whoever is signed in sees of their number; everybody else is sent to sign-in.
async fn found(visit: &Visit) -> Result<PhoneView, Response> {
    phone::find_phone(&visit.ctx).await.map_err(|error| match error {
        FindPhoneError::Denied(_) => respond::redirect(visit, &Next::Phone.sign_in(visit.site())),
        FindPhoneError::Internal(cause) => respond::broken(visit, &cause),
    })
}

async fn factors(visit: &Visit) -> Result<FactorsView, Response> {
    factor::list_factors(&visit.ctx).await.map_err(|error| match error {
        ListFactorsError::Denied(_) => respond::redirect(visit, &Next::Phone.sign_in(visit.site())),
        ListFactorsError::Internal(cause) => respond::broken(visit, &cause),
    })
}

const fn are_on(view: CodesView) -> bool {
    matches!(view, CodesView::On { .. })
}
