//! `GET /api/v1/openapi.json` (I8): the description of the API, from memory.

use axum::{extract::State, response::Response};
use http::HeaderMap;

use crate::{ServerState, routes::routes};

routes! {
    get "/api/v1/openapi.json" => get;
}

/// The document; 304 for who has it already.
async fn get(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    state.api_document().answer(&headers)
}
