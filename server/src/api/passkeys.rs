//! `/api/v1/me/passkeys`: the passkeys of the person who asks (B1). They are made on a page, by a browser.

use axum::Json;
use http::StatusCode;
use ostiary::{
    id::PasskeyId,
    passkey::{
        self, ListPasskeysError, PasskeyName, PasskeyView, RemovePasskeyError, RenamePasskey, RenamePasskeyError,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::Caller,
    describe::{Area, Doc, Done},
    problem::{self, DENIED, Kind, Problem, SIGN_IN_AGAIN},
};

/// A passkey or security key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Passkey {
    #[schema(value_type = String, format = "uuid")]
    id: PasskeyId,
    /// As WebAuthn has it, base64url.
    credential_id: String,
    name: String,
    /// Who keeps it, where that is known.
    authenticator: Option<&'static str>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    /// When it was first seen to have a copy.
    #[schema(format = DateTime)]
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

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Passkeys {
    passkeys: Vec<Passkey>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such passkey");
const LAST_WAY_IN: Kind = Kind::new(StatusCode::CONFLICT, "last-way-in", "Without it nothing would open the account");

pub(super) const LIST: Doc = Doc::new(Area::Security, "listOwnPasskeys", "Your passkeys")
    .about("In the order they were added. They are made on a page, by a browser.")
    .problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Passkeys>, Problem> {
    match passkey::list_passkeys(&ctx).await {
        Ok(list) => Ok(Json(Passkeys { passkeys: list.keys.into_iter().map(Passkey::from).collect() })),
        Err(ListPasskeysError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListPasskeysError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// What a passkey is called.
#[derive(ToSchema)]
#[schema(as = PasskeyName, example = json!({ "name": "Blue key" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewName {
    name: String,
}

pub(super) const RENAME: Doc = Doc::new(Area::Security, "renamePasskey", "Give a passkey another name")
    .path(&[("id", "The passkey.")])
    .problems(&[DENIED, MISSING]);

pub(super) async fn rename(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<NewName>,
) -> Result<Done, Problem> {
    let text = fields.required("name");
    let name = text.and_then(|text| fields.typed("name", PasskeyName::try_from(text.as_str())));
    let name = fields.finish(name)?;
    let id = id.parse().map_err(|_| MISSING)?;
    match passkey::rename_passkey(&ctx, RenamePasskey { id, name }).await {
        Ok(()) => Ok(Done),
        Err(RenamePasskeyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RenamePasskeyError::NotFound) => Err(MISSING.into()),
        Err(RenamePasskeyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const REMOVE: Doc = Doc::new(Area::Security, "removePasskey", "Remove a passkey")
    .about("Unless nothing else opens the account.")
    .path(&[("id", "The passkey.")])
    .problems(&[DENIED, SIGN_IN_AGAIN, MISSING, LAST_WAY_IN]);

pub(super) async fn remove(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match passkey::remove_passkey(&ctx, id).await {
        Ok(()) => Ok(Done),
        Err(RemovePasskeyError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemovePasskeyError::SignInAgain) => Err(problem::sign_in_again()),
        Err(RemovePasskeyError::NotFound) => Err(MISSING.into()),
        Err(RemovePasskeyError::LastWayIn) => Err(LAST_WAY_IN.into()),
        Err(RemovePasskeyError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
