//! Passkeys: the list, rename, remove, the offer; and the options of their ceremonies.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use ostiary::{
    account::{self, BeginSecondFactorError, GetUserError},
    authz,
    clock::Timestamp,
    limits::TooMany,
    passkey::{
        self, AuthenticatorKind, BeginEnrolmentError, BeginSignInError, Ceremony, ListPasskeysError, PasskeyView,
        Passkeys,
    },
};
use serde_json::json;

use super::{
    AskedQuery,
    account::{room, to_sign_in},
    asked, going, hold,
    people::when,
};
use crate::{
    model::{
        ErrorKind, Hold, PasskeyKind, PasskeyOfferPage, PasskeyProblem, PasskeyRow, PasskeySignal, PasskeysPage,
        PasskeysState, RemovePasskeyPage, RenamePasskeyPage,
    },
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /account/passkeys`
pub(crate) async fn passkeys(visit: Visit) -> Response {
    let said = visit.take_said();
    let (flash, problem) = match said {
        Some(Said::Done(flash)) => (Some(flash), None),
        Some(Said::Passkey(problem)) => (None, Some(problem)),
        _ => (None, None),
    };
    let room = match room(&visit, Next::Passkeys, flash).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let list = match list(&visit).await {
        Ok(list) => list,
        Err(instead) => return instead,
    };
    hold_for(&visit, problem);
    visit.allow_fetching();
    let now = visit.ctx.now();
    let signal = list.relying_party_id.map(|rp_id| PasskeySignal {
        rp_id,
        user_handle: list.user_handle,
        credential_ids: list.keys.iter().map(|key| key.credential_id.clone()).collect(),
    });
    let state = match &signal {
        None => PasskeysState::Unavailable,
        Some(_) if is_stale(&visit) => PasskeysState::Stale,
        Some(_) => PasskeysState::Open,
    };
    let keys = list.keys.into_iter().map(|key| row(key, now)).collect();
    respond::page(&visit, PasskeysPage { room, keys, state, signal, problem })
}

/// They signed in too long ago for a sensitive change (B6).
fn is_stale(visit: &Visit) -> bool {
    authz::require_fresh_user(&visit.ctx).is_err()
}

async fn list(visit: &Visit) -> Result<Passkeys, Response> {
    passkey::list_passkeys(&visit.ctx).await.map_err(|error| match error {
        ListPasskeysError::Denied(_) => to_sign_in(visit, Next::Passkeys),
        ListPasskeysError::Internal(cause) => respond::broken(visit, &cause),
    })
}

fn row(key: PasskeyView, now: Timestamp) -> PasskeyRow {
    PasskeyRow {
        id: key.id.to_string(),
        name: key.name,
        maker: key.authenticator.map(|known| known.name),
        kind: key.authenticator.map_or(PasskeyKind::Unknown, |known| match known.kind {
            AuthenticatorKind::Device => PasskeyKind::Device,
            AuthenticatorKind::Manager => PasskeyKind::Manager,
            AuthenticatorKind::SecurityKey => PasskeyKind::SecurityKey,
        }),
        added: when(key.created_at, now),
        used: key.last_used_at.map(|at| when(at, now)),
        copied: key.copied_at.map(|at| when(at, now)),
    }
}

/// The passkey that is asked for, and how many others there are. What is not one's own is not there.
async fn one(visit: &Visit, query: AskedQuery) -> Result<(PasskeyRow, usize), Response> {
    if visit.live.is_none() {
        return Err(to_sign_in(visit, Next::Passkeys));
    }
    let id = asked(query).id.unwrap_or_default();
    let keys = list(visit).await?.keys;
    let others = keys.len().saturating_sub(1);
    let found = keys.into_iter().find(|key| key.id.to_string() == id);
    let found = found.ok_or_else(|| respond::error(visit, &ErrorKind::NotFound))?;
    Ok((row(found, visit.ctx.now()), others))
}

/// `GET /account/passkeys/rename?id=`
pub(crate) async fn rename(visit: Visit, query: AskedQuery) -> Response {
    let key = match one(&visit, query).await {
        Ok((key, _)) => key,
        Err(instead) => return instead,
    };
    let (typed, problem) = match visit.take_said() {
        Some(Said::PasskeyName { typed, problem }) => (Some(typed), Some(problem)),
        _ => (None, None),
    };
    respond::page(&visit, RenamePasskeyPage { id: key.id, name: key.name, typed, problem })
}

/// `GET /account/passkeys/remove?id=`: asks first.
pub(crate) async fn remove(visit: Visit, query: AskedQuery) -> Response {
    let (key, others) = match one(&visit, query).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let has_password = match account::get_me(&visit.ctx).await {
        Ok(user) => user.has_password,
        Err(GetUserError::Denied(_) | GetUserError::NotFound) => return to_sign_in(&visit, Next::Passkeys),
        Err(GetUserError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let is_stale = is_stale(&visit);
    respond::page(&visit, RemovePasskeyPage { key, others, has_password, is_stale })
}

/// `GET /account/passkeys/offer[?i=][&next=]`
pub(crate) async fn offer(visit: Visit, query: AskedQuery) -> Response {
    if visit.live.is_none() {
        return to_sign_in(&visit, Next::Account);
    }
    let asked = asked(query);
    let next = Next::parse(asked.next.as_deref());
    let interaction = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going.as_ref().map(super::Going::text),
        Err(instead) => return instead,
    };
    let problem = if let Some(Said::Passkey(problem)) = visit.take_said() { Some(problem) } else { None };
    hold_for(&visit, problem);
    visit.allow_fetching();
    respond::page(&visit, PasskeyOfferPage { interaction, next: next.code(), problem })
}

fn hold_for(visit: &Visit, problem: Option<PasskeyProblem>) {
    if let Some(PasskeyProblem::Held { seconds }) = problem {
        hold(visit, Some(Hold::TooManyTries { seconds }));
    }
}

/// `POST /passkeys/sign-in`: what a script asks the authenticator for.
pub(crate) async fn sign_in_options(visit: Visit) -> Response {
    match passkey::begin_sign_in(&visit.ctx).await {
        Ok(ceremony) => options(&ceremony),
        Err(BeginSignInError::TooMany(limit)) => limited(limit),
        Err(BeginSignInError::Unavailable) => StatusCode::NOT_FOUND.into_response(),
        Err(BeginSignInError::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /passkeys/second-factor`: what it asks for in the second step. Where that is over, the page itself says so, which the
/// script loads again.
pub(crate) async fn second_factor_options(visit: Visit) -> Response {
    let Some(pending) = visit.pending_sign_in() else { return StatusCode::FORBIDDEN.into_response() };
    match account::begin_second_factor(&visit.ctx, &pending).await {
        Ok(ceremony) => options(&ceremony),
        Err(BeginSecondFactorError::TooMany(limit)) => limited(limit),
        Err(BeginSecondFactorError::Gone) => StatusCode::FORBIDDEN.into_response(),
        Err(BeginSecondFactorError::NotOffered) => StatusCode::NOT_FOUND.into_response(),
        Err(BeginSecondFactorError::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /passkeys/enrolment`: the same for a new passkey. Who has to sign in again is told so by the page itself, which
/// the script loads again.
pub(crate) async fn enrolment_options(visit: Visit) -> Response {
    match passkey::begin_enrolment(&visit.ctx).await {
        Ok(ceremony) => options(&ceremony),
        Err(BeginEnrolmentError::TooMany(limit)) => limited(limit),
        Err(BeginEnrolmentError::Denied(_) | BeginEnrolmentError::SignInAgain) => StatusCode::FORBIDDEN.into_response(),
        Err(BeginEnrolmentError::Full) => {
            visit.say(&visit.site().to("/account/passkeys"), Said::Passkey(PasskeyProblem::Full));
            respond::bare_with(&visit, StatusCode::FORBIDDEN)
        }
        Err(BeginEnrolmentError::Unavailable) => StatusCode::NOT_FOUND.into_response(),
        Err(BeginEnrolmentError::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn options(ceremony: &Ceremony) -> Response {
    let body = json!({ "ceremony": ceremony.token.expose(), "options": ceremony.options });
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body)).into_response()
}

fn limited(limit: TooMany) -> Response {
    let headers = [(header::RETRY_AFTER, HeaderValue::from(limit.retry_after_secs))];
    (StatusCode::TOO_MANY_REQUESTS, headers).into_response()
}
