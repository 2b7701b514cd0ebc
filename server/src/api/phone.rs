//! `/api/v1/me/phone`: the telephone number of the person who asks (A9).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::phone::{
    self, ConfirmPhone, ConfirmPhoneError, FindPhoneError, PhoneNumber, RemovePhoneError, RequestPhone,
    RequestPhoneError,
};
use serde_json::json;

use super::{
    body::Fields,
    caller::Caller,
    problem::{self, FieldProblem, Problem},
};

/// The number, and the one that waits for its code.
pub(super) async fn show(Caller(ctx): Caller) -> Result<Response, Problem> {
    match phone::find_phone(&ctx).await {
        Ok(view) => {
            let waiting = view
                .waiting
                .map(|waiting| json!({ "phoneNumber": waiting.number, "expiresAt": waiting.expires_at.to_string() }));
            let phone = json!({
                "phoneNumber": view.number,
                "phoneNumberVerified": view.is_verified,
                "waiting": waiting,
                "isOffered": view.is_offered,
            });
            Ok(Json(phone).into_response())
        }
        Err(FindPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(FindPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Sends a code to the `phoneNumber` of the body; 202. Nothing changes until it comes back.
pub(super) async fn change(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let number = fields.required_text::<PhoneNumber>("phoneNumber");
    let number = fields.finish(number)?;
    match phone::request_phone(&ctx, RequestPhone { number }).await {
        Ok(()) => Ok(StatusCode::ACCEPTED.into_response()),
        Err(RequestPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RequestPhoneError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RequestPhoneError::Unavailable) => {
            Err(Problem::new(StatusCode::CONFLICT, "no-sms", "No text messages are sent here"))
        }
        Err(error @ RequestPhoneError::NotServed) => Err(wrong("not_served", &error)),
        Err(error @ RequestPhoneError::Same) => Err(wrong("same", &error)),
        Err(RequestPhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RequestPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn wrong(code: &'static str, error: &RequestPhoneError) -> Problem {
    Problem::fields(vec![FieldProblem { field: "phoneNumber".into(), code, message: error.to_string() }])
}

/// Confirms the number by the `code` of the message; tells the number.
pub(super) async fn confirm(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let code = fields.required("code");
    let code = fields.finish(code)?;
    match phone::confirm_phone(&ctx, ConfirmPhone { code }).await {
        Ok(number) => Ok(Json(json!({ "phoneNumber": number })).into_response()),
        Err(ConfirmPhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmPhoneError::WrongCode) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of the newest message"))
        }
        Err(ConfirmPhoneError::Unknown) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "code", "This code was used or is too old"))
        }
        Err(ConfirmPhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmPhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Takes the number away, and codes by SMS with it.
pub(super) async fn remove(Caller(ctx): Caller) -> Result<Response, Problem> {
    match phone::remove_phone(&ctx).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RemovePhoneError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemovePhoneError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemovePhoneError::NotFound) => Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no number")),
        Err(RemovePhoneError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RemovePhoneError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
