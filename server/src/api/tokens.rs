//! `POST /api/v1/auth/login`, `/refresh` and `/logout`: tokens of the REST API itself (D5, D3).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    account::{self, SignIn, SignInError, SignInOutcome},
    core::{Actor, Ctx},
    error::Internal,
    grant::{self, FirstPartyError, IssuedTokens, TokenError},
    secret::PlainToken,
    session::{self, SessionKind},
};
use serde::Serialize;

use super::{
    body::Fields,
    caller::{Anyone, Caller},
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tokens<'a> {
    token: &'a str,
    refresh_token: Option<&'a str>,
    expires_in: i64,
}

fn answer(issued: &IssuedTokens) -> Response {
    let tokens = Tokens {
        token: &issued.access_token,
        refresh_token: issued.refresh_token.as_ref().map(PlainToken::expose),
        expires_in: issued.expires_in,
    };
    Json(tokens).into_response()
}

/// Signs in with `email` or `username`, and `password`. A wrong password, an unknown account and a locked one are answered
/// alike (A7).
pub(super) async fn login(Anyone(mut ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let identifier = match fields.optional("email") {
        Some(email) => Some(email),
        None => fields.required("username"),
    };
    let password = fields.secret("password");
    let stay = fields.flag("stay");
    let (identifier, password) = fields.finish(identifier.zip(password))?;
    let cmd = SignIn { identifier, password, stay, kind: SessionKind::Api };
    let signed_in = match account::sign_in(&ctx, cmd).await {
        Ok(SignInOutcome::SignedIn(signed_in)) => signed_in,
        Err(error) => return Err(refused(error, &ctx)),
    };
    let live = session::resume_session(&ctx.core, signed_in.session_id).await;
    let live = live.map_err(|logged| problem::internal(&logged, &ctx.meta))?.ok_or_else(|| {
        problem::internal(&Internal::new("sign in", "the session just opened is not there"), &ctx.meta)
    })?;
    ctx.actor = Actor::User(live.actor);
    match grant::issue_first_party_tokens(&ctx).await {
        Ok(issued) => Ok(answer(&issued)),
        Err(FirstPartyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(FirstPartyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn refused(error: SignInError, ctx: &Ctx) -> Problem {
    match error {
        SignInError::Refused => {
            Problem::new(StatusCode::UNAUTHORIZED, "credentials", "The e-mail or the password is not right")
        }
        SignInError::NotVerified { .. } => {
            Problem::new(StatusCode::FORBIDDEN, "email-not-verified", "The address is not confirmed yet")
        }
        SignInError::TooMany(limit) => problem::too_many(limit),
        SignInError::Busy { retry_after_secs } => problem::busy(retry_after_secs),
        SignInError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// Trades a refresh token for the next one and a fresh token.
pub(super) async fn refresh(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.secret("refreshToken");
    let token = fields.finish(token)?;
    match grant::refresh_first_party(&ctx, token).await {
        Ok(issued) => Ok(answer(&issued)),
        Err(TokenError::Refused(_)) => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "refresh-token",
            "The refresh token was used, has ended, or was never ours",
        )),
        Err(TokenError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(TokenError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Ends the session of the token, and with it the token and its refresh token.
pub(super) async fn logout(Caller(ctx): Caller) -> Result<Response, Problem> {
    session::sign_out(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
