//! One's data: taking it along, leaving for a while, leaving for good (A10).

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use ostiary::{
    account::{self, ExportError, GRACE},
    error::Internal,
    secret::{PlainToken, TokenKind},
};

use super::{
    AskedQuery,
    account::{flash, room, to_sign_in},
    asked,
    people::when,
    profile::me,
    security::elsewhere_first,
};
use crate::{
    model::{ComeBackPage, DataPage, DeactivatePage, DeleteAccountPage, LeftPage, Room},
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /account/data`
pub(crate) async fn data(visit: Visit) -> Response {
    let (room, _) = match room(&visit, Next::Data, flash(&visit)).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    match about_leaving(&visit, room).await {
        Ok(page) => respond::page(&visit, page),
        Err(cause) => respond::broken(&visit, &cause),
    }
}

async fn about_leaving(visit: &Visit, room: Room) -> Result<DataPage, Internal> {
    let erase = account::find_deletion(&visit.ctx).await?.map(|at| when(at, visit.ctx.now()));
    let is_last_admin = account::is_last_admin(&visit.ctx).await?;
    let owned = account::list_to_hand_over(&visit.ctx).await?;
    let owned = owned.into_iter().map(|one| (one.id.to_string(), one.name)).collect();
    Ok(DataPage { room, erase, is_last_admin, owned })
}

/// `GET /account/data/export`: a file to keep.
pub(crate) async fn export(visit: Visit) -> Response {
    match account::export_account(&visit.ctx).await {
        Ok(document) => {
            let text = serde_json::to_vec_pretty(&document).unwrap_or_default();
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"account.json\"")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, Body::from(text)).into_response()
        }
        Err(ExportError::Denied(_)) => to_sign_in(&visit, Next::Data),
        Err(ExportError::Internal(cause)) => respond::broken(&visit, &cause),
    }
}

/// `GET /account/data/deactivate`: asks first.
pub(crate) async fn deactivate(visit: Visit) -> Response {
    if let Some(instead) = elsewhere_first(&visit, Next::Deactivate) {
        return instead;
    }
    match me(&visit, Next::Deactivate).await {
        Ok(user) => respond::page(&visit, DeactivatePage { email: user.email.into() }),
        Err(instead) => instead,
    }
}

/// `GET /account/data/delete`: asks first.
pub(crate) async fn delete(visit: Visit) -> Response {
    if let Some(instead) = elsewhere_first(&visit, Next::DeleteAccount) {
        return instead;
    }
    match account::list_to_hand_over(&visit.ctx).await {
        Ok(owned) if owned.is_empty() => {}
        // The page says why.
        Ok(_) => return respond::redirect(&visit, &visit.site().to(Next::Data.path())),
        Err(cause) => return respond::broken(&visit, &cause),
    }
    let now = visit.ctx.now();
    respond::page(&visit, DeleteAccountPage { erase: when(now + GRACE, now) })
}

/// `GET /left`: said once, to whoever has just left.
pub(crate) async fn left(visit: Visit) -> Response {
    match visit.take_said() {
        Some(Said::Left { erase_at: None }) => respond::page(&visit, LeftPage::Deactivated),
        Some(Said::Left { erase_at: Some(at) }) => {
            respond::page(&visit, LeftPage::Deleted { erase: when(at, visit.ctx.now()) })
        }
        _ => respond::redirect(&visit, &visit.site().to("/")),
    }
}

/// `GET /come-back?t=`: has a button and consumes nothing, for mail scanners follow links.
pub(crate) async fn come_back(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::ComeBack, &t));
    let Some(token) = token else { return respond::page(&visit, ComeBackPage::Dead) };
    match account::find_come_back(&visit.ctx, &token).await {
        Ok(Some(email)) => {
            let page = ComeBackPage::Ready { token: token.expose().to_owned(), email: email.into() };
            respond::page(&visit, page)
        }
        Ok(None) => respond::page(&visit, ComeBackPage::Dead),
        Err(cause) => respond::broken(&visit, &cause),
    }
}
