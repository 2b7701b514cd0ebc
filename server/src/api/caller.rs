//! Who asks the REST API: nobody in particular, or the person behind a bearer token (RFC 6750 §2.1).

use axum::extract::FromRequestParts;
use http::{StatusCode, header, request::Parts};
use ostiary::{
    authz::require_operator,
    core::{Actor, Ctx, RequestMeta},
    grant,
    policy::AUTHORIZE_SCOPE,
    protocol::{BearerChallenge, BearerError, BearerToken, OAuthError, OAuthErrorCode, Scope},
};

use super::{
    describe::{Draft, Input},
    problem::{self, DENIED, Kind, Problem},
};
use crate::ServerState;

const SIGN_IN_REQUIRED: Kind = Kind::new(StatusCode::UNAUTHORIZED, "sign-in-required", "Sign in first");

/// Somebody we need not know.
#[derive(Debug)]
pub(super) struct Anyone(pub(super) Ctx);

/// A person who has signed in.
#[derive(Debug)]
pub(super) struct Caller(pub(super) Ctx);

/// A person who has signed in, or an application that may ask about people (E8).
#[derive(Debug)]
pub(super) struct Asker(pub(super) Ctx);

/// An administrator of this instance. Others are told that they may not before anything is said about what they sent.
#[derive(Debug)]
pub(super) struct Administrator(pub(super) Ctx);

impl Input for Anyone {
    fn describe(_: &mut Draft) {}
}

impl Input for Caller {
    fn describe(draft: &mut Draft) {
        draft.asks_for_token(SIGN_IN_REQUIRED);
    }
}

impl Input for Asker {
    fn describe(draft: &mut Draft) {
        Caller::describe(draft);
    }
}

impl Input for Administrator {
    fn describe(draft: &mut Draft) {
        Caller::describe(draft);
        draft.may_be(DENIED);
    }
}

impl FromRequestParts<ServerState> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let Caller(ctx) = Caller::from_request_parts(parts, state).await?;
        require_operator(&ctx).map_err(problem::denied)?;
        Ok(Self(ctx))
    }
}

impl FromRequestParts<ServerState> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        Ok(Self(state.anonymous(meta(parts, state))))
    }
}

impl FromRequestParts<ServerState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let meta = meta(parts, state);
        let token = bearer(parts, state)?;
        let found = grant::authenticate_first_party(state.core(), token.expose()).await;
        let found = found.map_err(|logged| problem::internal(&logged, &meta))?;
        let user = found.ok_or_else(|| ended(state))?;
        Ok(Self(state.core().ctx(Actor::User(user), meta)))
    }
}

impl FromRequestParts<ServerState> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let meta = meta(parts, state);
        let token = bearer(parts, state)?;
        let internal = |logged| problem::internal(&logged, &meta);
        let user = grant::authenticate_first_party(state.core(), token.expose()).await.map_err(internal)?;
        let actor = if let Some(user) = user {
            Actor::User(user)
        } else {
            let scope = Scope::parse(AUTHORIZE_SCOPE).map_err(|_| ended(state))?;
            let found = grant::authenticate_application(state.core(), token.expose(), &scope).await;
            Actor::Client { client_id: found.map_err(internal)?.ok_or_else(|| ended(state))? }
        };
        Ok(Self(state.core().ctx(actor, meta)))
    }
}

/// The one bearer token of a request.
fn bearer(parts: &Parts, state: &ServerState) -> Result<BearerToken, Problem> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let header = match (values.next(), values.next()) {
        (None, _) => return Err(unknown(state, None)),
        (Some(value), None) => value.to_str().map_err(|_| unknown(state, Some(BearerError::Malformed)))?,
        (Some(_), Some(_)) => return Err(unknown(state, Some(BearerError::Twice))),
    };
    BearerToken::find(Some(header), None, None).map_err(|error| unknown(state, Some(error)))
}

fn ended(state: &ServerState) -> Problem {
    let error = OAuthError::new(OAuthErrorCode::InvalidToken, "the token is unknown, expired or revoked");
    challenged(state, Some(&error))
}

fn meta(parts: &Parts, state: &ServerState) -> RequestMeta {
    parts.extensions.get::<RequestMeta>().cloned().unwrap_or_else(|| RequestMeta::none(state.core().new_id()))
}

fn unknown(state: &ServerState, error: Option<BearerError>) -> Problem {
    challenged(state, error.and_then(BearerError::to_oauth_error).as_ref())
}

/// 401, whatever was wrong with the token: the challenge says more (RFC 6750 §3).
fn challenged(state: &ServerState, error: Option<&OAuthError>) -> Problem {
    let challenge = BearerChallenge { realm: state.issuer().as_str(), error, scope: None };
    Problem::new(SIGN_IN_REQUIRED).with_challenge(&challenge.to_string())
}
