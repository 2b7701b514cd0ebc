//! `/api/v1/me/factors`, `/authenticators`, `/recovery-codes`, `/email-codes` and `/sms-codes`: what is asked for beside the password
//! (B2, B3, B4).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    core::Ctx,
    factor::{
        self, BeginTotp, BeginTotpError, Channel, CodesView, ConfirmTotp, ConfirmTotpError, FactorsView,
        ListFactorsError, MakeRecoveryCodesError, RemoveAuthenticator, RemoveAuthenticatorError, RenameAuthenticator,
        RenameAuthenticatorError, SetCodes, SetCodesError, TotpSetUp,
    },
    secret::SecretString,
};
use serde_json::{Value, json};

use super::{
    body::Fields,
    caller::Caller,
    problem::{self, Problem},
};

/// All of them.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    match factor::list_factors(&ctx).await {
        Ok(view) => Ok(Json(shown(&view)).into_response()),
        Err(ListFactorsError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListFactorsError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn shown(view: &FactorsView) -> Value {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let apps = view.authenticators.iter().map(|app| {
        json!({
            "id": app.id,
            "name": app.name.as_str(),
            "addedAt": app.added_at.to_string(),
            "lastUsedAt": at(app.last_used_at),
        })
    });
    let recovery = view.recovery_codes.map(|codes| {
        json!({ "left": codes.left, "madeAt": codes.made_at.to_string(), "lastUsedAt": at(codes.last_used_at) })
    });
    let codes = |view| match view {
        CodesView::Unavailable => json!({ "available": false, "on": false }),
        CodesView::Off => json!({ "available": true, "on": false }),
        CodesView::On { added_at, last_used_at } => {
            json!({ "available": true, "on": true, "addedAt": added_at.to_string(), "lastUsedAt": at(last_used_at) })
        }
    };
    json!({
        "authenticators": apps.collect::<Vec<_>>(),
        "recoveryCodes": recovery,
        "emailCodes": codes(view.email_codes),
        "smsCodes": codes(view.sms_codes),
    })
}

/// Begins to set up an authenticator app called `name`: its secret, this one time, for ten minutes.
pub(super) async fn begin(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let name = fields.name();
    let name = fields.finish(name)?;
    let refused = |error| match error {
        BeginTotpError::Denied(denied) => problem::denied(denied),
        BeginTotpError::SignInAgain => problem::sign_in_again(),
        BeginTotpError::Full => Problem::new(
            StatusCode::CONFLICT,
            "too-many",
            "There are as many authenticator apps as one person may have",
        ),
        BeginTotpError::TooMany(limit) => problem::too_many(limit),
        BeginTotpError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    };
    factor::begin_totp(&ctx, BeginTotp { name }).await.map_err(refused)?;
    let set_up = factor::find_totp_set_up(&ctx).await.map_err(refused)?.ok_or_else(gone)?;
    let TotpSetUp { id, key, uri, expires_at, .. } = set_up;
    let body = json!({ "id": id, "key": key.expose(), "uri": uri.expose(), "expiresAt": expires_at.to_string() });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

fn gone() -> Problem {
    Problem::new(StatusCode::CONFLICT, "no-set-up", "There is no set-up to confirm; begin again")
}

fn recovery_codes(codes: &[SecretString]) -> Response {
    let codes: Vec<_> = codes.iter().map(SecretString::expose).collect();
    Json(json!({ "recoveryCodes": codes })).into_response()
}

/// Takes the app that was begun into use with its first `code`. With the first app come recovery codes, this one time.
pub(super) async fn confirm(Caller(ctx): Caller, mut fields: Fields) -> Result<Response, Problem> {
    let code = fields.secret("code");
    let code = fields.finish(code)?;
    match factor::confirm_totp(&ctx, ConfirmTotp { code }).await {
        Ok(confirmed) => Ok(recovery_codes(&confirmed.recovery_codes)),
        Err(ConfirmTotpError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmTotpError::SignInAgain) => Err(problem::sign_in_again()),
        Err(ConfirmTotpError::Gone) => Err(gone()),
        Err(ConfirmTotpError::WrongCode) => {
            Err(Problem::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of this moment"))
        }
        Err(ConfirmTotpError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmTotpError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such authenticator app")
}

/// Gives an app another `name`.
pub(super) async fn rename(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let name = fields.name();
    let name = fields.finish(name)?;
    let id = id.parse().map_err(|_| missing())?;
    match factor::rename_authenticator(&ctx, RenameAuthenticator { id, name }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RenameAuthenticatorError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RenameAuthenticatorError::NotFound) => Err(missing()),
        Err(RenameAuthenticatorError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Removes an app; the recovery codes go with the last one.
pub(super) async fn remove(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| missing())?;
    match factor::remove_authenticator(&ctx, RemoveAuthenticator { id }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RemoveAuthenticatorError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemoveAuthenticatorError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemoveAuthenticatorError::NotFound) => Err(missing()),
        Err(RemoveAuthenticatorError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RemoveAuthenticatorError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Ten new recovery codes in place of all there were, this one time.
pub(super) async fn make_recovery_codes(Caller(ctx): Caller) -> Result<Response, Problem> {
    match factor::make_recovery_codes(&ctx).await {
        Ok(codes) => Ok(recovery_codes(&codes)),
        Err(MakeRecoveryCodesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(MakeRecoveryCodesError::SignInAgain) => Err(problem::sign_in_again()),
        Err(MakeRecoveryCodesError::NoFactor) => Err(Problem::new(
            StatusCode::CONFLICT,
            "no-factor",
            "There is no second factor that recovery codes could stand in for",
        )),
        Err(MakeRecoveryCodesError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(MakeRecoveryCodesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Turns codes by e-mail `on`, or off.
pub(super) async fn set_email_codes(Caller(ctx): Caller, fields: Fields) -> Result<Response, Problem> {
    set_codes(&ctx, Channel::Email, fields).await
}

/// Turns codes by SMS `on`, or off.
pub(super) async fn set_sms_codes(Caller(ctx): Caller, fields: Fields) -> Result<Response, Problem> {
    set_codes(&ctx, Channel::Sms, fields).await
}

async fn set_codes(ctx: &Ctx, channel: Channel, mut fields: Fields) -> Result<Response, Problem> {
    let on = fields.required_flag("on");
    let on = fields.finish(on)?;
    match factor::set_codes(ctx, SetCodes { channel, on }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(SetCodesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SetCodesError::SignInAgain) => Err(problem::sign_in_again()),
        Err(SetCodesError::Unavailable) => Err(Problem::new(
            StatusCode::CONFLICT,
            "unavailable",
            "Such codes are not to be had here, or there is no address they could go to",
        )),
        Err(SetCodesError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SetCodesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
