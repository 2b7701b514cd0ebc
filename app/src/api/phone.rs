//! The telephone number (A9).

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    phone::{self, ConfirmPhone, ConfirmPhoneError, PhoneNumber, RemovePhoneError, RequestPhone, RequestPhoneError},
    text::TextError,
};
use serde::Deserialize;

use super::{done, encoding::Form, security::held, too_many, visit};
use crate::{
    model::{ErrorKind, Flash, PhoneProblem},
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

/// Longest number that comes back after an error.
const LONGEST: usize = 60;

/// Back to the page, which says this.
fn back(visit: &Visit, said: Said) -> Response {
    let to = visit.site().to(Next::Phone.path());
    visit.say(&to, said);
    respond::redirect(visit, &to)
}

/// The number is another one: the session goes on under a new cookie.
async fn changed(visit: &Visit, flash: Flash, to: Next) -> Response {
    match visit.renew_cookie().await {
        Ok(()) => {
            let to = visit.site().to(to.path());
            visit.say(&to, Said::Done(flash));
            respond::redirect(visit, &to)
        }
        Err(cause) => respond::broken(visit, &cause),
    }
}

/// `POST /do/change-phone`
#[server(name = DoChangePhone, prefix = "/do", endpoint = "change-phone", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_change_phone(phone: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::Phone);
    let problem = match PhoneNumber::try_from(phone.as_str()) {
        Err(TextError::Missing) => PhoneProblem::Missing,
        Err(TextError::TooLong | TextError::Malformed) => PhoneProblem::Syntax,
        Ok(number) => match phone::request_phone(&visit.ctx, RequestPhone { number }).await {
            Ok(()) => return done(back(&visit, Said::Done(Flash::PhoneAsked))),
            Err(RequestPhoneError::Denied(_)) => return done(respond::redirect(&visit, &next.sign_in(site))),
            Err(RequestPhoneError::SignInAgain) => return done(respond::redirect(&visit, &next.confirm(site))),
            Err(RequestPhoneError::Unavailable) => return done(respond::error(&visit, &ErrorKind::NotFound)),
            Err(RequestPhoneError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(RequestPhoneError::NotServed) => PhoneProblem::NotServed,
            Err(RequestPhoneError::Same) => PhoneProblem::Same,
            Err(RequestPhoneError::TooMany(limit)) => PhoneProblem::Held(too_many(limit)),
        },
    };
    done(back(&visit, Said::Phone { typed: typed(&phone, LONGEST), problem }))
}

/// `POST /do/confirm-phone`
#[server(name = DoConfirmPhone, prefix = "/do", endpoint = "confirm-phone", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_confirm_phone(code: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let problem = match phone::confirm_phone(&visit.ctx, ConfirmPhone { code }).await {
        Ok(_) => return done(changed(&visit, Flash::PhoneChanged, Next::Phone).await),
        Err(ConfirmPhoneError::Denied(_)) => {
            return done(respond::redirect(&visit, &Next::Phone.sign_in(visit.site())));
        }
        Err(ConfirmPhoneError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
        Err(ConfirmPhoneError::WrongCode) => PhoneProblem::WrongCode,
        Err(ConfirmPhoneError::Unknown) => PhoneProblem::UsedOrOld,
        Err(ConfirmPhoneError::TooMany(limit)) => PhoneProblem::Held(too_many(limit)),
    };
    done(back(&visit, Said::Phone { typed: String::new(), problem }))
}

/// `POST /do/remove-phone`: back to the profile, for where no messages are sent there is no other page.
#[server(name = DoRemovePhone, prefix = "/do", endpoint = "remove-phone", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_remove_phone() -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::Phone);
    done(match phone::remove_phone(&visit.ctx).await {
        Ok(()) => changed(&visit, Flash::PhoneRemoved, Next::Profile).await,
        Err(RemovePhoneError::Denied(_)) => respond::redirect(&visit, &next.sign_in(site)),
        Err(RemovePhoneError::SignInAgain) => respond::redirect(&visit, &next.confirm(site)),
        Err(RemovePhoneError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RemovePhoneError::TooMany(limit)) => held(&visit, limit),
        Err(RemovePhoneError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
