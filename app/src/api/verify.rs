//! Confirming an address: by code, by link, and having the mail sent again.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, ResendVerification, ResendVerificationError, VerifyEmail, VerifyEmailError},
    secret::{PlainToken, TokenKind},
    text::EmailAddress,
};
use serde::Deserialize;

use super::{done, encoding::Form, interaction, too_many, visit, welcome::welcome};
use crate::{
    model::{CodeProblem, Flash},
    ssr::{Visit, respond, said::Said},
};

/// The address this browser asked to have confirmed.
fn address(visit: &Visit) -> Option<EmailAddress> {
    EmailAddress::try_from(visit.mail()?).ok()
}

/// `POST /do/verify-code`
#[server(name = DoVerifyCode, prefix = "/do", endpoint = "verify-code", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_verify_code(code: String, i: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let i = interaction(i.as_deref());
    let outcome = match address(&visit) {
        Some(email) => {
            let cmd = VerifyEmail::Code { email: email.clone(), code };
            account::verify_email(&visit.ctx, cmd).await.map(|verified| (email, verified)).map_err(Some)
        }
        None => Err(None),
    };
    let problem = match outcome {
        Ok((email, verified)) => {
            visit.forget_mail();
            let i = i.or_else(|| interaction(verified.return_to.as_deref()));
            return done(welcome(&visit, i.as_deref(), Some(email), Flash::AddressConfirmed).await);
        }
        Err(None) => CodeProblem::NothingToConfirm,
        Err(Some(VerifyEmailError::WrongCode)) => CodeProblem::Wrong,
        Err(Some(VerifyEmailError::Unknown)) => CodeProblem::UsedOrOld,
        Err(Some(VerifyEmailError::TooMany(limit))) => CodeProblem::Held(too_many(limit)),
        Err(Some(VerifyEmailError::Internal(cause))) => return done(respond::broken(&visit, &cause)),
    };
    let to = visit.site().to_with("/check-mail", i.as_deref());
    visit.say(&to, Said::Code(problem));
    done(respond::redirect(&visit, &to))
}

/// `POST /do/verify-link`
#[server(name = DoVerifyLink, prefix = "/do", endpoint = "verify-link", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_verify_link(t: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::EmailVerification, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/verify")));
    };
    let open = match account::find_verification(&visit.ctx, &token).await {
        Ok(open) => open,
        Err(cause) => return done(respond::broken(&visit, &cause)),
    };
    // The page says by itself that a link is dead.
    let back = visit.site().to_query("/verify", "t", token.expose());
    let to = match account::verify_email(&visit.ctx, VerifyEmail::Link(token)).await {
        Ok(verified) => {
            visit.forget_mail();
            let i = interaction(verified.return_to.as_deref());
            let email = open.map(|open| open.email);
            return done(welcome(&visit, i.as_deref(), email, Flash::AddressConfirmed).await);
        }
        Err(VerifyEmailError::Unknown | VerifyEmailError::WrongCode) => back,
        Err(VerifyEmailError::TooMany(limit)) => {
            visit.say(&back, Said::LinkHeld(too_many(limit)));
            back
        }
        Err(VerifyEmailError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    done(respond::redirect(&visit, &to))
}

/// `POST /do/resend-verification`
#[server(name = DoResend, prefix = "/do", endpoint = "resend-verification", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_resend(i: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let i = interaction(i.as_deref());
    let said = match address(&visit) {
        None => Said::Code(CodeProblem::NothingToConfirm),
        Some(email) => {
            let cmd = ResendVerification { email, return_to: i.clone() };
            match account::resend_verification(&visit.ctx, cmd).await {
                Ok(()) => Said::Done(Flash::MailSentAgain),
                Err(ResendVerificationError::TooMany(limit)) => Said::Code(CodeProblem::Held(too_many(limit))),
                Err(ResendVerificationError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            }
        }
    };
    let to = visit.site().to_with("/check-mail", i.as_deref());
    visit.say(&to, said);
    done(respond::redirect(&visit, &to))
}
