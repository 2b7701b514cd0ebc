//! Who asks: the bearer of an access token of our own API.

use axum::extract::FromRequestParts;
use http::request::Parts;
use ostiary::{
    core::{Actor, Ctx, RequestMeta},
    grant::authenticate_first_party,
    protocol::BearerToken,
};

use super::{fault, problem::Problem};
use crate::{ServerState, oidc::authorization};

/// A context of somebody unknown.
pub(super) struct Anybody(pub(super) Ctx);

/// A context of a person with a live session. Everybody else is answered 401.
pub(super) struct SomebodyKnown(pub(super) Ctx);

fn meta(parts: &Parts, state: &ServerState) -> RequestMeta {
    let meta = parts.extensions.get::<RequestMeta>().cloned();
    meta.unwrap_or_else(|| RequestMeta::none(state.core().new_id()))
}

impl FromRequestParts<ServerState> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        Ok(Self(state.anonymous(meta(parts, state))))
    }
}

impl FromRequestParts<ServerState> for SomebodyKnown {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let meta = meta(parts, state);
        let token =
            BearerToken::find(authorization(&parts.headers), None, None).map_err(|_| fault::unauthenticated())?;
        let found = authenticate_first_party(state.core(), token.expose()).await;
        let user = found.map_err(|_| fault::internal(&meta))?.ok_or_else(fault::unauthenticated)?;
        Ok(Self(state.core().ctx(Actor::User(user), meta)))
    }
}
