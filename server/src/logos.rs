//! `GET /logos/{name}.png`: pictures of clients, made anew by us (D10). Their name is the digest of what they are, so they
//! never change.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use ostiary::client::find_logo;

use crate::{ServerState, routes::routes};

routes! {
    get "/logos/{file}" => get;
}

async fn get(State(state): State<ServerState>, Path(file): Path<String>) -> Response {
    let Some(name) = file.strip_suffix(".png") else { return StatusCode::NOT_FOUND.into_response() };
    match find_logo(state.core(), name).await {
        Ok(Some(png)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/png")),
                (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
            ];
            (headers, png).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_logged) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
