//! Signing out: the question, and having done so.

use axum::response::Response;
use ostiary::{
    logout::{self, LogoutView},
    session::MOST_ACCOUNTS,
};

use super::{AskedQuery, asked, people::application};
use crate::{
    model::{ConfirmSignOutPage, ErrorKind, SignOutFrame, SignedOutPage},
    ssr::{self, Visit, respond},
};

/// `GET /sign-out[?i=]`: asks first.
pub(crate) async fn sign_out(visit: Visit, query: AskedQuery) -> Response {
    let i = asked(query).i;
    let request = match found(&visit, i.as_deref()).await {
        Ok(request) => request,
        Err(instead) => return instead,
    };
    if i.is_some() && request.is_none() {
        return respond::error(&visit, &ErrorKind::InteractionOver { restart: None, caller: None });
    }
    let Some(person) = visit.person() else {
        // Signed out meanwhile, perhaps in another tab.
        let to = request.and_then(|request| request.way_back).unwrap_or_else(|| visit.site().to("/signed-out"));
        return respond::redirect(&visit, &to);
    };
    let Some(request) = request else {
        return respond::page(&visit, ConfirmSignOutPage { person, ..ConfirmSignOutPage::default() });
    };
    if let Some(origin) = &request.redirect_origin {
        visit.allow_form_action(origin);
    }
    let home = request.client.as_ref().and_then(|client| client.home.as_ref().map(ToString::to_string));
    let page = ConfirmSignOutPage {
        logout: i,
        person,
        caller: request.client.map(|client| application(&client.name, client.domain)),
        stay: request.way_back.or(home),
    };
    respond::page(&visit, page)
}

/// `GET /signed-out[?i=]`: also tells the applications that only this browser can tell. Who signed out of all accounts at
/// once comes with several requests.
pub(crate) async fn signed_out(visit: Visit, query: AskedQuery) -> Response {
    let mut page = SignedOutPage::default();
    match visit.accounts().await {
        Ok(accounts) => page.others = accounts.iter().any(|account| account.is_live),
        Err(cause) => return respond::broken(&visit, &cause),
    }
    for i in asked(query).i.unwrap_or_default().split('.').take(MOST_ACCOUNTS) {
        // Looked at again much later, it is the page it was, without what is over.
        let Some(request) = (match found(&visit, Some(i)).await {
            Ok(request) => request,
            Err(instead) => return instead,
        }) else {
            continue;
        };
        visit.allow_frames(request.frames.iter().map(|frame| frame.url.origin().ascii_serialization()));
        let frames = request.frames.into_iter();
        page.frames.extend(frames.map(|frame| SignOutFrame { name: frame.client_name, src: frame.url.into() }));
        page.back_to = page.back_to.or(request.client.map(|client| client.name).zip(request.way_back));
    }
    respond::page(&visit, page)
}

/// The request in the query.
async fn found(visit: &Visit, i: Option<&str>) -> Result<Option<LogoutView>, Response> {
    let Some(handle) = ssr::logout(i) else { return Ok(None) };
    logout::find_logout(&visit.ctx, &handle).await.map_err(|cause| respond::broken(visit, &cause))
}
