//! The decision API where `AuthZEN` looks for it (Authorization API 1.0 §6, §7, §9).

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::authorize::authorize;
use crate::{ServerState, routes::routes};

routes! {
    get "/.well-known/authzen-configuration" => metadata;
    post "/access/v1/evaluation" => authorize;
    post "/access/v1/evaluations" => authorize;
}

/// What is where (§9).
async fn metadata(State(state): State<ServerState>) -> Response {
    let issuer = state.issuer();
    Json(json!({
        "policy_decision_point": issuer.as_str(),
        "access_evaluation_endpoint": issuer.endpoint("/access/v1/evaluation"),
        "access_evaluations_endpoint": issuer.endpoint("/access/v1/evaluations"),
    }))
    .into_response()
}
