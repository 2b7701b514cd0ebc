//! `/api/v1/me/passkeys`: the passkeys of the person who asks (B1). They are made on a page, by a browser.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    id::PasskeyId,
    passkey::{
        self, ListPasskeysError, PasskeyName, PasskeyView, RemovePasskeyError, RenamePasskey, RenamePasskeyError,
    },
};
use serde::Serialize;
use serde_json::json;

use super::{
    body::Fields,
    caller::Caller,
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Passkey {
    id: PasskeyId,
    credential_id: String,
    name: String,
    authenticator: Option<&'static str>,
    created_at: String,
    last_used_at: Option<String>,
    copied_at: Option<String>,
}

impl From<PasskeyView> for Passkey {
    fn from(view: PasskeyView) -> Self {
        Self {
            id: view.id,
            credential_id: view.credential_id,
            name: view.name,
            authenticator: view.authenticator.map(|authenticator| authenticator.name),
            created_at: view.created_at.to_string(),
            last_used_at: view.last_used_at.map(|at| at.to_string()),
            copied_at: view.copied_at.map(|at| at.to_string()),
        }
    }
}

/// All of them, in the order they were added.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    match passkey::list_passkeys(&ctx).await {
        Ok(list) => {
            let keys: Vec<_> = list.keys.into_iter().map(Passkey::from).collect();
            Ok(Json(json!({ "passkeys": keys })).into_response())
        }
        Err(ListPasskeysError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListPasskeysError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such passkey")
}

/// Gives one of them another `name`.
pub(super) async fn rename(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let text = fields.required("name");
    let name = text.and_then(|text| fields.typed("name", PasskeyName::try_from(text.as_str())));
    let name = fields.finish(name)?;
    let id = id.parse().map_err(|_| missing())?;
    match passkey::rename_passkey(&ctx, RenamePasskey { id, name }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RenamePasskeyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RenamePasskeyError::NotFound) => Err(missing()),
        Err(RenamePasskeyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Removes one of them, unless nothing else opens the account.
pub(super) async fn remove(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| missing())?;
    match passkey::remove_passkey(&ctx, id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RemovePasskeyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemovePasskeyError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemovePasskeyError::NotFound) => Err(missing()),
        Err(RemovePasskeyError::LastWayIn) => {
            Err(Problem::new(StatusCode::CONFLICT, "last-way-in", "Without it nothing would open the account"))
        }
        Err(RemovePasskeyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
