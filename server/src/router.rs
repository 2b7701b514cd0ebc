//! The whole of what is served.
//!
//! Two kinds of routes, by what happens around them: *plain* ones (signs of life, discovery, keys) are public, the same for
//! everybody and asked for very often, so nothing is done around them; everything else goes through `layer`.

use axum::Router;
use ostiary::core::Core;
use ostiary_app::routes as pages;
use tower_http::compression::CompressionLayer;

use crate::{
    ServerState, answer, api, forward_auth, health, layer, logos, oidc, passkeys, routes::Route, state::StateError,
};

/// Every route of this crate and of the pages, below the issuer's path. `HEAD` is answered wherever `GET` is.
pub fn routes() -> Vec<Route> {
    let ours = [
        health::ROUTES,
        logos::ROUTES,
        passkeys::ROUTES,
        oidc::plain::ROUTES,
        oidc::browser::ROUTES,
        forward_auth::ROUTES,
        oidc::programs::ROUTES,
        api::ROUTES,
        api::openapi::ROUTES,
        api::authzen::ROUTES,
        api::reference::ROUTES,
    ];
    let pages = pages::routes().map(|(method, path)| Route { method, path });
    ours.concat().into_iter().chain(pages).collect()
}

/// The router over `core`.
///
/// # Errors
/// [`StateError`] when the public URL cannot be an issuer.
pub fn build(core: &Core) -> Result<Router, StateError> {
    let state = ServerState::new(core.clone())?;
    let plain = health::mount()
        .merge(logos::mount())
        .merge(passkeys::mount())
        .merge(oidc::plain::mount())
        .merge(api::openapi::mount());
    let guarded = pages::around(oidc::browser::mount().merge(forward_auth::mount()), state.house())
        .merge(oidc::programs::mount())
        .merge(api::mount())
        .merge(api::authzen::mount())
        .merge(api::reference::mount().layer(CompressionLayer::new()))
        .merge(pages::router(state.house()).layer(CompressionLayer::new()).with_state(()))
        .method_not_allowed_fallback(answer::no_such_method)
        .fallback(answer::nothing_here)
        .with_state(state.clone());
    let house = plain.with_state(state.clone()).merge(layer::around(guarded, &state));
    Ok(below(&state, house))
}

/// Everything lives below the issuer's path (D1); only RFC 8414 §3.1, RFC 9728 §3.1 and what is said of a whole host are
/// beside it.
fn below(state: &ServerState, house: Router) -> Router {
    let base = state.core().config().base_path();
    if base.is_empty() {
        return house;
    }
    let document = axum::routing::get(oidc::discovery::get);
    // RFC 9728 §3.1 does the same with the document of a resource.
    let ours = axum::routing::get(oidc::discovery::get_resource);
    let ours_at = format!("{}{base}", ostiary::protocol::metadata::path::RESOURCE_METADATA);
    let beside = passkeys::mount().route(&state.issuer().oauth_metadata_path(), document).route(&ours_at, ours);
    beside.with_state(state.clone()).nest(base, house)
}
