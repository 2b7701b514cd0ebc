//! `GET /.well-known/jwks.json`: the published keys (RFC 7517 §5), written once each time they change (D7).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::{error::Internal, protocol::SigningAlg};

use super::discovery::Document;
use crate::ServerState;

/// Seconds that caches may keep the document. A key is published a day before it signs, so only a withdrawal is seen late,
/// and not by more than this.
const MAX_AGE: u64 = 300;

/// The document.
pub(crate) async fn get(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    match document(&state).await {
        Ok(document) => document.answer(&headers),
        Err(_logged) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn document(state: &ServerState) -> Result<Document, Internal> {
    let (core, published) = (state.core(), state.published_keys());
    let mut keys = core.keyring().jwks(core).await?;
    if keys.keys.is_empty() {
        // The very first request to a new instance: an application that kept an empty set would refuse our tokens.
        core.keyring().signer(core, SigningAlg::Es256).await?;
        keys = core.keyring().jwks(core).await?;
    }
    if let Some(document) = published.made_from(&keys) {
        return Ok(document);
    }
    let body = serde_json::to_vec(&*keys).map_err(|cause| Internal::new("write the key set", cause))?;
    Ok(published.keep(keys, Document::new(body, MAX_AGE)))
}
