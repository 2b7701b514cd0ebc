//! `/api/v1/me/email`: another e-mail address (A9).

use axum::Json;
use http::StatusCode;
use ostiary::{
    account::{self, ConfirmEmailChange, ConfirmEmailChangeError, RequestEmailChange, RequestEmailChangeError},
    secret::{PlainToken, TokenKind},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::Body,
    caller::Caller,
    describe::{Accepted, Area, Doc},
    problem::{self, DENIED, FieldProblem, Kind, Problem, SIGN_IN_AGAIN, TOO_MANY},
};

const WRONG_CODE: Kind = Kind::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest mail");
const DEAD: Kind = Kind::new(StatusCode::BAD_REQUEST, "link", "This link or code was used or is too old");
const TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "email-taken", "The address belongs to another account");

/// Another address.
#[derive(ToSchema)]
#[schema(example = json!({ "email": "mara@nordhavn.example" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewEmail {
    #[schema(format = Email)]
    email: String,
}

pub(super) const CHANGE: Doc = Doc::new(Area::Account, "changeOwnEmail", "Ask for another e-mail address")
    .about("Sends a mail to the new address, whether or not it has an account. Nothing changes until it is proved.")
    .problems(&[DENIED, SIGN_IN_AGAIN, TOO_MANY]);

pub(super) async fn change(Caller(ctx): Caller, Body { mut fields, .. }: Body<NewEmail>) -> Result<Accepted, Problem> {
    let email = fields.email();
    let email = fields.finish(email)?;
    match account::request_email_change(&ctx, RequestEmailChange { email }).await {
        Ok(()) => Ok(Accepted(())),
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

/// What the mail says; one of the two.
#[derive(ToSchema)]
#[schema(example = json!({ "code": "481 733" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct EmailProof {
    /// Of the mail's link.
    token: Option<String>,
    code: Option<String>,
}

/// The address that is now the account's.
#[derive(Serialize, ToSchema)]
pub(super) struct ConfirmedEmail {
    email: String,
}

pub(super) const CONFIRM: Doc = Doc::new(Area::Account, "confirmOwnEmail", "Prove the new e-mail address")
    .about("By the `code` or the `token` of the mail.")
    .problems(&[WRONG_CODE, DEAD, DENIED, TAKEN, TOO_MANY]);

pub(super) async fn confirm(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<EmailProof>,
) -> Result<Json<ConfirmedEmail>, Problem> {
    let token = fields.optional("token");
    let cmd = match token {
        Some(token) => match PlainToken::parse(TokenKind::EmailChange, &token) {
            Some(token) => Some(ConfirmEmailChange::Link(token)),
            None => return Err(DEAD.into()),
        },
        None => fields.required("code").map(ConfirmEmailChange::Code),
    };
    let cmd = fields.finish(cmd)?;
    match account::confirm_email_change(&ctx, cmd).await {
        Ok(email) => Ok(Json(ConfirmedEmail { email: email.into() })),
        Err(ConfirmEmailChangeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmEmailChangeError::WrongCode) => Err(WRONG_CODE.into()),
        Err(ConfirmEmailChangeError::Unknown) => Err(DEAD.into()),
        Err(ConfirmEmailChangeError::Taken) => Err(TAKEN.into()),
        Err(ConfirmEmailChangeError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmEmailChangeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
