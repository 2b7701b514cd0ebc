//! `GET /.well-known/jwks.json` (RFC 7517 §5): the keys that verify our signatures.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};

use super::discovery::Document;
use crate::ServerState;

/// How long others may keep the keys, seconds. A key is published `keys.publish_before` before it signs, which is longer.
const MAX_AGE: u64 = 300;

pub(crate) async fn get(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    match state.core().keyring().jwks(state.core()).await {
        Ok(keys) => state
            .jwks(&keys, |keys| {
                // Strings always serialise.
                Document::new(serde_json::to_vec(keys).unwrap_or_default(), MAX_AGE)
            })
            .answer(&headers),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
