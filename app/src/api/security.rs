//! Authenticator apps and recovery codes.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    factor::{
        self, BeginTotp, BeginTotpError, Channel, ConfirmTotp, ConfirmTotpError, MakeRecoveryCodesError,
        RemoveAuthenticator, RemoveAuthenticatorError, RenameAuthenticator, RenameAuthenticatorError, SetCodes,
        SetCodesError,
    },
    id::{AuthenticatorId, TrustedBrowserId},
    limits::TooMany,
    secret::SecretString,
    text::{DisplayName, TextError},
    trusted_browser::{self, EndTrust, EndTrustError},
};
use serde::Deserialize;

use super::{done, encoding::Form, too_many, visit};
use crate::{
    model::{AuthenticatorProblem, ErrorKind, Flash, Hold, NameProblem},
    show::security::{codes_page, set_up_over},
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

/// Longest name that comes back after an error; a longer one is told to be too long.
const LONGEST: usize = 300;

fn bad_name(error: TextError) -> NameProblem {
    match error {
        TextError::Missing => NameProblem::Missing,
        TextError::TooLong => NameProblem::TooLong,
        TextError::Malformed => NameProblem::Characters,
    }
}

/// Back to the form at `to` that asked for a name.
fn name_again(visit: &Visit, to: &str, name: &str, problem: NameProblem) -> axum::response::Response {
    visit.say(to, Said::Name { name: typed(name, LONGEST), problem });
    respond::redirect(visit, to)
}

/// `POST /do/add-authenticator`
#[server(name = DoAddAuthenticator, prefix = "/do", endpoint = "add-authenticator", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_add_authenticator(label: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::Authenticator);
    let name = DisplayName::try_from(label.as_str()).map_err(bad_name);
    let problem = match name {
        Err(problem) => problem,
        Ok(name) => match factor::begin_totp(&visit.ctx, BeginTotp { name }).await {
            Ok(_) => return done(respond::redirect(&visit, &site.to(Next::AuthenticatorScan.path()))),
            Err(BeginTotpError::Denied(_)) => return done(respond::redirect(&visit, &next.sign_in(site))),
            Err(BeginTotpError::SignInAgain) => {
                return done(respond::redirect(&visit, &next.confirm(site)));
            }
            Err(BeginTotpError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(BeginTotpError::Full) => NameProblem::Full,
            Err(BeginTotpError::TooMany(limit)) => NameProblem::Held(too_many(limit)),
        },
    };
    done(name_again(&visit, &site.to(next.path()), &label, problem))
}

/// `POST /do/confirm-authenticator`
#[server(name = DoConfirmAuthenticator, prefix = "/do", endpoint = "confirm-authenticator", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_confirm_authenticator(code: SecretString) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::AuthenticatorScan);
    let problem = match factor::confirm_totp(&visit.ctx, ConfirmTotp { code }).await {
        Ok(confirmed) => {
            if let Err(cause) = visit.renew_cookie().await {
                return done(respond::broken(&visit, &cause));
            }
            if confirmed.recovery_codes.is_empty() {
                return done(back_with(&visit, Flash::AuthenticatorAdded));
            }
            return done(codes(&visit, &confirmed.recovery_codes, true));
        }
        Err(ConfirmTotpError::Denied(_)) => return done(respond::redirect(&visit, &next.sign_in(site))),
        Err(ConfirmTotpError::SignInAgain) => {
            return done(respond::redirect(&visit, &next.confirm(site)));
        }
        Err(ConfirmTotpError::Gone) => return done(set_up_over(&visit)),
        Err(ConfirmTotpError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
        Err(ConfirmTotpError::WrongCode) => AuthenticatorProblem::WrongCode,
        Err(ConfirmTotpError::TooMany(limit)) => AuthenticatorProblem::Held(too_many(limit)),
    };
    let to = site.to(next.path());
    visit.say(&to, Said::Authenticator(problem));
    done(respond::redirect(&visit, &to))
}

/// To the one page that shows them, this one time.
fn codes(visit: &Visit, codes: &[SecretString], first: bool) -> axum::response::Response {
    let to = visit.site().to(Next::RecoveryCodes.path());
    let codes = codes.iter().map(|code| code.expose().to_owned()).collect();
    visit.say(&to, Said::RecoveryCodes { codes, first });
    respond::redirect(visit, &to)
}

fn back_with(visit: &Visit, flash: Flash) -> axum::response::Response {
    let to = visit.site().to(Next::Security.path());
    visit.say(&to, Said::Done(flash));
    respond::redirect(visit, &to)
}

/// Not now, where there is no form to say it in.
pub(super) fn held(visit: &Visit, limit: TooMany) -> axum::response::Response {
    respond::error(visit, &ErrorKind::Held(Hold::TooManyTries { seconds: limit.retry_after_secs }))
}

/// `POST /do/rename-authenticator`
#[server(name = DoRenameAuthenticator, prefix = "/do", endpoint = "rename-authenticator", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_rename_authenticator(id: String, label: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(id) = id.parse::<AuthenticatorId>() else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    let name = match DisplayName::try_from(label.as_str()) {
        Ok(name) => name,
        Err(error) => {
            let to = visit.site().to_query("/account/authenticators/rename", "id", &id.to_string());
            return done(name_again(&visit, &to, &label, bad_name(error)));
        }
    };
    done(match factor::rename_authenticator(&visit.ctx, RenameAuthenticator { id, name }).await {
        Ok(()) => back_with(&visit, Flash::AuthenticatorRenamed),
        Err(RenameAuthenticatorError::Denied(_)) => respond::redirect(&visit, &Next::Security.sign_in(visit.site())),
        Err(RenameAuthenticatorError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RenameAuthenticatorError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/remove-authenticator`
#[server(name = DoRemoveAuthenticator, prefix = "/do", endpoint = "remove-authenticator", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_remove_authenticator(id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(id) = id.parse::<AuthenticatorId>() else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    let (site, next) = (visit.site(), Next::Security);
    done(match factor::remove_authenticator(&visit.ctx, RemoveAuthenticator { id }).await {
        Ok(()) => match visit.renew_cookie().await {
            Ok(()) => back_with(&visit, Flash::AuthenticatorRemoved),
            Err(cause) => respond::broken(&visit, &cause),
        },
        Err(RemoveAuthenticatorError::Denied(_)) => respond::redirect(&visit, &next.sign_in(site)),
        Err(RemoveAuthenticatorError::SignInAgain) => respond::redirect(&visit, &next.confirm(site)),
        Err(RemoveAuthenticatorError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(RemoveAuthenticatorError::TooMany(limit)) => held(&visit, limit),
        Err(RemoveAuthenticatorError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/recovery-codes`
#[server(name = DoRecoveryCodes, prefix = "/do", endpoint = "recovery-codes", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_recovery_codes() -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::RecoveryCodes);
    done(match factor::make_recovery_codes(&visit.ctx).await {
        Ok(fresh) => codes(&visit, &fresh, false),
        Err(MakeRecoveryCodesError::Denied(_)) => respond::redirect(&visit, &next.sign_in(site)),
        Err(MakeRecoveryCodesError::SignInAgain) => respond::redirect(&visit, &next.confirm(site)),
        Err(MakeRecoveryCodesError::NoFactor) => respond::redirect(&visit, &site.to(next.path())),
        Err(MakeRecoveryCodesError::TooMany(limit)) => held(&visit, limit),
        Err(MakeRecoveryCodesError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/email-codes`: turns them on, or off.
#[server(name = DoEmailCodes, prefix = "/do", endpoint = "email-codes", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_email_codes(turn: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(set_codes(&visit, Channel::Email, &turn).await)
}

/// `POST /do/sms-codes`: the same by SMS.
#[server(name = DoSmsCodes, prefix = "/do", endpoint = "sms-codes", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sms_codes(turn: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(set_codes(&visit, Channel::Sms, &turn).await)
}

async fn set_codes(visit: &Visit, channel: Channel, turn: &str) -> axum::response::Response {
    let (site, next) = (visit.site(), codes_page(channel));
    let on = match turn {
        "on" => true,
        "off" => false,
        _ => return respond::error(visit, &ErrorKind::BadForm),
    };
    let flash = match (channel, on) {
        (Channel::Email, true) => Flash::EmailCodesOn,
        (Channel::Email, false) => Flash::EmailCodesOff,
        (Channel::Sms, true) => Flash::SmsCodesOn,
        (Channel::Sms, false) => Flash::SmsCodesOff,
    };
    match factor::set_codes(&visit.ctx, SetCodes { channel, on }).await {
        Ok(()) => match visit.renew_cookie().await {
            Ok(()) => back_with(visit, flash),
            Err(cause) => respond::broken(visit, &cause),
        },
        Err(SetCodesError::Denied(_)) => respond::redirect(visit, &next.sign_in(site)),
        Err(SetCodesError::SignInAgain) => respond::redirect(visit, &next.confirm(site)),
        Err(SetCodesError::Unavailable) => respond::error(visit, &ErrorKind::NotFound),
        Err(SetCodesError::TooMany(limit)) => held(visit, limit),
        Err(SetCodesError::Internal(cause)) => respond::broken(visit, &cause),
    }
}

/// `POST /do/end-trust`: has the second step asked for again in a browser (B7).
#[server(name = DoEndTrust, prefix = "/do", endpoint = "end-trust", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_end_trust(id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(id) = id.parse::<TrustedBrowserId>() else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    done(match trusted_browser::end_trust(&visit.ctx, EndTrust { id }).await {
        Ok(()) => back_with(&visit, Flash::TrustEnded),
        Err(EndTrustError::Denied(_)) => respond::redirect(&visit, &Next::Security.sign_in(visit.site())),
        Err(EndTrustError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(EndTrustError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
