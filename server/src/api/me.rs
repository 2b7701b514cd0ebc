//! `GET /api/v1/auth/me` (A9).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    account::{self, GetUserError, User},
    clock::Timestamp,
    id::UserId,
};
use serde::Serialize;

use super::{
    caller::Caller,
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    user_id: UserId,
    email: String,
    email_verified: bool,
    username: Option<String>,
    display_name: Option<String>,
    is_admin: bool,
    created_at: String,
    updated_at: String,
    last_sign_in_at: Option<String>,
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        let email_verified = user.is_verified();
        Self {
            user_id: user.id,
            email: user.email.into(),
            email_verified,
            username: user.username.map(Into::into),
            display_name: user.display_name.map(Into::into),
            is_admin: user.is_admin,
            created_at: user.created_at.to_string(),
            updated_at: user.updated_at.to_string(),
            last_sign_in_at: user.last_sign_in_at.as_ref().map(Timestamp::to_string),
        }
    }
}

/// The account of the person who asks.
pub(super) async fn me(Caller(ctx): Caller) -> Result<Response, Problem> {
    match account::get_me(&ctx).await {
        Ok(user) => Ok(Json(Me::from(user)).into_response()),
        Err(GetUserError::Denied(denied)) => Err(problem::denied(denied)),
        Err(GetUserError::NotFound) => {
            Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such account"))
        }
        Err(GetUserError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
