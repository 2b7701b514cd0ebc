//! The second step of signing in, and proving again who one is.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{
        self, CompleteSignIn, CompleteSignInError, SecondFactorRequired, SendCode, SendCodeError, SignIn, SignInError,
        SignInOutcome, SignedIn,
    },
    factor::{Channel, Proof, SecondFactor},
    passkey::Assertion,
    secret::{PlainToken, SecretString, TokenKind},
    session::SessionKind,
};
use serde::Deserialize;

use super::{busy, done, encoding::Form, interaction, sign_in::back, too_many, visit};
use crate::{
    model::{ConfirmProblem, ErrorKind, Flash, SecondFactorProblem, SignInProblem},
    show::second_factor::begin_again,
    ssr::{Attempt, Next, Visit, respond, said::Said},
};

/// Signed in: the session becomes this browser's, and the person goes on.
pub(super) async fn enter(visit: &Visit, new: &SignedIn, attempt: &Attempt, to: &str) -> axum::response::Response {
    if let Some(token) = &new.trusted {
        visit.remember_trust(token);
    }
    match visit.enter(new.session_id, new.stay, attempt).await {
        Ok(()) => respond::redirect(visit, to),
        Err(cause) => respond::broken(visit, &cause),
    }
}

/// Where a person goes who is signed in now.
pub(super) fn onward(visit: &Visit, i: Option<&str>, next: Next) -> String {
    match i {
        Some(_) => visit.site().to_with("/connect/resume", i),
        None => visit.site().to(next.path()),
    }
}

/// What was shown first is right: in, or to the second step.
pub(super) async fn first_step_done(
    visit: &Visit,
    outcome: &SignInOutcome,
    attempt: &Attempt,
    i: Option<&str>,
    next: Next,
) -> axum::response::Response {
    match outcome {
        SignInOutcome::SignedIn(new) => enter(visit, new, attempt, &onward(visit, i, next)).await,
        SignInOutcome::SecondFactorRequired(required) => ask(visit, required, i, next),
    }
}

/// To the second step, whose handle this browser keeps.
pub(super) fn ask(
    visit: &Visit,
    required: &SecondFactorRequired,
    i: Option<&str>,
    next: Next,
) -> axum::response::Response {
    visit.remember_pending_sign_in(&required.pending);
    respond::redirect(visit, &address(visit, i, next, None))
}

/// Signed in as often as one may be: said at the beginning, where one comes back to.
pub(super) fn full(visit: &Visit, most: u32, i: Option<&str>, next: Next) -> axum::response::Response {
    visit.forget_pending_sign_in();
    let to = back(visit, i, next);
    let problem = Some(SignInProblem::Full { most });
    visit.say(&to, Said::SignIn { username: String::new(), stay: false, problem, done: None });
    respond::redirect(visit, &to)
}

fn address(visit: &Visit, i: Option<&str>, next: Next, method: Option<SecondFactor>) -> String {
    let query = [
        ("i", i.unwrap_or_default()),
        ("next", next.code().unwrap_or_default()),
        ("m", method.map(SecondFactor::as_str).unwrap_or_default()),
    ];
    visit.site().to_queries("/sign-in/second-factor", &query)
}

/// `POST /do/second-factor`
#[server(name = DoSecondFactor, prefix = "/do", endpoint = "second-factor", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_second_factor(
    m: String,
    code: Option<SecretString>,
    recovery_code: Option<SecretString>,
    i: Option<String>,
    next: Option<String>,
    n: Option<String>,
    trust: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(n.as_deref());
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let proof = match (m.parse(), code, recovery_code) {
        (Ok(SecondFactor::Recovery), _, Some(code)) => Some(Proof::Recovery(code)),
        (Ok(SecondFactor::Recovery) | Err(_), _, _) | (_, None, _) => None,
        (Ok(method), Some(code), _) => Proof::code(method, code),
    };
    let Some(proof) = proof else { return done(respond::error(&visit, &ErrorKind::BadForm)) };
    done(complete(&visit, Shown { proof, trust: trust.is_some() }, &attempt, i.as_deref(), next).await)
}

/// What somebody shows, and whether this browser is trusted afterwards (B7).
struct Shown {
    proof: Proof,
    trust: bool,
}

