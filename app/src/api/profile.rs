//! What an account says of its owner (A9).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, Profile, UpdateProfile, UpdateProfileError},
    id::UserId,
    text::TextError,
};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash, ProfilePage, ProfileProblem, ProfileValues},
    show::profile,
    ssr::{Next, Visit, respond, said::Said},
};

/// `POST /do/profile`
#[server(name = DoProfile, prefix = "/do", endpoint = "profile", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_profile(
    #[server(default)] name: String,
    #[server(default)] given_name: String,
    #[server(default)] family_name: String,
    #[server(default)] locale: String,
    #[server(default)] zone: String,
    #[server(default)] picture: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let values = ProfileValues { name, given_name, family_name, locale, zone, picture };
    done(update(&visit, values).await.unwrap_or_else(|instead| instead))
}

async fn update(visit: &Visit, values: ProfileValues) -> Result<Response, Response> {
    let to = visit.site().to(Next::Profile.path());
    let Some(actor) = visit.ctx.user() else {
        return Err(respond::redirect(visit, &Next::Profile.sign_in(visit.site())));
    };
    let cmd = match read(actor.user_id, &values) {
        Ok(cmd) => cmd,
        Err(problems) => {
            // What was typed may be longer than a cookie, so the answer to the form is the page itself.
            let page = ProfilePage { values, problems, ..profile::page(visit, None).await? };
            return Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page));
        }
    };
    match account::update_profile(&visit.ctx, cmd).await {
        Ok(_) => {
            visit.say(&to, Said::Done(Flash::ProfileSaved));
            Ok(respond::redirect(visit, &to))
        }
        Err(UpdateProfileError::Denied(_)) => Err(respond::redirect(visit, &Next::Profile.sign_in(visit.site()))),
        Err(UpdateProfileError::NotFound) => Err(respond::error(visit, &ErrorKind::NotFound)),
        Err(UpdateProfileError::Changed) => {
            visit.say(&to, Said::Done(Flash::SomebodyChanged));
            Err(respond::redirect(visit, &to))
        }
        Err(UpdateProfileError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

/// All that is wrong with the fields at once, in their order. Empty fields are left out.
fn read(user_id: UserId, values: &ProfileValues) -> Result<UpdateProfile, Vec<ProfileProblem>> {
    let mut problems = Vec::new();
    let display_name = field(&values.name, ProfileProblem::Name, &mut problems);
    let profile = Profile {
        given_name: field(&values.given_name, ProfileProblem::GivenName, &mut problems),
        family_name: field(&values.family_name, ProfileProblem::FamilyName, &mut problems),
        locale: field(&values.locale, ProfileProblem::Locale, &mut problems),
        zone: field(&values.zone, ProfileProblem::Zone, &mut problems),
        picture: field(&values.picture, ProfileProblem::Picture, &mut problems),
    };
    if problems.is_empty() {
        Ok(UpdateProfile { user_id, display_name, profile, version: None })
    } else {
        Err(problems)
    }
}

fn field<'a, T: TryFrom<&'a str, Error = TextError>>(
    text: &'a str,
    problem: ProfileProblem,
    problems: &mut Vec<ProfileProblem>,
) -> Option<T> {
    match T::try_from(text) {
        Ok(value) => Some(value),
        Err(TextError::Missing) => None,
        Err(TextError::TooLong | TextError::Malformed) => {
            problems.push(problem);
            None
        }
    }
}
