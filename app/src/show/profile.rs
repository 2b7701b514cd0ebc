//! What an account says of its owner (A9).

use axum::response::Response;
use ostiary::account::{self, GetUserError, User};

use super::account::{flash, room, to_sign_in};
use crate::{
    model::{Flash, ProfilePage, ProfileValues},
    ssr::{Next, Visit, respond},
};

/// `GET /account/profile`
pub(crate) async fn profile(visit: Visit) -> Response {
    match page(&visit, flash(&visit)).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// The page as things are.
///
/// # Errors
/// The answer instead: to sign-in, or an error page.
pub(crate) async fn page(visit: &Visit, flash: Option<Flash>) -> Result<ProfilePage, Response> {
    let (room, _) = room(visit, Next::Profile, flash).await?;
    let user = me(visit, Next::Profile).await?;
    let claim = |name| user.claim(name).to_owned();
    let values = ProfileValues {
        name: user.display_name.clone().map(String::from).unwrap_or_default(),
        given_name: claim("given_name"),
        family_name: claim("family_name"),
        locale: claim("locale"),
        zone: claim("zoneinfo"),
        picture: claim("picture"),
    };
    let email_verified = user.is_verified();
    let phone = Some(claim("phone_number")).filter(|number| !number.is_empty());
    let phone = phone.map(|number| (number, user.verified_phone().is_some()));
    let phone_offered = visit.ctx.config().sms.is_on();
    let username = user.username.map(String::from);
    Ok(ProfilePage { room, username, email_verified, phone, phone_offered, values, problems: vec![] })
}

/// The account of the person who asks.
///
/// # Errors
/// The answer instead: to sign-in and then to `next`, or an error page.
pub(crate) async fn me(visit: &Visit, next: Next) -> Result<User, Response> {
    account::get_me(&visit.ctx).await.map_err(|error| match error {
        GetUserError::Denied(_) | GetUserError::NotFound => to_sign_in(visit, next),
        GetUserError::Internal(cause) => respond::broken(visit, &cause),
    })
}
