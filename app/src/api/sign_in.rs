//! Signing in.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, SignIn, SignInError, SignInOutcome},
    passkey,
    secret::SecretString,
    session::SessionKind,
};
use serde::Deserialize;

use super::{
    busy, done,
    encoding::Form,
    interaction,
    passkeys::offer_page,
    second_factor::{ask, enter, onward},
    too_many, visit,
};
use crate::{
    model::SignInProblem,
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

/// `POST /do/sign-in`
#[server(name = DoSignIn, prefix = "/do", endpoint = "sign-in", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_in(
    username: String,
    password: SecretString,
    stay: Option<String>,
    i: Option<String>,
    next: Option<String>,
    n: Option<String>,
    can: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(n.as_deref());
    let (stay, i, next) = (stay.is_some(), interaction(i.as_deref()), Next::parse(next.as_deref()));
    let cmd = SignIn { identifier: username.clone(), password, stay, kind: SessionKind::Browser };
    done(match account::sign_in_trusted(&visit.ctx, cmd, &visit.trusted_by()).await {
        Ok(SignInOutcome::SignedIn(new)) => {
            // A script says that this browser can (B8); without one nothing stands in the way.
            let can = can.is_some_and(|can| !can.is_empty());
            let offers = can && passkey::wants_offer(&visit.ctx, new.user_id).await.unwrap_or(false);
            let to = if offers { offer_page } else { onward };
            enter(&visit, &new, &attempt, &to(&visit, i.as_deref(), next)).await
        }
        Ok(SignInOutcome::SecondFactorRequired(required)) => ask(&visit, &required, i.as_deref(), next),
        Err(error) => match problem(&visit, error) {
            Ok(problem) => {
                let to = back(&visit, i.as_deref(), next);
                let username = typed(&username, 320);
                visit.say(&to, Said::SignIn { username, stay, problem: Some(problem), done: None });
                respond::redirect(&visit, &to)
            }
            Err(cause) => respond::broken(&visit, &cause),
        },
    })
}

/// The form they came from.
pub(super) fn back(visit: &Visit, i: Option<&str>, next: Next) -> String {
    // Where others are signed in, the form has to be asked for (C2).
    let another = if visit.holds_sessions() { "1" } else { "" };
    next.along(visit.site(), "/sign-in", i, &[("another", another)])
}

fn problem(visit: &Visit, error: SignInError) -> Result<SignInProblem, ostiary::error::Internal> {
    let lockout = &visit.ctx.config().lockout;
    Ok(match error {
        SignInError::Refused => SignInProblem::WrongCredentials {
            tries: lockout.attempts,
            pause_minutes: u32::try_from(lockout.pause.as_secs().div_ceil(60)).unwrap_or(u32::MAX),
        },
        SignInError::NotVerified { email } => {
            // The password was right, so this browser may know the address.
            visit.remember_mail(email.as_str());
            SignInProblem::NotVerified
        }
        SignInError::TooMany(limit) => SignInProblem::Held(too_many(limit)),
        SignInError::Busy { retry_after_secs } => SignInProblem::Held(busy(retry_after_secs)),
        SignInError::Full { most } => SignInProblem::Full { most },
        SignInError::Internal(cause) => return Err(cause),
    })
}
