//! `POST /api/v1/auth/forgot-password`, `/reset-password` (A5) and `/change-password` (A6).

use http::StatusCode;
use ostiary::{
    account::{
        self, ChangePassword, ChangePasswordError, ForgotPassword, ForgotPasswordError, PasswordChanged, ResetPassword,
        ResetPasswordError,
    },
    secret::{PlainToken, TokenKind},
};
use utoipa::ToSchema;

use super::{
    body::{self, Body},
    caller::{Anyone, Caller},
    describe::{Accepted, Area, Doc, Done},
    problem::{self, BUSY, DENIED, FieldProblem, Kind, Problem, TOO_MANY},
};

const GONE: Kind = Kind::new(StatusCode::BAD_REQUEST, "link", "The link was used, is too old, or was never ours");

/// Whose password was forgotten.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct ForgottenPassword {
    #[schema(format = Email)]
    email: String,
}

pub(super) const FORGOT: Doc = Doc::new(Area::SignIn, "forgotPassword", "Ask for a mail to set a new password")
    .about("It is sent if there is somebody to send it to; the answer is 202 either way.")
    .problems(&[TOO_MANY]);

pub(super) async fn forgot(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<ForgottenPassword>,
) -> Result<Accepted, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::forgot_password(&ctx, ForgotPassword { email, return_to: None }).await {
        Ok(()) => Ok(Accepted(())),
        Err(ForgotPasswordError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ForgotPasswordError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// A new password, and the right to set it.
#[derive(ToSchema)]
#[schema(example = json!({ "token": "ost_pr_…", "password": "Quiet-harbour-9917" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PasswordReset {
    /// Of the mail's link.
    token: String,
    #[schema(format = Password)]
    password: String,
}

pub(super) const RESET: Doc = Doc::new(Area::SignIn, "resetPassword", "Set a new password")
    .about("With the `token` of the mail's link.")
    .problems(&[GONE, BUSY, TOO_MANY]);

pub(super) async fn reset(Anyone(ctx): Anyone, Body { mut fields, .. }: Body<PasswordReset>) -> Result<Done, Problem> {
    let token = fields.required("token");
    let password = fields.secret("password");
    let (token, password) = fields.finish(token.zip(password))?;
    let token = PlainToken::parse(TokenKind::PasswordReset, &token).ok_or(GONE)?;
    match account::reset_password(&ctx, ResetPassword { token, password }).await {
        Ok(_) => Ok(Done),
        Err(ResetPasswordError::Unknown) => Err(GONE.into()),
        Err(ResetPasswordError::Password(broken)) => Err(body::broken_rules("password", &broken)),
        Err(ResetPasswordError::Busy { retry_after_secs }) => Err(problem::busy(retry_after_secs)),
        Err(ResetPasswordError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ResetPasswordError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// From which password to which.
#[derive(ToSchema)]
#[schema(
    rename_all = "camelCase",
    example = json!({ "currentPassword": "Steep-harbour-4481", "newPassword": "Quiet-harbour-9917" }),
)]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PasswordChange {
    #[schema(format = Password)]
    current_password: String,
    #[schema(format = Password)]
    new_password: String,
}

pub(super) const CHANGE: Doc = Doc::new(Area::Security, "changeOwnPassword", "Change your password")
    .about("Every other session ends.")
    .problems(&[DENIED, BUSY, TOO_MANY]);

pub(super) async fn change(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<PasswordChange>,
) -> Result<Done, Problem> {
    let current = fields.secret("currentPassword");
    let new = fields.secret("newPassword");
    let (current, new) = fields.finish(current.zip(new))?;
    let wrong = |field: &'static str, code, message: &str| {
        Problem::fields(vec![FieldProblem { field: field.into(), code, message: message.to_owned() }])
    };
    match account::change_password(&ctx, ChangePassword { current, new }).await {
        Ok(PasswordChanged) => Ok(Done),
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
