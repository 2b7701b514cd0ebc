//! What protects the account: the overview of it, authenticator apps, recovery codes.

use axum::response::Response;
use ostiary::{
    authz::{self, NotFresh},
    clock::Timestamp,
    factor::{self, AuthenticatorView, BeginTotpError, Channel, CodesView, FactorsView, ListFactorsError, TotpSetUp},
    secret::SecretString,
    trusted_browser::{self, ListTrustError, TrustedBrowserView},
    user_agent::DeviceDescription,
};

use super::{
    AskedQuery,
    account::{flash, room},
    asked, hold,
    people::when,
    profile::me,
};
use crate::{
    model::{
        AddAuthenticatorPage, AuthenticatorProblem, AuthenticatorRow, CodesPage, CodesRow, ErrorKind, Flash,
        NameProblem, QrCode, RecoveryCodesPage, RecoveryCodesRow, RemoveAuthenticatorPage, RenameAuthenticatorPage,
        ScanAuthenticatorPage, SecurityPage, Sent, TrustedBrowserRow,
    },
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /account/security`
pub(crate) async fn security(visit: Visit) -> Response {
    let room = match room(&visit, Next::Security, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let factors = match factors(&visit, Next::Security).await {
        Ok(factors) => factors,
        Err(instead) => return instead,
    };
    let user = match me(&visit, Next::Security).await {
        Ok(user) => user,
        Err(instead) => return instead,
    };
    let now = visit.ctx.now();
    let recovery_codes = factors.recovery_codes.map(|codes| RecoveryCodesRow {
        left: codes.left,
        is_low: codes.is_low(),
        made: when(codes.made_at, now),
        used: codes.last_used_at.map(|at| when(at, now)),
    });
    let (email_codes, sms_codes) = (codes_row(factors.email_codes, now), codes_row(factors.sms_codes, now));
    let trusted_browsers = match trusted_browser::list_trusted_browsers(&visit.ctx, &visit.trusted_by()).await {
        Ok(views) => views.iter().map(|view| trusted(view, now)).collect(),
        Err(ListTrustError::Denied(_)) => {
            return respond::redirect(&visit, &Next::Security.sign_in(visit.site()));
        }
        Err(ListTrustError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let page = SecurityPage {
        room,
        has_password: user.has_password,
        password_changed: user.password_changed_at.map(|at| when(at, now)),
        authenticators: factors.authenticators.into_iter().map(|view| row(view, now)).collect(),
        recovery_codes,
        email_codes,
        sms_codes,
        phone: user.verified_phone().map(String::from),
        trusted_browsers,
    };
    respond::page(&visit, page)
}

fn codes_row(view: CodesView, now: Timestamp) -> Option<CodesRow> {
    match view {
        CodesView::Unavailable => None,
        CodesView::Off => Some(CodesRow::Off),
        CodesView::On { added_at, last_used_at } => {
            Some(CodesRow::On { added: when(added_at, now), used: last_used_at.map(|at| when(at, now)) })
        }
    }
}

fn trusted(view: &TrustedBrowserView, now: Timestamp) -> TrustedBrowserRow {
    TrustedBrowserRow {
        id: view.id.to_string(),
        device: view.device.unwrap_or(DeviceDescription::UNKNOWN).to_string(),
        is_current: view.is_current,
        since: when(view.trusted_at, now),
        until: when(view.expires_at, now),
        used: view.last_used_at.map(|at| when(at, now)),
    }
}

/// The second factors of whoever is signed in; everybody else is sent to sign-in.
async fn factors(visit: &Visit, next: Next) -> Result<FactorsView, Response> {
    factor::list_factors(&visit.ctx).await.map_err(|error| match error {
        ListFactorsError::Denied(_) => respond::redirect(visit, &next.sign_in(visit.site())),
        ListFactorsError::Internal(cause) => respond::broken(visit, &cause),
    })
}

fn row(view: AuthenticatorView, now: Timestamp) -> AuthenticatorRow {
    AuthenticatorRow {
        id: view.id.to_string(),
        name: view.name.into(),
        added: when(view.added_at, now),
        used: view.last_used_at.map(|at| when(at, now)),
    }
}

/// Where somebody is sent first who did not prove lately who they are: before they fill in a form, not after.
pub(super) fn elsewhere_first(visit: &Visit, next: Next) -> Option<Response> {
    match authz::require_fresh_user(&visit.ctx) {
        Ok(_) => None,
        Err(NotFresh::Denied(_)) => Some(respond::redirect(visit, &next.sign_in(visit.site()))),
        Err(NotFresh::SignInAgain) => Some(respond::redirect(visit, &next.confirm(visit.site()))),
    }
}

/// `GET /account/authenticators/add`
pub(crate) async fn add(visit: Visit) -> Response {
    if let Some(instead) = elsewhere_first(&visit, Next::Authenticator) {
        return instead;
    }
    let (name, problem) = match visit.take_said() {
        Some(Said::Name { name, problem }) => (name, Some(problem)),
        _ => (String::new(), None),
    };
    hold_name(&visit, problem);
    respond::page(&visit, AddAuthenticatorPage { name, problem })
}

fn hold_name(visit: &Visit, problem: Option<NameProblem>) {
    if let Some(NameProblem::Held(held)) = problem {
        hold(visit, Some(held));
    }
}

/// `GET /account/authenticators/scan`
pub(crate) async fn scan(visit: Visit) -> Response {
    let set_up = match factor::find_totp_set_up(&visit.ctx).await {
        Ok(Some(set_up)) => set_up,
        Ok(None) | Err(BeginTotpError::Full | BeginTotpError::TooMany(_)) => {
            return respond::redirect(&visit, &visit.site().to(Next::Authenticator.path()));
        }
        Err(BeginTotpError::Denied(_)) => {
            return respond::redirect(&visit, &Next::AuthenticatorScan.sign_in(visit.site()));
        }
        Err(BeginTotpError::SignInAgain) => {
            return respond::redirect(&visit, &Next::AuthenticatorScan.confirm(visit.site()));
        }
        Err(BeginTotpError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let problem = match visit.take_said() {
        Some(Said::Authenticator(problem)) => Some(problem),
        _ => None,
    };
    if let Some(AuthenticatorProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    let TotpSetUp { name, key, uri, .. } = set_up;
    match draw(&uri) {
        Some(qr) => {
            respond::page(&visit, ScanAuthenticatorPage { name: name.into(), qr, key: in_fours(&key), problem })
        }
        None => respond::broken(&visit, &ostiary::error::Internal::new("draw a QR code", "too long")),
    }
}

/// The modules of a QR code, rows of dark ones joined to one stroke each.
fn draw(text: &SecretString) -> Option<QrCode> {
    /// Cameras want this much white around it (ISO 18004 §6.3.8).
    const QUIET: usize = 4;
    use std::fmt::Write as _;
    let code = qrcode::QrCode::with_error_correction_level(text.expose(), qrcode::EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, line) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in line.chunk_by(|a, b| a == b) {
            if run.first() == Some(&qrcode::Color::Dark) {
                let n = run.len();
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h{n}v1h-{n}z", x + QUIET, y + QUIET);
            }
            x += run.len();
        }
    }
    Some(QrCode { size: width + 2 * QUIET, path })
}

/// `JBSW Y3DP …`
fn in_fours(key: &SecretString) -> String {
    let mut text = String::new();
    for (n, c) in key.expose().chars().enumerate() {
        if n > 0 && n % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

/// The authenticator that the query names. What is not one's own is not there.
async fn named(visit: &Visit, query: AskedQuery) -> Result<(AuthenticatorRow, bool), Response> {
    let factors = factors(visit, Next::Security).await?;
    let is_last = factors.authenticators.len() == 1;
    let id = asked(query).id.unwrap_or_default();
    let found = factors.authenticators.into_iter().find(|view| view.id.to_string() == id);
    let found = found.ok_or_else(|| respond::error(visit, &ErrorKind::NotFound))?;
    Ok((row(found, visit.ctx.now()), is_last))
}

/// `GET /account/authenticators/rename?id=`
pub(crate) async fn rename(visit: Visit, query: AskedQuery) -> Response {
    let (found, _) = match named(&visit, query).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let (name, problem) = match visit.take_said() {
        Some(Said::Name { name, problem }) => (name, Some(problem)),
        _ => (found.name.clone(), None),
    };
    hold_name(&visit, problem);
    respond::page(&visit, RenameAuthenticatorPage { id: found.id, called: found.name, name, problem })
}

/// `GET /account/authenticators/remove?id=`: asks first.
pub(crate) async fn remove(visit: Visit, query: AskedQuery) -> Response {
    if let Some(instead) = elsewhere_first(&visit, Next::Security) {
        return instead;
    }
    match named(&visit, query).await {
        Ok((authenticator, is_last)) => respond::page(&visit, RemoveAuthenticatorPage { authenticator, is_last }),
        Err(instead) => instead,
    }
}

/// `GET /account/recovery-codes`: those just made, this one time; else the question whether to make new ones.
pub(crate) async fn recovery_codes(visit: Visit) -> Response {
    if let (Some(_), Some(Said::RecoveryCodes { codes, first })) = (visit.ctx.user(), visit.take_said()) {
        return respond::page(&visit, RecoveryCodesPage::Fresh { codes, first });
    }
    if let Some(instead) = elsewhere_first(&visit, Next::RecoveryCodes) {
        return instead;
    }
    let factors = match factors(&visit, Next::RecoveryCodes).await {
        Ok(factors) => factors,
        Err(instead) => return instead,
    };
    let page = if factors.authenticators.is_empty() {
        RecoveryCodesPage::NoFactor
    } else {
        RecoveryCodesPage::Ask { left: factors.recovery_codes.map_or(0, |codes| codes.left) }
    };
    respond::page(&visit, page)
}

/// `GET /account/email-codes`: asks whether to turn them on, or off.
pub(crate) async fn email_codes(visit: Visit) -> Response {
    codes(&visit, Channel::Email).await.unwrap_or_else(|instead| instead)
}

/// `GET /account/sms-codes`: the same by SMS; to the number first where there is none.
pub(crate) async fn sms_codes(visit: Visit) -> Response {
    codes(&visit, Channel::Sms).await.unwrap_or_else(|instead| instead)
}

/// The page that turns codes of a channel on and off.
pub(crate) const fn codes_page(channel: Channel) -> Next {
    match channel {
        Channel::Email => Next::EmailCodes,
        Channel::Sms => Next::SmsCodes,
    }
}

async fn codes(visit: &Visit, channel: Channel) -> Result<Response, Response> {
    let next = codes_page(channel);
    if let Some(instead) = elsewhere_first(visit, next) {
        return Err(instead);
    }
    let factors = factors(visit, next).await?;
    let user = me(visit, next).await?;
    let on = is_on(factors.codes(channel)).ok_or_else(|| respond::error(visit, &ErrorKind::NotFound))?;
    let (by, other, to) = match channel {
        Channel::Email => (Sent::Email, Channel::Sms, Some(String::from(user.email.clone()))),
        Channel::Sms => (Sent::Sms, Channel::Email, user.verified_phone().map(String::from)),
    };
    let Some(to) = to else { return Err(respond::redirect(visit, &visit.site().to(Next::Phone.path()))) };
    let has_app = !factors.authenticators.is_empty();
    let has_other = has_app || is_on(factors.codes(other)) == Some(true);
    Ok(respond::page(visit, CodesPage { by, on, to, has_app, has_other }))
}

const fn is_on(view: CodesView) -> Option<bool> {
    match view {
        CodesView::Unavailable => None,
        CodesView::Off => Some(false),
        CodesView::On { .. } => Some(true),
    }
}

/// Where a set-up begins again that took too long.
pub(crate) fn set_up_over(visit: &Visit) -> Response {
    let to = visit.site().to(Next::Security.path());
    visit.say(&to, Said::Done(Flash::SetUpOver));
    respond::redirect(visit, &to)
}
