//! `POST /connect/bc-authorize`: an application asks for a person who is somewhere else (OpenID CIBA Core §7, poll mode).

use axum::response::Response;
use http::StatusCode;
use ostiary::grant::decoupled::{BeginBackchannel, begin_backchannel};
use serde::Serialize;

use super::wire::{self, Call, Posted, Refused};

/// CIBA §7.3
#[derive(Serialize)]
struct Begun<'a> {
    auth_req_id: &'a str,
    expires_in: u64,
    interval: u32,
}

/// Stores the request and tells the person.
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(begin).await
}

async fn begin(posted: Posted) -> Result<Response, Refused> {
    let Call { ctx, client, params, .. } = posted.authenticated().await?;
    let begun = begin_backchannel(&ctx, BeginBackchannel { client, params }).await?;
    let answer =
        Begun { auth_req_id: begun.auth_req_id.expose(), expires_in: begun.expires_in, interval: begun.interval };
    Ok(wire::json(StatusCode::OK, &answer))
}
