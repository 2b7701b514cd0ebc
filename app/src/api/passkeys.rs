//! Adding, renaming, removing and using passkeys, and answering the offer of one.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    passkey::{
        self, AnswerOfferError, Assertion, FinishEnrolment, FinishEnrolmentError, FinishSignIn, FinishSignInError,
        NewCredential, OfferAnswer, PasskeyName, RemovePasskeyError, RenamePasskey, RenamePasskeyError,
    },
    secret::{PlainToken, TokenKind},
    session::SessionKind,
    text::TextError,
};
use serde::Deserialize;

use super::{
    done,
    encoding::Form,
    interaction,
    second_factor::{enter, onward},
    sign_in::back,
    too_many, visit,
};
use crate::{
    model::{ConfirmProblem, ErrorKind, Flash, PasskeyNameProblem, PasskeyProblem, SignInProblem},
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

fn ceremony(text: &str) -> Option<PlainToken> {
    PlainToken::parse(TokenKind::PasskeyCeremony, text)
}

/// `POST /do/passkey-sign-in`
#[server(name = DoPasskeySignIn, prefix = "/do", endpoint = "passkey-sign-in", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_passkey_sign_in(
    ceremony: String,
    credential: String,
    stay: Option<String>,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let stay = stay.is_some_and(|stay| !stay.is_empty());
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let (Some(ceremony), Some(assertion)) = (self::ceremony(&ceremony), Assertion::parse(&credential)) else {
        return done(respond::error(&visit, &ErrorKind::BadForm));
    };
    let attempt = visit.house().attempts().begin(None);
    let cmd = FinishSignIn { ceremony, assertion, stay, kind: SessionKind::Browser };
    done(match passkey::finish_sign_in(&visit.ctx, cmd).await {
        Ok(new) => enter(&visit, &new, &attempt, &onward(&visit, i.as_deref(), next)).await,
        Err(error) => match sign_in_problem(&visit, error) {
            // Somebody who was only asked to prove it once more.
            Ok(problem) if visit.live.is_some() && i.is_none() => {
                let to = next.confirm(visit.site());
                let problem = if let SignInProblem::Held(hold) = problem {
                    ConfirmProblem::Held(hold)
                } else {
                    ConfirmProblem::Passkey
                };
                visit.say(&to, Said::Confirm(problem));
                respond::redirect(&visit, &to)
            }
            Ok(problem) => {
                let to = back(&visit, i.as_deref(), next);
                let said = Said::SignIn { username: String::new(), stay, problem: Some(problem), done: None };
                visit.say(&to, said);
                respond::redirect(&visit, &to)
            }
            Err(cause) => respond::broken(&visit, &cause),
        },
    })
}

fn sign_in_problem(visit: &Visit, error: FinishSignInError) -> Result<SignInProblem, ostiary::error::Internal> {
    Ok(match error {
        FinishSignInError::Expired => SignInProblem::PasskeyExpired,
        FinishSignInError::Unknown => SignInProblem::PasskeyUnknown,
        FinishSignInError::Refused => SignInProblem::PasskeyRefused,
        FinishSignInError::Copied => SignInProblem::PasskeyCopied,
        FinishSignInError::Paused { retry_after_secs } => SignInProblem::Paused { seconds: retry_after_secs },
        FinishSignInError::NotVerified { email } => {
            // Who holds the passkey may know the address.
            visit.remember_mail(email.as_str());
            SignInProblem::NotVerified
        }
        FinishSignInError::TooMany(limit) => SignInProblem::Held(too_many(limit)),
        FinishSignInError::Full { most } => SignInProblem::Full { most },
        FinishSignInError::Internal(cause) => return Err(cause),
    })
}

