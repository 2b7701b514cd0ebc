//! `/api/v1/users`: accounts, for their owners and for administrators (A9, A11).
//!
//! An account has a version, which is its entity tag: a change with `If-Match` is carried out only on what was seen
//! (RFC 9110 §13.1.1). Whoever may not see an account is told that there is none.

use axum::{
    Json,
    extract::{Path, Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    account::{
        self, DeleteUserError, GetUserError, Locale, PictureUrl, Profile, UpdateProfile, UpdateProfileError, User,
        ZoneName,
    },
    clock::Timestamp,
    core::Ctx,
    id::UserId,
    text::{DisplayName, EmailAddress},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    body::Fields,
    caller::{Administrator, Caller},
    leave,
    problem::{self, FieldProblem, Problem},
    tag,
};

/// An account as its owner and administrators see it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "so the members are on the wire")]
struct View {
    user_id: UserId,
    email: String,
    email_verified: bool,
    username: Option<String>,
    display_name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    locale: Option<String>,
    zone: Option<String>,
    picture: Option<String>,
    phone_number: Option<String>,
    phone_number_verified: bool,
    is_active: bool,
    is_admin: bool,
    created_at: String,
    updated_at: String,
    last_sign_in_at: Option<String>,
}

impl From<User> for View {
    fn from(user: User) -> Self {
        let claim = |name: &str| Some(user.claim(name)).filter(|value| !value.is_empty()).map(str::to_owned);
        Self {
            user_id: user.id,
            email_verified: user.is_verified(),
            given_name: claim("given_name"),
            family_name: claim("family_name"),
            locale: claim("locale"),
            zone: claim("zoneinfo"),
            picture: claim("picture"),
            phone_number: claim("phone_number"),
            phone_number_verified: user.verified_phone().is_some(),
            email: user.email.into(),
            username: user.username.map(Into::into),
            display_name: user.display_name.map(Into::into),
            is_active: user.is_active,
            is_admin: user.is_admin,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
            last_sign_in_at: user.last_sign_in_at.as_ref().map(Timestamp::to_string),
        }
    }
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such account")
}

/// The account under its entity tag.
fn show(user: User) -> Response {
    (tag::of(user.version()), Json(View::from(user))).into_response()
}

fn not_got(error: GetUserError, ctx: &Ctx) -> Problem {
    match error {
        GetUserError::Denied(_) | GetUserError::NotFound => missing(),
        GetUserError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// `GET /api/v1/auth/me`: the account of the person who asks.
pub(super) async fn me(Caller(ctx): Caller) -> Result<Response, Problem> {
    account::get_me(&ctx).await.map(show).map_err(|error| not_got(error, &ctx))
}

/// An account, for its owner and for administrators.
pub(super) async fn get(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| missing())?;
    account::get_user(&ctx, id).await.map(show).map_err(|error| not_got(error, &ctx))
}

/// Which accounts.
#[derive(Debug, Deserialize)]
pub(super) struct Search {
    email: String,
}

/// The account with this e-mail address, as a list of none or one.
pub(super) async fn find(
    Administrator(ctx): Administrator,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Response, Problem> {
    let email = search.ok().and_then(|Query(search)| EmailAddress::try_from(search.email).ok());
    let email = email.ok_or_else(|| {
        let message = "email must be an e-mail address".to_owned();
        Problem::fields(vec![FieldProblem { field: "email".into(), code: "malformed", message }])
    })?;
    let users = match account::find_user(&ctx, email.as_str()).await {
        Ok(user) => vec![View::from(user)],
        Err(GetUserError::NotFound) => Vec::new(),
        Err(GetUserError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(GetUserError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    Ok(Json(json!({ "users": users })).into_response())
}

/// Gives an account the names and claims of the body in place of those it has; what is left out goes.
pub(super) async fn update(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let user_id = id.parse().map_err(|_| missing())?;
    let display_name = fields.display_name();
    let profile = Profile {
        given_name: fields.text::<DisplayName>("givenName"),
        family_name: fields.text::<DisplayName>("familyName"),
        locale: fields.text::<Locale>("locale"),
        zone: fields.text::<ZoneName>("zone"),
        picture: fields.text::<PictureUrl>("picture"),
    };
    fields.finish(Some(()))?;
    let version = tag::if_match(&headers)?;
    match account::update_profile(&ctx, UpdateProfile { user_id, display_name, profile, version }).await {
        Ok(user) => Ok(show(user)),
        Err(UpdateProfileError::Denied(_) | UpdateProfileError::NotFound) => Err(missing()),
        Err(UpdateProfileError::Changed) => Err(problem::changed()),
        Err(UpdateProfileError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Deletes an account (A10): it is erased in 30 days.
pub(super) async fn delete(Administrator(ctx): Administrator, Path(id): Path<String>) -> Result<Response, Problem> {
    let user_id = id.parse().map_err(|_| missing())?;
    match account::delete_user(&ctx, user_id).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(DeleteUserError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteUserError::NotFound) => Err(missing()),
        Err(DeleteUserError::LastAdmin) => Err(leave::last_admin()),
        Err(DeleteUserError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
