//! Signs of life for whoever watches over the process (I4). No authentication, no log line, no database for `/health`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use ostiary::protocol::SigningAlg;
use serde::Serialize;

use crate::{ServerState, routes::routes};

routes! {
    get "/health" => live;
    get "/healthz" => live;
    get "/ready" => ready;
}

/// `GET /health`, `GET /healthz`: the process lives and answers.
async fn live() -> Response {
    const BODY: &str = r#"{"status":"ok"}"#;
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], BODY).into_response()
}

#[derive(Serialize)]
struct Readiness {
    status: &'static str,
    database: &'static str,
    keys: &'static str,
}

/// `GET /ready`: the database answers and there is a key to sign with; otherwise 503, and the answer says which is missing.
async fn ready(State(state): State<ServerState>) -> Response {
    let core = state.core();
    let database = core.db().ping().await.is_ok();
    let keys = database && core.keyring().signer(core, SigningAlg::Es256).await.is_ok();
    let word = |fine| if fine { "ok" } else { "unavailable" };
    let fine = database && keys;
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { status: word(fine), database: word(database), keys: word(keys) })).into_response()
}
