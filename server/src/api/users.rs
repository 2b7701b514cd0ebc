//! `/api/v1/users`: accounts, for their owners and for administrators (A9, A11).
//!
//! An account has a version, which is its entity tag: a change with `If-Match` is carried out only on what was seen
//! (RFC 9110 §13.1.1). Whoever may not see an account is told that there is none.

use axum::Json;
use http::StatusCode;
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
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Path, Query},
    body::Body,
    caller::{Administrator, Caller},
    describe::{Area, Doc, Done, Tagged},
    leave,
    problem::{self, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// An account as its owner and administrators see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
#[expect(clippy::struct_excessive_bools, reason = "so the members are on the wire")]
pub(super) struct View {
    #[schema(value_type = String, format = "uuid")]
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
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
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

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such account");

const USER: &[(&str, &str)] = &[("id", "The account.")];

/// The account under its entity tag.
fn show(user: User) -> Tagged<Json<View>> {
    Tagged(user.version(), Json(View::from(user)))
}

fn not_got(error: GetUserError, ctx: &Ctx) -> Problem {
    match error {
        GetUserError::Denied(_) | GetUserError::NotFound => MISSING.into(),
        GetUserError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

pub(super) const ME: Doc = Doc::new(Area::Account, "getOwnAccount", "Your account").problems(&[MISSING]);

pub(super) async fn me(Caller(ctx): Caller) -> Result<Tagged<Json<View>>, Problem> {
    account::get_me(&ctx).await.map(show).map_err(|error| not_got(error, &ctx))
}

pub(super) const GET: Doc = Doc::new(Area::Users, "getUser", "An account")
    .about("For its owner and for administrators. Whoever may not see it is told that there is none.")
    .path(USER)
    .problems(&[MISSING]);

pub(super) async fn get(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Tagged<Json<View>>, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    account::get_user(&ctx, id).await.map(show).map_err(|error| not_got(error, &ctx))
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Search {
    /// The e-mail address it has.
    #[param(format = Email)]
    email: String,
}

impl Parameters for Search {
    fn problem() -> FieldProblem {
        let message = "email must be an e-mail address".to_owned();
        FieldProblem { field: "email".into(), code: "malformed", message }
    }
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub(super) struct Users {
    users: Vec<View>,
}

pub(super) const FIND: Doc = Doc::new(Area::Users, "findUsers", "Find an account")
    .about("The one with this e-mail address, as a list of none or one.");

pub(super) async fn find(
    Administrator(ctx): Administrator,
    Query(search): Query<Search>,
) -> Result<Json<Users>, Problem> {
    let email = EmailAddress::try_from(search.email).map_err(|_| Problem::fields(vec![Search::problem()]))?;
    let users = match account::find_user(&ctx, email.as_str()).await {
        Ok(user) => vec![View::from(user)],
        Err(GetUserError::NotFound) => Vec::new(),
        Err(GetUserError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(GetUserError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    Ok(Json(Users { users }))
}

/// Names and claims of an account.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "displayName": "Mara Lindqvist", "givenName": "Mara", "familyName": "Lindqvist", "locale": "sv-SE",
    "zone": "Europe/Stockholm",
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct UserUpdate {
    display_name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// A language tag (BCP 47).
    locale: Option<String>,
    /// A name of the IANA time zone database.
    zone: Option<String>,
    /// An https address.
    picture: Option<String>,
}

pub(super) const UPDATE: Doc = Doc::new(Area::Users, "updateUser", "Change an account")
    .about("Gives it the names and claims of the body in place of those it has; what is left out goes.")
    .path(USER)
    .problems(&[MISSING]);

pub(super) async fn update(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<UserUpdate>,
) -> Result<Tagged<Json<View>>, Problem> {
    let user_id = id.parse().map_err(|_| MISSING)?;
    let display_name = fields.display_name();
    let profile = Profile {
        given_name: fields.text::<DisplayName>("givenName"),
        family_name: fields.text::<DisplayName>("familyName"),
        locale: fields.text::<Locale>("locale"),
        zone: fields.text::<ZoneName>("zone"),
        picture: fields.text::<PictureUrl>("picture"),
    };
    fields.finish(Some(()))?;
    match account::update_profile(&ctx, UpdateProfile { user_id, display_name, profile, version }).await {
        Ok(user) => Ok(show(user)),
        Err(UpdateProfileError::Denied(_) | UpdateProfileError::NotFound) => Err(MISSING.into()),
        Err(UpdateProfileError::Changed) => Err(problem::CHANGED.into()),
        Err(UpdateProfileError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const DELETE: Doc = Doc::new(Area::Users, "deleteUser", "Delete an account")
    .about("It is erased in 30 days.")
    .path(USER)
    .problems(&[MISSING, leave::LAST_ADMIN]);

/// A10.
pub(super) async fn delete(Administrator(ctx): Administrator, Path(id): Path<String>) -> Result<Done, Problem> {
    let user_id = id.parse().map_err(|_| MISSING)?;
    match account::delete_user(&ctx, user_id).await {
        Ok(_) => Ok(Done),
        Err(DeleteUserError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteUserError::NotFound) => Err(MISSING.into()),
        Err(DeleteUserError::LastAdmin) => Err(leave::LAST_ADMIN.into()),
        Err(DeleteUserError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
