//! `POST /connect/revocation` (RFC 7009 §2).

use axum::{
    body::Bytes,
    extract::{Extension, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{Revoke, revoke},
    protocol::TokenLookup,
};

use super::form::{self, WireError};
use crate::ServerState;

pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WireError> {
    let (ctx, client, params) = form::authenticated(&state.anonymous(meta), &headers, &body).await?;
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    revoke(&ctx, Revoke { client, token, hint }).await.map_err(|_| WireError::internal())?;
    // RFC 7009 §2.2: 200 and nothing else, whether there was such a token or not.
    Ok(StatusCode::OK.into_response())
}
