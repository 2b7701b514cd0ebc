//! Signing in by e-mail (B5).

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, MailProof, RequestSignInMail, RequestSignInMailError, SignInByMail, SignInByMailError},
    secret::{PlainToken, TokenKind},
    session::SessionKind,
    text::{EmailAddress, TextError},
};
use serde::Deserialize;

use super::{
    done,
    encoding::Form,
    interaction,
    second_factor::{first_step_done, full},
    too_many, visit,
};
use crate::{
    model::{AddressProblem, ErrorKind, MailCodeProblem},
    ssr::{
        Next, respond,
        said::{Said, typed},
    },
};

/// `POST /do/sign-in-mail`
#[server(name = DoSignInMail, prefix = "/do", endpoint = "sign-in-mail", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_in_mail(
    email: String,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let to = |path| next.along(visit.site(), path, i.as_deref(), &[]);
    let shown = typed(&email, 320);
    let problem = match EmailAddress::try_from(email) {
        Err(TextError::Missing) => AddressProblem::EmailMissing,
        Err(TextError::TooLong | TextError::Malformed) => AddressProblem::EmailSyntax,
        Ok(email) => {
            let cmd = RequestSignInMail { email: email.clone(), return_to: i.clone() };
            match account::request_sign_in_mail(&visit.ctx, cmd).await {
                Ok(()) => {
                    visit.remember_mail(email.as_str());
                    return done(respond::redirect(&visit, &to("/sign-in/mail/code")));
                }
                Err(RequestSignInMailError::Off) => return done(respond::error(&visit, &ErrorKind::NotFound)),
                Err(RequestSignInMailError::TooMany(limit)) => AddressProblem::Held(too_many(limit)),
                Err(RequestSignInMailError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            }
        }
    };
    let back = to("/sign-in/mail");
    visit.say(&back, Said::SignInMail { email: shown, problem });
    done(respond::redirect(&visit, &back))
}

/// `POST /do/sign-in-code`
#[server(name = DoSignInCode, prefix = "/do", endpoint = "sign-in-code", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_in_code(
    code: String,
    stay: Option<String>,
    i: Option<String>,
    next: Option<String>,
    n: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(n.as_deref());
    let (stay, i, next) = (stay.is_some(), interaction(i.as_deref()), Next::parse(next.as_deref()));
    // Without the address, the page asks for it.
    let back = next.along(visit.site(), "/sign-in/mail/code", i.as_deref(), &[]);
    let Some(email) = visit.mail().and_then(|email| EmailAddress::try_from(email).ok()) else {
        return done(respond::redirect(&visit, &back));
    };
    let cmd = SignInByMail { proof: MailProof::Code { email, code }, stay, kind: SessionKind::Browser };
    let problem = match account::sign_in_by_mail(&visit.ctx, cmd, &visit.trusted_by()).await {
        Ok(signed_in) => {
            return done(first_step_done(&visit, &signed_in.outcome, &attempt, i.as_deref(), next).await);
        }
        Err(SignInByMailError::Off) => return done(respond::error(&visit, &ErrorKind::NotFound)),
        Err(SignInByMailError::WrongCode | SignInByMailError::Gone) => MailCodeProblem::Wrong,
        Err(SignInByMailError::TooMany(limit)) => MailCodeProblem::Held(too_many(limit)),
        Err(SignInByMailError::Full { most }) => return done(full(&visit, most, i.as_deref(), next)),
        Err(SignInByMailError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    visit.say(&back, Said::SignInCode { stay, problem });
    done(respond::redirect(&visit, &back))
}

/// `POST /do/sign-in-link`
#[server(name = DoSignInLink, prefix = "/do", endpoint = "sign-in-link", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_in_link(t: String, stay: Option<String>, n: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let attempt = visit.house().attempts().begin(n.as_deref());
    let Some(token) = PlainToken::parse(TokenKind::EmailSignIn, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/sign-in/link")));
    };
    // The page says by itself that a link is dead.
    let back = visit.site().to_query("/sign-in/link", "t", token.expose());
    let cmd = SignInByMail { proof: MailProof::Link(token), stay: stay.is_some(), kind: SessionKind::Browser };
    match account::sign_in_by_mail(&visit.ctx, cmd, &visit.trusted_by()).await {
        Ok(signed_in) => {
            let i = match super::welcome::still_waits(&visit, signed_in.return_to.as_deref()).await {
                Ok(i) => i,
                Err(cause) => return done(respond::broken(&visit, &cause)),
            };
            let next = Next::default();
            return done(first_step_done(&visit, &signed_in.outcome, &attempt, i.as_deref(), next).await);
        }
        Err(SignInByMailError::Off) => return done(respond::error(&visit, &ErrorKind::NotFound)),
        Err(SignInByMailError::Gone | SignInByMailError::WrongCode) => {}
        Err(SignInByMailError::TooMany(limit)) => visit.say(&back, Said::LinkHeld(too_many(limit))),
        Err(SignInByMailError::Full { most }) => return done(full(&visit, most, None, Next::default())),
        Err(SignInByMailError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    }
    done(respond::redirect(&visit, &back))
}
