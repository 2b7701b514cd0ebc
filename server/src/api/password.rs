//! `POST /api/v1/auth/forgot-password`, `/reset-password` (A5) and `/change-password` (A6).

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ostiary::{
    account::{
        self, ChangePassword, ChangePasswordError, ForgotPassword, ForgotPasswordError, PasswordChanged, ResetPassword,
        ResetPasswordError,
    },
    secret::{PlainToken, TokenKind},
};

use super::{
    body::{self, Fields},
    caller::{Anyone, Caller},
    problem::{self, FieldProblem, Problem},
};

/// Sends a mail, if there is somebody to send it to. The answer is 202 either way.
pub(super) async fn forgot(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::forgot_password(&ctx, ForgotPassword { email, return_to: None }).await {
        Ok(()) => Ok(StatusCode::ACCEPTED.into_response()),
        Err(ForgotPasswordError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ForgotPasswordError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Sets a new `password` with the `token` of the mail's link.
pub(super) async fn reset(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let token = fields.required("token");
    let password = fields.secret("password");
    let (token, password) = fields.finish(token.zip(password))?;
    let token = PlainToken::parse(TokenKind::PasswordReset, &token).ok_or_else(gone)?;
    match account::reset_password(&ctx, ResetPassword { token, password }).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(ResetPasswordError::Unknown) => Err(gone()),
        Err(ResetPasswordError::Password(broken)) => Err(body::broken_rules("password", &broken)),
        Err(ResetPasswordError::Busy { retry_after_secs }) => Err(problem::busy(retry_after_secs)),
        Err(ResetPasswordError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ResetPasswordError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn gone() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "link", "The link was used, is too old, or was never ours")
}

/// Changes the password of the person who asks, from `currentPassword` to `newPassword`.
pub(super) async fn change(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let current = fields.secret("currentPassword");
    let new = fields.secret("newPassword");
    let (current, new) = fields.finish(current.zip(new))?;
    let wrong = |field: &'static str, code, message: &str| {
        Problem::fields(vec![FieldProblem { field: field.into(), code, message: message.to_owned() }])
    };
    match account::change_password(&ctx, ChangePassword { current, new }).await {
        Ok(PasswordChanged) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(ChangePasswordError::WrongCurrent) => {
            Err(wrong("currentPassword", "wrong", "This is not your current password."))
        }
        Err(ChangePasswordError::MustDiffer) => {
            Err(wrong("newPassword", "same", "The new password must be another one."))
        }
        Err(ChangePasswordError::Password(broken)) => Err(body::broken_rules("newPassword", &broken)),
        Err(ChangePasswordError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ChangePasswordError::Busy { retry_after_secs }) => Err(problem::busy(retry_after_secs)),
        Err(ChangePasswordError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ChangePasswordError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
