//! The second step of signing in, and proving again who one is.

use axum::response::Response;
use ostiary::{
    account::{self, BeginStepUp, BeginStepUpError, GetUserError, Least, PendingSignIn},
    authz,
    factor::{Channel, SecondFactor},
    passkey::{self, ListPasskeysError},
};

use super::{AskedQuery, Going, asked, caller, going, hold};
use crate::{
    model::{
        ConfirmPage, ConfirmProblem, ErrorKind, Flash, Hold, Person, SecondFactorPage, SecondFactorProblem, Sent, Way,
    },
    ssr::{Attempts, Next, Visit, respond, said::Said},
};

/// `GET /sign-in/second-factor[?i=][&next=][&m=]`
pub(crate) async fn second_factor(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let next = Next::parse(asked.next.as_deref());
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let pending = match visit.pending_sign_in() {
        Some(pending) => match account::find_pending_sign_in(&visit.ctx, &pending).await {
            Ok(found) => found.filter(|found| !found.methods.is_empty()),
            Err(cause) => return respond::broken(&visit, &cause),
        },
        None => None,
    };
    match pending {
        Some(pending) => page(&visit, &asked, going.as_ref(), next, &pending),
        None => begin_again(&visit, going.as_ref().map(Going::text).as_deref(), next),
    }
}

/// Somebody who is signed in with the password is led to the second step alone (B6): what they showed is not asked for again.
/// The one page that begins something: what it writes is of use to this session only. None where there is no such step.
pub(crate) async fn step_up(visit: &Visit, going: &Going, least: Least) -> Option<Response> {
    let stay = visit.live.as_ref()?.stay;
    match account::begin_step_up(&visit.ctx, BeginStepUp { least, stay }).await {
        Ok(required) => {
            visit.remember_pending_sign_in(&required.pending);
            let to = visit.site().to_with("/sign-in/second-factor", Some(&going.text()));
            Some(respond::redirect(visit, &to))
        }
        Err(BeginStepUpError::Denied(_) | BeginStepUpError::NoStep) => None,
        Err(BeginStepUpError::TooMany(limit)) => {
            let held = Hold::TooManyTries { seconds: limit.retry_after_secs };
            hold(visit, Some(held));
            Some(respond::error(visit, &ErrorKind::Held(held)))
        }
        Err(BeginStepUpError::Internal(cause)) => Some(respond::broken(visit, &cause)),
    }
}

/// Nothing waits here, or no longer: to the password, which knows where to go on from.
pub(crate) fn begin_again(visit: &Visit, i: Option<&str>, next: Next) -> Response {
    let to = next.along(visit.site(), "/sign-in", i, &[]);
    if visit.forget_pending_sign_in() {
        visit.say(&to, Said::Done(Flash::SignInOver));
    }
    respond::redirect(visit, &to)
}

fn page(visit: &Visit, asked: &super::Asked, going: Option<&Going>, next: Next, pending: &PendingSignIn) -> Response {
    let ways: Vec<Way> = pending.methods.iter().map(|method| way(*method, pending)).collect();
    let (problem, flash) = match visit.take_said() {
        Some(Said::SecondFactor(problem)) => (Some(problem), None),
        Some(Said::Done(flash)) => (None, Some(flash)),
        _ => (None, None),
    };
    if let Some(SecondFactorProblem::Held(held)) = problem {
        hold(visit, Some(held));
    }
    let way = match asked.m.as_deref() {
        None => ways.first().copied(),
        Some(m) => ways.iter().copied().find(|way| way.code() == m),
    };
    if way == Some(Way::Passkey) {
        visit.allow_fetching();
    }
    let person = Person { id: pending.user_id.to_string(), name: pending.name.clone(), email: pending.email.clone() };
    let trust_days = visit.ctx.config().second_factors.trust_browsers_for.as_secs() / 86_400;
    let page = SecondFactorPage {
        interaction: going.map(Going::text),
        caller: going.map(|going| caller(&going.view)),
        next: next.code(),
        number: Some(Attempts::number(visit.house().core())),
        person,
        phone_ending: pending.phone_ending.clone(),
        is_on_top: pending.is_on_top,
        trust_days: Some(trust_days).filter(|days| *days > 0 && !pending.is_on_top),
        way,
        ways,
        problem,
        flash,
    };
    respond::page(visit, page)
}

fn way(method: SecondFactor, pending: &PendingSignIn) -> Way {
    match method {
        SecondFactor::Totp => Way::Totp,
        SecondFactor::Passkey => Way::Passkey,
        SecondFactor::Email => sent(Sent::Email, Channel::Email, pending),
        SecondFactor::Sms => sent(Sent::Sms, Channel::Sms, pending),
        SecondFactor::Recovery => Way::Recovery { left: pending.recovery_codes_left },
    }
}

fn sent(by: Sent, channel: Channel, pending: &PendingSignIn) -> Way {
    Way::Sent { by, is_sent: pending.code_sent == Some(channel) }
}

/// `GET /account/confirm?next=`: for somebody who signed in some time ago and wants to change what protects the account.
pub(crate) async fn confirm(visit: Visit, query: AskedQuery) -> Response {
    let next = Next::parse(asked(query).next.as_deref());
    let Some(person) = visit.person() else { return respond::redirect(&visit, &next.sign_in(visit.site())) };
    if authz::require_fresh_user(&visit.ctx).is_ok() {
        return respond::redirect(&visit, &visit.site().to(next.path()));
    }
    let has_password = match account::get_me(&visit.ctx).await {
        Ok(user) => user.has_password,
        Err(GetUserError::Denied(_) | GetUserError::NotFound) => {
            return respond::redirect(&visit, &next.sign_in(visit.site()));
        }
        Err(GetUserError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let has_passkey = match passkey::list_passkeys(&visit.ctx).await {
        Ok(passkeys) => passkeys.relying_party_id.is_some() && !passkeys.keys.is_empty(),
        Err(ListPasskeysError::Denied(_)) => return respond::redirect(&visit, &next.sign_in(visit.site())),
        Err(ListPasskeysError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    if has_passkey {
        visit.allow_fetching();
    }
    let problem = match visit.take_said() {
        Some(Said::Confirm(problem)) => Some(problem),
        _ => None,
    };
    if let Some(ConfirmProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    let number = Some(Attempts::number(visit.house().core()));
    respond::page(&visit, ConfirmPage { person, has_password, has_passkey, next: next.code(), number, problem })
}
