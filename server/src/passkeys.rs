//! What browsers and password managers look up about our passkeys. Both documents belong to a host, so with an issuer that
//! has a path they are at the root as well.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::passkey::{related_origins, relying_party_id};
use serde_json::{Value, json};

use crate::{ServerState, oidc::discovery::Document, routes::routes};

/// Seconds that caches may keep the documents.
const MAX_AGE: u64 = 3600;

routes! {
    get "/.well-known/passkey-endpoints" => endpoints;
    get "/.well-known/webauthn" => origins;
}

/// Where a person adds passkeys and looks after them (W3C, "A Well-Known URL for Relying Party Passkey Endpoints").
async fn endpoints(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    let config = state.core().config();
    if relying_party_id(config).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let page = config.url("/account/passkeys");
    answer(&json!({ "enroll": page, "manage": page }), &headers)
}

/// The origins whose pages may use our passkeys (WebAuthn L3 §5.11.1), our own among them; nothing where there is no other.
async fn origins(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    let config = state.core().config();
    let related = related_origins(config);
    if related.is_empty() || relying_party_id(config).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let own = config.server.public_url.origin().ascii_serialization();
    let origins: Vec<_> = std::iter::once(own).chain(related).collect();
    answer(&json!({ "origins": origins }), &headers)
}

fn answer(document: &Value, headers: &HeaderMap) -> Response {
    Document::new(document.to_string(), MAX_AGE).answer(headers)
}
