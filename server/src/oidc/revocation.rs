//! `POST /connect/revocation`: token revocation (RFC 7009).

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ostiary::{
    grant::{self, Revoke},
    protocol::TokenLookup,
};

use super::wire::{Call, Posted, Refused};

/// Ends a token. Unknown ones are ended already (§2.2).
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(end).await
}

async fn end(posted: Posted) -> Result<Response, Refused> {
    let Call { ctx, client, params, .. } = posted.authenticated().await?;
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    grant::revoke(&ctx, Revoke { client, token, hint }).await?;
    Ok(StatusCode::OK.into_response())
}
