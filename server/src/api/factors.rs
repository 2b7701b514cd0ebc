//! `/api/v1/me/factors`, `/authenticators`, `/recovery-codes`, `/email-codes` and `/sms-codes`: what is asked for beside the password
//! (B2, B3, B4).

use axum::Json;
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    core::Ctx,
    factor::{
        self, BeginTotp, BeginTotpError, Channel, CodesView, ConfirmTotp, ConfirmTotpError, FactorsView,
        ListFactorsError, MakeRecoveryCodesError, RemoveAuthenticator, RemoveAuthenticatorError, RenameAuthenticator,
        RenameAuthenticatorError, SetCodes, SetCodesError, TotpSetUp,
    },
    id::AuthenticatorId,
    secret::SecretString,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::Caller,
    describe::{Area, Created, Doc, Done},
    problem::{self, DENIED, Kind, Problem, SIGN_IN_AGAIN, TOO_MANY},
};

/// An authenticator app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Authenticator {
    #[schema(value_type = String, format = "uuid")]
    id: AuthenticatorId,
    name: String,
    #[schema(format = DateTime)]
    added_at: String,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

/// How many recovery codes are left.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecoveryCodesLeft {
    left: u32,
    #[schema(format = DateTime)]
    made_at: String,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

/// Codes that are sent.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct SentCodes {
    /// They can be turned on.
    available: bool,
    on: bool,
    #[schema(format = DateTime)]
    added_at: Option<String>,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

/// What is asked for beside the password.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Factors {
    authenticators: Vec<Authenticator>,
    recovery_codes: Option<RecoveryCodesLeft>,
    email_codes: SentCodes,
    sms_codes: SentCodes,
}

const FULL: Kind =
    Kind::new(StatusCode::CONFLICT, "too-many", "There are as many authenticator apps as one person may have");
const GONE: Kind = Kind::new(StatusCode::CONFLICT, "no-set-up", "There is no set-up to confirm; begin again");
const WRONG_CODE: Kind = Kind::new(StatusCode::BAD_REQUEST, "wrong-code", "This is not the code of this moment");
const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such authenticator app");
const NO_FACTOR: Kind =
    Kind::new(StatusCode::CONFLICT, "no-factor", "There is no second factor that recovery codes could stand in for");
const UNAVAILABLE: Kind = Kind::new(
    StatusCode::CONFLICT,
    "unavailable",
    "Such codes are not to be had here, or there is no address they could go to",
);

