//! `POST /connect/revocation`: token revocation (RFC 7009).

use axum::{
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{self, Revoke},
    protocol::TokenLookup,
};

use super::wire::{self, Refused};
use crate::ServerState;

/// Ends a token. Unknown ones are ended already (§2.2).
pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match end(&state, meta, &headers, body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(refused) => refused.answer(state.issuer().as_str()),
    }
}

async fn end(
    state: &ServerState,
    meta: RequestMeta,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(), Refused> {
    let params = wire::form(headers, body)?;
    let (ctx, client) = wire::client(state, meta, headers, &params).await?;
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    Ok(grant::revoke(&ctx, Revoke { client, token, hint }).await?)
}
