//! `/api/v1/me/phone`: the telephone number of the person who asks (A9).

use axum::Json;
use http::StatusCode;
use ostiary::phone::{
    self, ConfirmPhone, ConfirmPhoneError, FindPhoneError, PhoneNumber, RemovePhoneError, RequestPhone,
    RequestPhoneError,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    body::Body,
    caller::Caller,
    describe::{Accepted, Area, Doc, Done},
    problem::{self, DENIED, FieldProblem, Kind, Problem, SIGN_IN_AGAIN, TOO_MANY},
};

/// A number that waits for its code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WaitingPhone {
    #[schema(value_type = String)]
    phone_number: PhoneNumber,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// A telephone number, and the one that is to come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnPhone {
    phone_number: Option<String>,
    phone_number_verified: bool,
    waiting: Option<WaitingPhone>,
    /// Text messages are sent here.
    is_offered: bool,
}

const NO_SMS: Kind = Kind::new(StatusCode::CONFLICT, "no-sms", "No text messages are sent here");
const WRONG_CODE: Kind = Kind::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest message");
const GONE: Kind = Kind::new(StatusCode::BAD_REQUEST, "code", "This code was used or is too old");
const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no number");

pub(super) const SHOW: Doc = Doc::new(Area::Account, "getOwnPhone", "Your telephone number")
    .about("And the one that waits for its code.")
    .problems(&[DENIED]);

pub(super) async fn show(Caller(ctx): Caller) -> Result<Json<OwnPhone>, Problem> {
    match phone::find_phone(&ctx).await {
        Ok(view) => {
            let waiting = view.waiting.map(|waiting| WaitingPhone {
                phone_number: waiting.number,
                expires_at: waiting.expires_at.to_string(),
            });
            Ok(Json(OwnPhone {
                phone_number: view.number,
                phone_number_verified: view.is_verified,
                waiting,
                is_offered: view.is_offered,
            }))
        }
        Err(FindPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(FindPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Another number.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "phoneNumber": "+46 70 123 45 67" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewPhone {
    phone_number: String,
}

pub(super) const CHANGE: Doc = Doc::new(Area::Account, "changeOwnPhone", "Ask for another telephone number")
    .about("Sends a code to it. Nothing changes until the code comes back.")
    .problems(&[DENIED, SIGN_IN_AGAIN, NO_SMS, TOO_MANY]);

pub(super) async fn change(Caller(ctx): Caller, Body { mut fields, .. }: Body<NewPhone>) -> Result<Accepted, Problem> {
    let number = fields.required_text::<PhoneNumber>("phoneNumber");
    let number = fields.finish(number)?;
    match phone::request_phone(&ctx, RequestPhone { number }).await {
        Ok(()) => Ok(Accepted(())),
        Err(RequestPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RequestPhoneError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RequestPhoneError::Unavailable) => Err(NO_SMS.into()),
        Err(error @ RequestPhoneError::NotServed) => Err(wrong("not_served", &error)),
        Err(error @ RequestPhoneError::Same) => Err(wrong("same", &error)),
        Err(RequestPhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RequestPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn wrong(code: &'static str, error: &RequestPhoneError) -> Problem {
    Problem::fields(vec![FieldProblem { field: "phoneNumber".into(), code, message: error.to_string() }])
}

/// What the message says.
#[derive(ToSchema)]
#[schema(example = json!({ "code": "481733" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PhoneProof {
    code: String,
}

/// The number that is now the account's.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConfirmedPhone {
    #[schema(value_type = String)]
    phone_number: PhoneNumber,
}

pub(super) const CONFIRM: Doc = Doc::new(Area::Account, "confirmOwnPhone", "Prove the new telephone number")
    .about("By the `code` of the message.")
    .problems(&[WRONG_CODE, GONE, DENIED, TOO_MANY]);

pub(super) async fn confirm(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<PhoneProof>,
) -> Result<Json<ConfirmedPhone>, Problem> {
    let code = fields.required("code");
    let code = fields.finish(code)?;
    match phone::confirm_phone(&ctx, ConfirmPhone { code }).await {
        Ok(phone_number) => Ok(Json(ConfirmedPhone { phone_number })),
        Err(ConfirmPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmPhoneError::WrongCode) => Err(WRONG_CODE.into()),
        Err(ConfirmPhoneError::Unknown) => Err(GONE.into()),
        Err(ConfirmPhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const REMOVE: Doc = Doc::new(Area::Account, "removeOwnPhone", "Take your telephone number away")
    .about("And codes by SMS with it.")
    .problems(&[DENIED, SIGN_IN_AGAIN, MISSING, TOO_MANY]);

pub(super) async fn remove(Caller(ctx): Caller) -> Result<Done, Problem> {
    match phone::remove_phone(&ctx).await {
        Ok(()) => Ok(Done),
        Err(RemovePhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemovePhoneError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemovePhoneError::NotFound) => Err(MISSING.into()),
        Err(RemovePhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RemovePhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