pub(super) const LIST: Doc = Doc::new(Area::Security, "listOwnFactors", "Your second factors").problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Factors>, Problem> {
    match factor::list_factors(&ctx).await {
        Ok(view) => Ok(Json(shown(view))),
        Err(ListFactorsError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListFactorsError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn shown(view: FactorsView) -> Factors {
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let apps = view.authenticators.into_iter().map(|app| Authenticator {
        id: app.id,
        name: app.name.as_str().to_owned(),
        added_at: app.added_at.to_string(),
        last_used_at: at(app.last_used_at),
    });
    let codes = |view| match view {
        CodesView::Unavailable => SentCodes::default(),
        CodesView::Off => SentCodes { available: true, ..SentCodes::default() },
        CodesView::On { added_at, last_used_at } => SentCodes {
            available: true,
            on: true,
            added_at: Some(added_at.to_string()),
            last_used_at: at(last_used_at),
        },
    };
    Factors {
        authenticators: apps.collect(),
        recovery_codes: view.recovery_codes.map(|codes| RecoveryCodesLeft {
            left: codes.left,
            made_at: codes.made_at.to_string(),
            last_used_at: at(codes.last_used_at),
        }),
        email_codes: codes(view.email_codes),
        sms_codes: codes(view.sms_codes),
    }
}

/// What an app is called.
#[derive(ToSchema)]
#[schema(example = json!({ "name": "Pocket telephone" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct AuthenticatorName {
    name: String,
}

/// What the app has to know, told this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticatorSetUp {
    #[schema(value_type = String, format = "uuid")]
    id: AuthenticatorId,
    /// The secret in Base32, to be typed.
    key: String,
    /// The same as an address, to be shown as a QR code.
    uri: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

pub(super) const BEGIN: Doc = Doc::new(Area::Security, "beginAuthenticator", "Begin to set up an authenticator app")
    .about("The answer has its secret, this one time, for ten minutes.")
    .problems(&[DENIED, SIGN_IN_AGAIN, FULL, GONE, TOO_MANY]);

pub(super) async fn begin(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<AuthenticatorName>,
) -> Result<Created<Json<AuthenticatorSetUp>>, Problem> {
    let name = fields.name();
    let name = fields.finish(name)?;
    let refused = |error| match error {
        BeginTotpError::Denied(denied) => problem::denied(denied),
        BeginTotpError::SignInAgain => problem::sign_in_again(),
        BeginTotpError::Full => FULL.into(),
        BeginTotpError::TooMany(limit) => problem::too_many(limit),
        BeginTotpError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    };
    factor::begin_totp(&ctx, BeginTotp { name }).await.map_err(refused)?;
    let set_up = factor::find_totp_set_up(&ctx).await.map_err(refused)?.ok_or(GONE)?;
    let TotpSetUp { id, key, uri, expires_at, .. } = set_up;
    let (key, uri) = (key.expose().to_owned(), uri.expose().to_owned());
    Ok(Created(Json(AuthenticatorSetUp { id, key, uri, expires_at: expires_at.to_string() })))
}

/// Recovery codes, told this once; none where none were made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

impl RecoveryCodes {
    fn told(codes: &[SecretString]) -> Json<Self> {
        Json(Self { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() })
    }
}

/// What the app shows.
#[derive(ToSchema)]
#[schema(example = json!({ "code": "481733" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct AuthenticatorCode {
    code: String,
}

pub(super) const CONFIRM: Doc = Doc::new(Area::Security, "confirmAuthenticator", "Take the app into use")
    .about("With its first `code`. With the first app come recovery codes, this one time.")
    .problems(&[WRONG_CODE, DENIED, SIGN_IN_AGAIN, GONE, TOO_MANY]);

pub(super) async fn confirm(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<AuthenticatorCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let code = fields.secret("code");
    let code = fields.finish(code)?;
    match factor::confirm_totp(&ctx, ConfirmTotp { code }).await {
        Ok(confirmed) => Ok(RecoveryCodes::told(&confirmed.recovery_codes)),
        Err(ConfirmTotpError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ConfirmTotpError::SignInAgain) => Err(problem::sign_in_again()),
        Err(ConfirmTotpError::Gone) => Err(GONE.into()),
        Err(ConfirmTotpError::WrongCode) => Err(WRONG_CODE.into()),
        Err(ConfirmTotpError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(ConfirmTotpError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

const APP: &[(&str, &str)] = &[("id", "The app.")];

pub(super) const RENAME: Doc =
    Doc::new(Area::Security, "renameAuthenticator", "Give an app another name").path(APP).problems(&[DENIED, MISSING]);

pub(super) async fn rename(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<AuthenticatorName>,
) -> Result<Done, Problem> {
    let name = fields.name();
    let name = fields.finish(name)?;
    let id = id.parse().map_err(|_| MISSING)?;
    match factor::rename_authenticator(&ctx, RenameAuthenticator { id, name }).await {
        Ok(()) => Ok(Done),
        Err(RenameAuthenticatorError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RenameAuthenticatorError::NotFound) => Err(MISSING.into()),
        Err(RenameAuthenticatorError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const REMOVE: Doc = Doc::new(Area::Security, "removeAuthenticator", "Remove an app")
    .about("The recovery codes go with the last one.")
    .path(APP)
    .problems(&[DENIED, SIGN_IN_AGAIN, MISSING, TOO_MANY]);

pub(super) async fn remove(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match factor::remove_authenticator(&ctx, RemoveAuthenticator { id }).await {
        Ok(()) => Ok(Done),
        Err(RemoveAuthenticatorError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemoveAuthenticatorError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemoveAuthenticatorError::NotFound) => Err(MISSING.into()),
        Err(RemoveAuthenticatorError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RemoveAuthenticatorError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const MAKE_RECOVERY_CODES: Doc = Doc::new(Area::Security, "makeRecoveryCodes", "Ten new recovery codes")
    .about("In place of all there were, this one time.")
    .problems(&[DENIED, SIGN_IN_AGAIN, NO_FACTOR, TOO_MANY]);

pub(super) async fn make_recovery_codes(Caller(ctx): Caller) -> Result<Json<RecoveryCodes>, Problem> {
    match factor::make_recovery_codes(&ctx).await {
        Ok(codes) => Ok(RecoveryCodes::told(&codes)),
        Err(MakeRecoveryCodesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(MakeRecoveryCodesError::SignInAgain) => Err(problem::sign_in_again()),
        Err(MakeRecoveryCodesError::NoFactor) => Err(NO_FACTOR.into()),
        Err(MakeRecoveryCodesError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(MakeRecoveryCodesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Whether they are asked for.
#[derive(ToSchema)]
#[schema(example = json!({ "on": true }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct CodesSwitch {
    on: bool,
}

pub(super) const SET_EMAIL_CODES: Doc = Doc::new(Area::Security, "setEmailCodes", "Turn codes by e-mail on, or off")
    .problems(&[DENIED, SIGN_IN_AGAIN, UNAVAILABLE, TOO_MANY]);

pub(super) async fn set_email_codes(
    Caller(ctx): Caller,
    Body { fields, .. }: Body<CodesSwitch>,
) -> Result<Done, Problem> {
    set_codes(&ctx, Channel::Email, fields).await
}

pub(super) const SET_SMS_CODES: Doc = Doc::new(Area::Security, "setSmsCodes", "Turn codes by SMS on, or off")
    .problems(&[DENIED, SIGN_IN_AGAIN, UNAVAILABLE, TOO_MANY]);

pub(super) async fn set_sms_codes(
    Caller(ctx): Caller,
    Body { fields, .. }: Body<CodesSwitch>,
) -> Result<Done, Problem> {
    set_codes(&ctx, Channel::Sms, fields).await
}

async fn set_codes(ctx: &Ctx, channel: Channel, mut fields: Fields) -> Result<Done, Problem> {
    let on = fields.required_flag("on");
    let on = fields.finish(on)?;
    match factor::set_codes(ctx, SetCodes { channel, on }).await {
        Ok(()) => Ok(Done),
        Err(SetCodesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SetCodesError::SignInAgain) => Err(problem::sign_in_again()),
        Err(SetCodesError::Unavailable) => Err(UNAVAILABLE.into()),
        Err(SetCodesError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(SetCodesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
