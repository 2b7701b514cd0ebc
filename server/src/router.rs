//! The whole of what is served.
//!
//! Two kinds of routes, by what happens around them: *plain* ones (signs of life, discovery, keys) are public, the same for
//! everybody and asked for very often, so nothing is done around them; everything else goes through [`crate::layer`].

use axum::Router;
use ostiary::core::Core;

use crate::{ServerState, answer, api, health, layer, oidc, routes::Route, state::StateError};

/// Every route of this crate and of the pages, below the issuer's path.
pub fn routes() -> Vec<Route> {
    let pages = ostiary_app::routes::routes().map(|(method, path)| Route { method, path });
    let ours =
        [health::ROUTES, oidc::public::ROUTES, oidc::in_browser::ROUTES, oidc::wire::ROUTES, api::ROUTES].concat();
    ours.into_iter().chain(pages).collect()
}

/// The router over `core`.
///
/// # Errors
/// [`StateError`] when the public URL cannot be an issuer.
pub fn build(core: &Core) -> Result<Router, StateError> {
    let state = ServerState::new(core.clone())?;
    let plain = health::mount().merge(oidc::public::mount());
    let browser = ostiary_app::routes::around(oidc::in_browser::mount(), state.house());
    let pages = ostiary_app::routes::router(core.clone()).with_state(());
    let guarded = oidc::wire::mount()
        .merge(browser)
        .merge(api::mount())
        .merge(pages)
        .method_not_allowed_fallback(answer::no_such_method)
        .fallback(answer::nothing_here);
    let guarded = layer::around(guarded, &state);
    let house = plain.merge(guarded).with_state(state.clone());
    Ok(below(core.config().base_path(), house))
}

/// Everything lives below the issuer's path (D1).
fn below(base: &str, house: Router) -> Router {
    if base.is_empty() { house } else { Router::new().nest(base, house) }
}
