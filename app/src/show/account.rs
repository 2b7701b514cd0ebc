//! Inside: the account and its sessions.

use axum::response::Response;
use ostiary::{
    account::{self, GetUserError, User},
    clock::Timestamp,
    grant::decoupled::list_requests,
    org,
    passkey::{self, ListPasskeysError},
    session::{self, SessionView},
};

use super::{
    AskedQuery,
    activity::lately,
    asked,
    invitations::mine,
    organizations::beside,
    people::{session_row, when},
};
use crate::{
    model::{
        AccountHome, Activity, ConfirmEndOthers, ConfirmEndSession, ErrorKind, Flash, Room, SessionRow, SessionsPage,
    },
    ssr::{Next, Visit, respond, said::Said},
};

/// The room around a page of the account, and its sessions.
///
/// # Errors
/// The answer instead: to sign-in for somebody who is not signed in (saying so if they were until now), or an error page.
pub(crate) async fn room(
    visit: &Visit,
    next: Next,
    flash: Option<Flash>,
) -> Result<(Room, Vec<SessionView>), Response> {
    let (room, sessions) = own_room(visit, next, flash).await?;
    let preferred = org::find_preferred(&visit.ctx).await.map_err(|cause| respond::broken(visit, &cause))?;
    Ok((Room { organization: preferred.as_ref().map(beside), ..room }, sessions))
}

/// The same without an organisation at its side.
///
/// # Errors
/// The same.
pub(super) async fn own_room(
    visit: &Visit,
    next: Next,
    flash: Option<Flash>,
) -> Result<(Room, Vec<SessionView>), Response> {
    let Some(person) = visit.person() else { return Err(to_sign_in(visit, next)) };
    let sessions = session::list_sessions(&visit.ctx).await.map_err(|cause| respond::broken(visit, &cause))?;
    let requests = list_requests(&visit.ctx).await.map_err(|cause| respond::broken(visit, &cause))?;
    let is_admin = visit.live.as_ref().is_some_and(|live| live.actor.is_admin);
    let invitations = mine(visit).await.map_err(|cause| respond::broken(visit, &cause))?.len();
    let (count, requests) = (sessions.len(), requests.len());
    Ok((Room { person, sessions: count, requests, invitations, is_admin, organization: None, flash }, sessions))
}

/// Sign-in, with the way back; who was signed in until now is told so.
pub(crate) fn to_sign_in(visit: &Visit, next: Next) -> Response {
    let to = next.sign_in(visit.site());
    if visit.was_signed_in {
        visit.say(&to, Said::Done(Flash::SessionGone));
    }
    respond::redirect(visit, &to)
}

pub(crate) fn flash(visit: &Visit) -> Option<Flash> {
    if let Some(Said::Done(flash)) = visit.take_said() { Some(flash) } else { None }
}

/// This browser's session and all others. A session that is alive is in its own list, unless it ended this very moment.
fn here_and_elsewhere(sessions: Vec<SessionView>, now: Timestamp) -> Option<(SessionRow, Vec<SessionRow>)> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| session.is_current);
    let here = session_row(here.into_iter().next()?, now);
    Some((here, elsewhere.into_iter().map(|session| session_row(session, now)).collect()))
}

/// `GET /account`
pub(crate) async fn home(visit: Visit) -> Response {
    let (room, sessions) = match room(&visit, Next::Account, flash(&visit)).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let user = match account::get_me(&visit.ctx).await {
        Ok(user) => user,
        Err(GetUserError::Denied(_) | GetUserError::NotFound) => return to_sign_in(&visit, Next::Account),
        Err(GetUserError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let passkeys = match passkey::list_passkeys(&visit.ctx).await {
        Ok(passkeys) => passkeys.keys.len(),
        Err(ListPasskeysError::Denied(_)) => return to_sign_in(&visit, Next::Account),
        Err(ListPasskeysError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let lately = match lately(&visit).await {
        Ok(lately) => lately,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let now = visit.ctx.now();
    let Some((here, _)) = here_and_elsewhere(sessions, now) else { return to_sign_in(&visit, Next::Account) };
    let mut page = overview(room, user, here, lately, now);
    page.passkeys = passkeys;
    page.erase = match account::find_deletion(&visit.ctx).await {
        Ok(erase_at) => erase_at.map(|at| when(at, now)),
        Err(cause) => return respond::broken(&visit, &cause),
    };
    respond::page(&visit, page)
}

fn overview(room: Room, user: User, here: SessionRow, lately: Vec<Activity>, now: Timestamp) -> AccountHome {
    AccountHome {
        room,
        erase: None,
        email_verified: user.is_verified(),
        username: user.username.map(String::from),
        joined: when(user.created_at, now),
        password_changed: user.password_changed_at.map(|at| when(at, now)),
        passkeys: 0,
        here,
        lately,
    }
}

/// `GET /account/sessions`
pub(crate) async fn sessions(visit: Visit) -> Response {
    let (room, sessions) = match room(&visit, Next::Sessions, flash(&visit)).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let Some((here, elsewhere)) = here_and_elsewhere(sessions, visit.ctx.now()) else {
        return to_sign_in(&visit, Next::Sessions);
    };
    let config = &visit.ctx.config().sessions;
    let stay = visit.live.as_ref().is_some_and(|live| live.stay);
    let (idle, max) = if stay { (config.stay_idle, config.stay_absolute) } else { (config.idle, config.absolute) };
    respond::page(
        &visit,
        SessionsPage { room, here, elsewhere, idle_seconds: idle.as_secs(), max_seconds: max.as_secs() },
    )
}

/// `GET /account/sessions/end?id=`: asks first. What is not one's own is not there.
pub(crate) async fn end_session(visit: Visit, query: AskedQuery) -> Response {
    let sessions = match room(&visit, Next::Sessions, None).await {
        Ok((_, sessions)) => sessions,
        Err(instead) => return instead,
    };
    let id = asked(query).id.unwrap_or_default();
    let found = sessions.into_iter().find(|session| session.id.to_string() == id);
    let Some(session) = found else { return respond::error(&visit, &ErrorKind::NotFound) };
    if session.is_current {
        return respond::redirect(&visit, &visit.site().to("/sign-out"));
    }
    let session = session_row(session, visit.ctx.now());
    respond::page(&visit, ConfirmEndSession { session })
}

/// `GET /account/sessions/end-others`: asks first.
pub(crate) async fn end_others(visit: Visit) -> Response {
    let sessions = match room(&visit, Next::Sessions, None).await {
        Ok((_, sessions)) => sessions,
        Err(instead) => return instead,
    };
    let now = visit.ctx.now();
    let elsewhere = sessions.into_iter().filter(|session| !session.is_current);
    let elsewhere = elsewhere.map(|session| session_row(session, now)).collect();
    respond::page(&visit, ConfirmEndOthers { elsewhere })
}
