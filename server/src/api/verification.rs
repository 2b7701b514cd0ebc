//! `POST /api/v1/auth/verify-email` (A4).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    account::{self, VerifyEmail, VerifyEmailError},
    secret::{PlainToken, TokenKind},
};
use serde_json::json;

use super::{
    body::Fields,
    caller::Anyone,
    problem::{self, Problem},
};

/// Confirms an address, with the `token` of the mail's link, or with `email` and the mail's `code`.
pub(super) async fn verify_email(Anyone(ctx): Anyone, mut fields: Fields) -> Result<Response, Problem> {
    let cmd = if let Some(token) = fields.optional("token") {
        let token = PlainToken::parse(TokenKind::EmailVerification, &token);
        fields.finish(Some(()))?;
        VerifyEmail::Link(token.ok_or_else(gone)?)
    } else {
        let email = fields.email();
        let code = fields.required("code");
        let (email, code) = fields.finish(email.zip(code))?;
        VerifyEmail::Code { email, code }
    };
    match account::verify_email(&ctx, cmd).await {
        Ok(verified) => Ok(Json(json!({ "userId": verified.user_id })).into_response()),
        Err(VerifyEmailError::WrongCode) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest mail"))
        }
        Err(VerifyEmailError::Unknown) => Err(gone()),
        Err(VerifyEmailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(VerifyEmailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn gone() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "link", "The link or code was used, is too old, or was never ours")
}
