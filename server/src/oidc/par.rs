//! `POST /connect/par`: pushed authorization requests (RFC 9126 §2).

use axum::response::Response;
use http::StatusCode;
use ostiary::grant::{self, AuthorizationPushed, Proved, PushAuthorization};

use super::wire::{self, Call, Posted, Refused};

/// Takes a request in, and answers the reference to it.
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(take_in).await
}

async fn take_in(posted: Posted) -> Result<Response, Refused> {
    let (Call { ctx, client, params, .. }, Proved { dpop_key, .. }) = posted.proved().await?;
    let AuthorizationPushed { request_uri, expires_in } =
        grant::push_authorization(&ctx, PushAuthorization { client, params, dpop_key }).await?;
    let body = serde_json::json!({ "request_uri": request_uri, "expires_in": expires_in });
    Ok(wire::json(StatusCode::CREATED, &body))
}