/// `POST /do/add-passkey`
#[server(name = DoAddPasskey, prefix = "/do", endpoint = "add-passkey", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_add_passkey(
    ceremony: String,
    credential: String,
    i: Option<String>,
    next: Option<String>,
    offer: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let (Some(ceremony), Some(credential)) = (self::ceremony(&ceremony), NewCredential::parse(&credential)) else {
        return done(respond::error(&visit, &ErrorKind::BadForm));
    };
    let list = visit.site().to("/account/passkeys");
    let problem =
        match passkey::finish_enrolment(&visit.ctx, FinishEnrolment { ceremony, credential, name: None }).await {
            Ok(_) => {
                if let Err(cause) = visit.renew_cookie().await {
                    return done(respond::broken(&visit, &cause));
                }
                let to = if offer.is_some() { onward(&visit, i.as_deref(), next) } else { list };
                if i.is_none() {
                    visit.say(&to, Said::Done(Flash::PasskeyAdded));
                }
                return done(respond::redirect(&visit, &to));
            }
            Err(FinishEnrolmentError::Denied(_)) => return done(respond::redirect(&visit, &list)),
            Err(FinishEnrolmentError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(FinishEnrolmentError::Expired) => PasskeyProblem::Expired,
            Err(FinishEnrolmentError::Refused) => PasskeyProblem::Refused,
            Err(FinishEnrolmentError::Known) => PasskeyProblem::Known,
            Err(FinishEnrolmentError::Full) => PasskeyProblem::Full,
            Err(FinishEnrolmentError::TooMany(limit)) => PasskeyProblem::Held { seconds: limit.retry_after_secs },
        };
    let to = if offer.is_some() { offer_page(&visit, i.as_deref(), next) } else { list };
    visit.say(&to, Said::Passkey(problem));
    done(respond::redirect(&visit, &to))
}

/// The page that offers a passkey, with the way on.
pub(super) fn offer_page(visit: &Visit, i: Option<&str>, next: Next) -> String {
    let query = [("i", i.unwrap_or_default()), ("next", next.code().unwrap_or_default())];
    visit.site().to_queries("/account/passkeys/offer", &query)
}

/// `POST /do/answer-offer`
#[server(name = DoAnswerOffer, prefix = "/do", endpoint = "answer-offer", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_answer_offer(
    answer: String,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (i, next) = (interaction(i.as_deref()), Next::parse(next.as_deref()));
    let answer = match answer.as_str() {
        "not-now" => OfferAnswer::NotNow,
        "never" => OfferAnswer::Never,
        _ => return done(respond::error(&visit, &ErrorKind::BadForm)),
    };
    done(match passkey::answer_offer(&visit.ctx, answer).await {
        // Who is signed in no more is sent to sign-in by the page.
        Ok(()) | Err(AnswerOfferError::Denied(_)) => respond::redirect(&visit, &onward(&visit, i.as_deref(), next)),
        Err(AnswerOfferError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/rename-passkey`
#[server(name = DoRenamePasskey, prefix = "/do", endpoint = "rename-passkey", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_rename_passkey(id: String, name: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let list = visit.site().to("/account/passkeys");
    let Ok(key) = id.parse() else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    let problem = match PasskeyName::try_from(name.as_str()) {
        Ok(name) => {
            return done(match passkey::rename_passkey(&visit.ctx, RenamePasskey { id: key, name }).await {
                Ok(()) => {
                    visit.say(&list, Said::Done(Flash::PasskeyRenamed));
                    respond::redirect(&visit, &list)
                }
                Err(RenamePasskeyError::Denied(_)) => respond::redirect(&visit, &list),
                Err(RenamePasskeyError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
                Err(RenamePasskeyError::Internal(cause)) => respond::broken(&visit, &cause),
            });
        }
        Err(TextError::Missing) => PasskeyNameProblem::Missing,
        Err(TextError::TooLong) => PasskeyNameProblem::TooLong,
        Err(TextError::Malformed) => PasskeyNameProblem::Malformed,
    };
    let to = visit.site().to_query("/account/passkeys/rename", "id", &key.to_string());
    visit.say(&to, Said::PasskeyName { typed: typed(&name, 120), problem });
    done(respond::redirect(&visit, &to))
}

/// `POST /do/remove-passkey`
#[server(name = DoRemovePasskey, prefix = "/do", endpoint = "remove-passkey", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_remove_passkey(id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let list = visit.site().to("/account/passkeys");
    let Ok(key) = id.parse() else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    done(match passkey::remove_passkey(&visit.ctx, key).await {
        Ok(()) => match visit.renew_cookie().await {
            Ok(()) => {
                visit.say(&list, Said::Done(Flash::PasskeyRemoved));
                respond::redirect(&visit, &list)
            }
            Err(cause) => respond::broken(&visit, &cause),
        },
        Err(RemovePasskeyError::Denied(_)) => respond::redirect(&visit, &list),
        // The confirmation says both in words.
        Err(RemovePasskeyError::SignInAgain | RemovePasskeyError::LastWayIn) => {
            let to = visit.site().to_query("/account/passkeys/remove", "id", &key.to_string());
            respond::redirect(&visit, &to)
        }
        Err(RemovePasskeyError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RemovePasskeyError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