/// `POST /do/second-factor-key`: the same with a passkey or security key (B1).
#[server(name = DoSecondFactorKey, prefix = "/do", endpoint = "second-factor-key", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_second_factor_key(
    ceremony: String,
    credential: String,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(None);
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let ceremony = PlainToken::parse(TokenKind::PasskeyCeremony, &ceremony);
    let Some((ceremony, assertion)) = ceremony.zip(Assertion::parse(&credential)) else {
        return done(respond::error(&visit, &ErrorKind::BadForm));
    };
    done(
        complete(
            &visit,
            Shown { proof: Proof::Passkey { ceremony, assertion }, trust: false },
            &attempt,
            i.as_deref(),
            next,
        )
        .await,
    )
}

/// Shows it, and goes on or back to the form of the same way.
async fn complete(
    visit: &Visit,
    Shown { proof, trust }: Shown,
    attempt: &Attempt,
    i: Option<&str>,
    next: Next,
) -> axum::response::Response {
    let method = proof.kind();
    let Some(pending) = visit.pending_sign_in() else { return begin_again(visit, i, next) };
    let cmd = CompleteSignIn { pending, kind: SessionKind::Browser, proof };
    let completed = if trust {
        account::complete_sign_in_and_trust(&visit.ctx, cmd).await
    } else {
        account::complete_sign_in(&visit.ctx, cmd).await
    };
    let problem = match completed {
        Ok(new) => return enter(visit, &new, attempt, &onward(visit, i, next)).await,
        Err(CompleteSignInError::Gone) => return begin_again(visit, i, next),
        Err(CompleteSignInError::Full { most }) => return full(visit, most, i, next),
        Err(CompleteSignInError::Internal(cause)) => return respond::broken(visit, &cause),
        Err(CompleteSignInError::TooMany(limit)) => SecondFactorProblem::Held(too_many(limit)),
        Err(CompleteSignInError::WrongCode) => match method {
            SecondFactor::Totp => SecondFactorProblem::WrongCode,
            SecondFactor::Email | SecondFactor::Sms => SecondFactorProblem::WrongSentCode,
            SecondFactor::Passkey => SecondFactorProblem::WrongKey,
            SecondFactor::Recovery => SecondFactorProblem::WrongRecoveryCode,
        },
    };
    let to = address(visit, i, next, Some(method));
    visit.say(&to, Said::SecondFactor(problem));
    respond::redirect(visit, &to)
}

/// `POST /do/send-code`
#[server(name = DoSendCode, prefix = "/do", endpoint = "send-code", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_send_code(m: String, i: Option<String>, next: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let Ok(channel) = m.parse::<Channel>() else { return done(respond::error(&visit, &ErrorKind::BadForm)) };
    let Some(pending) = visit.pending_sign_in() else { return done(begin_again(&visit, i.as_deref(), next)) };
    let cmd = SendCode { pending, kind: SessionKind::Browser, channel };
    let said = match account::send_code(&visit.ctx, cmd).await {
        Ok(()) => Said::Done(Flash::CodeSent),
        Err(SendCodeError::TooMany(limit)) => Said::SecondFactor(SecondFactorProblem::Held(too_many(limit))),
        Err(SendCodeError::Gone) => return done(begin_again(&visit, i.as_deref(), next)),
        Err(SendCodeError::NotOffered) => return done(respond::error(&visit, &ErrorKind::BadForm)),
        Err(SendCodeError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    let to = address(&visit, i.as_deref(), next, Some(channel.factor()));
    visit.say(&to, said);
    done(respond::redirect(&visit, &to))
}

/// `POST /do/confirm`: the person signs in once more, as themselves, with all that signing in asks for. The new session
/// takes the place of the old one, under a new cookie.
#[server(name = DoConfirm, prefix = "/do", endpoint = "confirm", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_confirm(
    password: SecretString,
    next: Option<String>,
    n: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(n.as_deref());
    let next = Next::parse(next.as_deref());
    let Some(live) = &visit.live else { return done(respond::redirect(&visit, &next.sign_in(visit.site()))) };
    let identifier = live.user.email.clone();
    let cmd = SignIn { identifier, password, stay: live.stay, kind: SessionKind::Browser };
    let problem = match account::sign_in(&visit.ctx, cmd).await {
        Ok(outcome) => return done(first_step_done(&visit, &outcome, &attempt, None, next).await),
        Err(SignInError::Refused | SignInError::NotVerified { .. }) => ConfirmProblem::Wrong,
        Err(SignInError::TooMany(limit)) => ConfirmProblem::Held(too_many(limit)),
        Err(SignInError::Busy { retry_after_secs }) => ConfirmProblem::Held(busy(retry_after_secs)),
        Err(SignInError::Full { most }) => return done(full(&visit, most, None, next)),
        Err(SignInError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    let to = next.confirm(visit.site());
    visit.say(&to, Said::Confirm(problem));
    done(respond::redirect(&visit, &to))
}
