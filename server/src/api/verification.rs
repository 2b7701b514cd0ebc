//! `POST /api/v1/auth/verify-email` (A4).

use axum::Json;
use http::StatusCode;
use ostiary::{
    account::{self, VerifyEmail, VerifyEmailError},
    id::UserId,
    secret::{PlainToken, TokenKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::Body,
    caller::Anyone,
    describe::{Area, Doc},
    problem::{self, Kind, Problem, TOO_MANY},
};

const GONE: Kind =
    Kind::new(StatusCode::BAD_REQUEST, "link", "The link or code was used, is too old, or was never ours");
const WRONG_CODE: Kind = Kind::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest mail");

/// What the mail says: the `token` of its link, or its `code` with the address it went to.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example", "code": "481 733" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct EmailVerification {
    token: Option<String>,
    #[schema(format = Email)]
    email: Option<String>,
    code: Option<String>,
}

/// Whose address it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerifiedEmail {
    #[schema(value_type = String, format = "uuid")]
    user_id: UserId,
}

pub(super) const VERIFY_EMAIL: Doc = Doc::new(Area::SignIn, "verifyEmail", "Confirm an e-mail address")
    .about("With the `token` of the mail's link, or with `email` and the mail's `code`.")
    .problems(&[GONE, WRONG_CODE, TOO_MANY]);

pub(super) async fn verify_email(
    Anyone(ctx): Anyone,
    Body { mut fields, .. }: Body<EmailVerification>,
) -> Result<Json<VerifiedEmail>, Problem> {
    let cmd = if let Some(token) = fields.optional("token") {
        let token = PlainToken::parse(TokenKind::EmailVerification, &token);
        fields.finish(Some(()))?;
        VerifyEmail::Link(token.ok_or(GONE)?)
    } else {
        let email = fields.email();
        let code = fields.required("code");
        let (email, code) = fields.finish(email.zip(code))?;
        VerifyEmail::Code { email, code }
    };
    match account::verify_email(&ctx, cmd).await {
        Ok(verified) => Ok(Json(VerifiedEmail { user_id: verified.user_id })),
        Err(VerifyEmailError::WrongCode) => Err(WRONG_CODE.into()),
        Err(VerifyEmailError::Unknown) => Err(GONE.into()),
        Err(VerifyEmailError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(VerifyEmailError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
