//! `/api/v1/me/email`: another e-mail address (A9).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    account::{self, ConfirmEmailChange, ConfirmEmailChangeError, RequestEmailChange, RequestEmailChangeError},
    secret::{PlainToken, TokenKind},
};
use serde_json::json;

use super::{
    body::Fields,
    caller::Caller,
    problem::{self, FieldProblem, Problem},
};

/// Sends a mail to the address of the body; 202, whether or not it has an account. Nothing changes until it is proved.
pub(super) async fn change(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::request_email_change(&ctx, RequestEmailChange { email }).await {
        Ok(()) => Ok(StatusCode::ACCEPTED.into_response()),
        Err(RequestEmailChangeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RequestEmailChangeError::SignInAgain) => Err(problem::sign_in_again()),
        Err(error @ RequestEmailChangeError::Same) => {
            let message = error.to_string();
            Err(Problem::fields(vec![FieldProblem { field: "email".into(), code: "same", message }]))
        }
        Err(RequestEmailChangeError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RequestEmailChangeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Proves the new address by the `code` or the `token` of the mail; tells the address.
pub(super) async fn confirm(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.optional("token");
    let cmd = match token {
        Some(token) => match PlainToken::parse(TokenKind::EmailChange, &token) {
            Some(token) => Some(ConfirmEmailChange::Link(token)),
            None => return Err(dead()),
        },
        None => fields.required("code").map(ConfirmEmailChange::Code),
    };
    let cmd = fields.finish(cmd)?;
    match account::confirm_email_change(&ctx, cmd).await {
        Ok(email) => Ok(Json(json!({ "email": email })).into_response()),
        Err(ConfirmEmailChangeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmEmailChangeError::WrongCode) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest mail"))
        }
        Err(ConfirmEmailChangeError::Unknown) => Err(dead()),
        Err(ConfirmEmailChangeError::Taken) => {
            Err(Problem::new(StatusCode::CONFLICT, "email-taken", "The address belongs to another account"))
        }
        Err(ConfirmEmailChangeError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmEmailChangeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn dead() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "link", "This link or code was used or is too old")
}
