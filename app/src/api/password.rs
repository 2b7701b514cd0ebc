//! Passwords: forgotten, new, changed.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{
        self, ChangePassword, ChangePasswordError, ForgotPassword, ForgotPasswordError, ResetPassword,
        ResetPasswordError,
    },
    password::{BrokenRules, PasswordRule as DomainRule},
    secret::{PlainToken, SecretString, TokenKind},
    text::{EmailAddress, TextError},
};
use serde::Deserialize;

use super::{busy, done, encoding::Form, interaction, too_many, visit, welcome::welcome};
use crate::{
    model::{AddressProblem, ChangePasswordProblem, Flash, NewPasswordProblem},
    show::judged,
    ssr::{
        respond,
        said::{Said, typed},
    },
};

/// `POST /do/forgot-password`
#[server(name = DoForgot, prefix = "/do", endpoint = "forgot-password", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_forgot(email: String, i: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let i = interaction(i.as_deref());
    let shown = typed(&email, 320);
    let problem = match EmailAddress::try_from(email) {
        Err(TextError::Missing) => Some(AddressProblem::EmailMissing),
        Err(TextError::TooLong | TextError::Malformed) => Some(AddressProblem::EmailSyntax),
        Ok(email) => {
            let cmd = ForgotPassword { email, return_to: i.clone() };
            match account::forgot_password(&visit.ctx, cmd).await {
                Ok(()) => None,
                Err(ForgotPasswordError::TooMany(limit)) => Some(AddressProblem::Held(too_many(limit))),
                Err(ForgotPasswordError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            }
        }
    };
    let to = visit.site().to_with("/forgot-password", i.as_deref());
    visit.say(&to, Said::Forgot { email: shown, problem });
    done(respond::redirect(&visit, &to))
}

/// `POST /do/reset-password`
#[server(name = DoReset, prefix = "/do", endpoint = "reset-password", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_reset(t: String, password: SecretString, again: SecretString) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::PasswordReset, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/reset-password")));
    };
    // The page says by itself that a link is dead.
    let back = visit.site().to_query("/reset-password", "t", token.expose());
    let email = match account::find_reset(&visit.ctx, &token).await {
        Ok(Some(open)) => open.email,
        Ok(None) => return done(respond::redirect(&visit, &back)),
        Err(cause) => return done(respond::broken(&visit, &cause)),
    };
    let policy = &visit.ctx.config().password;
    let rules = judged(policy, password.expose(), email.as_str());
    let problems = if password.expose() == again.expose() {
        match account::reset_password(&visit.ctx, ResetPassword { token, password }).await {
            Ok(reset) => {
                let i = interaction(reset.return_to.as_deref());
                return done(welcome(&visit, i.as_deref(), Some(email), Flash::PasswordReset).await);
            }
            Err(ResetPasswordError::Unknown) => return done(respond::redirect(&visit, &back)),
            Err(ResetPasswordError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(ResetPasswordError::Password(broken)) => {
                weak(&broken, NewPasswordProblem::Weak, NewPasswordProblem::TooLong)
            }
            Err(ResetPasswordError::TooMany(limit)) => vec![NewPasswordProblem::Held(too_many(limit))],
            Err(ResetPasswordError::Busy { retry_after_secs }) => {
                vec![NewPasswordProblem::Held(busy(retry_after_secs))]
            }
        }
    } else {
        let broken = policy.check(password.expose(), email.as_str()).err();
        let mut problems =
            broken.map_or_else(Vec::new, |b| weak(&b, NewPasswordProblem::Weak, NewPasswordProblem::TooLong));
        problems.push(NewPasswordProblem::Differ);
        problems
    };
    visit.say(&back, Said::Reset { rules, problems });
    done(respond::redirect(&visit, &back))
}

/// `POST /do/change-password`
#[server(name = DoChange, prefix = "/do", endpoint = "change-password", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_change(
    current: SecretString,
    password: SecretString,
    again: SecretString,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let to = visit.site().to("/account/password");
    let policy = &visit.ctx.config().password;
    let email = visit.live.as_ref().map(|live| live.user.email.clone()).unwrap_or_default();
    let rules = judged(policy, password.expose(), &email);
    let problems = if password.expose() == again.expose() {
        match account::change_password(&visit.ctx, ChangePassword { current, new: password }).await {
            Ok(_) => {
                if let Err(cause) = visit.renew_cookie().await {
                    return done(respond::broken(&visit, &cause));
                }
                visit.say(&to, Said::Done(Flash::PasswordChanged));
                return done(respond::redirect(&visit, &to));
            }
            // The page sends whoever is not signed in to sign-in.
            Err(ChangePasswordError::Denied(_)) => return done(respond::redirect(&visit, &to)),
            Err(ChangePasswordError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(ChangePasswordError::WrongCurrent) => vec![ChangePasswordProblem::CurrentWrong],
            Err(ChangePasswordError::MustDiffer) => vec![ChangePasswordProblem::SameAsOld],
            Err(ChangePasswordError::Password(broken)) => {
                weak(&broken, ChangePasswordProblem::Weak, ChangePasswordProblem::TooLong)
            }
            Err(ChangePasswordError::TooMany(limit)) => vec![ChangePasswordProblem::Held(too_many(limit))],
            Err(ChangePasswordError::Busy { retry_after_secs }) => {
                vec![ChangePasswordProblem::Held(busy(retry_after_secs))]
            }
        }
    } else {
        let broken = policy.check(password.expose(), &email).err();
        let mut problems =
            broken.map_or_else(Vec::new, |b| weak(&b, ChangePasswordProblem::Weak, ChangePasswordProblem::TooLong));
        problems.push(ChangePasswordProblem::Differ);
        problems
    };
    visit.say(&to, Said::Change { rules, problems });
    done(respond::redirect(&visit, &to))
}

/// What is said of broken rules: too long by itself, everything else by the list.
pub(super) fn weak<P>(broken: &BrokenRules, weak: P, too_long: P) -> Vec<P> {
    let is_length = |rule: &DomainRule| matches!(rule, DomainRule::MaxLength(_));
    let long = broken.rules().iter().any(is_length).then_some(too_long);
    let weak = broken.rules().iter().any(|rule| !is_length(rule)).then_some(weak);
    weak.into_iter().chain(long).collect()
}
