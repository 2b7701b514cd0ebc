//! `/api/v1/auth/*-password` (A5, A6).

use axum::body::Bytes;
use http::{HeaderMap, StatusCode};
use ostiary::{
    account::{
        ChangePassword, ChangePasswordError, ForgotPassword, ForgotPasswordError, ResetPassword, ResetPasswordError,
        change_password, forgot_password, reset_password,
    },
    secret::{PlainToken, TokenKind},
};

use super::{
    auth::spent,
    body::{Fields, broken_rules, one_field},
    fault,
    person::{Anybody, SomebodyKnown},
    problem::Problem,
};

/// `POST /api/v1/auth/forgot-password`: always 202, known address or not.
pub(super) async fn forgot(Anybody(ctx): Anybody, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let email = fields.email("email");
    fields.finish()?;
    let Some(email) = email else { return Err(one_field("email", "missing", "is missing")) };
    forgot_password(&ctx, ForgotPassword { email, return_to: None }).await.map_err(|cause| match cause {
        ForgotPasswordError::TooMany(held) => fault::too_many(held),
        ForgotPasswordError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST /api/v1/auth/reset-password`: `{token, password}`.
pub(super) async fn reset(Anybody(ctx): Anybody, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let token = fields.required("token");
    let password = fields.secret("password");
    fields.finish()?;
    let token = PlainToken::parse(TokenKind::PasswordReset, &token).ok_or_else(spent)?;
    reset_password(&ctx, ResetPassword { token, password }).await.map_err(|cause| match cause {
        ResetPasswordError::Unknown => spent(),
        ResetPasswordError::Password(broken) => broken_rules("password", broken.rules()),
        ResetPasswordError::Busy { retry_after_secs } => fault::busy(retry_after_secs),
        ResetPasswordError::TooMany(held) => fault::too_many(held),
        ResetPasswordError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/auth/change-password`: `{currentPassword, newPassword}`.
pub(super) async fn change(
    SomebodyKnown(ctx): SomebodyKnown,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let mut fields = Fields::read(&headers, &body)?;
    let current = fields.secret("currentPassword");
    let new = fields.secret("newPassword");
    fields.finish()?;
    change_password(&ctx, ChangePassword { current, new }).await.map_err(|cause| match cause {
        ChangePasswordError::Denied(_) => fault::unauthenticated(),
        ChangePasswordError::WrongCurrent => one_field("currentPassword", "wrong", "is not right"),
        ChangePasswordError::MustDiffer => one_field("newPassword", "must_differ", "must be another one"),
        ChangePasswordError::Password(broken) => broken_rules("newPassword", broken.rules()),
        ChangePasswordError::Busy { retry_after_secs } => fault::busy(retry_after_secs),
        ChangePasswordError::TooMany(held) => fault::too_many(held),
        ChangePasswordError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
