//! Founding, choosing, leaving and bringing back organisations (E1, E2).

use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    org::{
        self, ChooseOrganizationError, CreateOrganization, CreateOrganizationError, MemberChangeError, OrganizationRef,
        Refused, RestoreOrganizationError, Slug,
    },
    text::{DisplayName, TextError},
};
use serde::Deserialize;

use super::{done, encoding::Form, filled, visit};
use crate::{
    model::{ErrorKind, Flash, NewOrganizationPage, OrganizationProblem},
    show::{
        account::room,
        organizations::{enter, refuse},
    },
    ssr::{Next, Visit, respond, said::Said},
};
use axum::response::Response;

/// To the list of one's own organisations, with what was done.
pub(super) fn to_list(visit: &Visit, flash: Flash) -> Response {
    let to = visit.site().to(Next::Organizations.path());
    visit.say(&to, Said::Done(flash));
    respond::redirect(visit, &to)
}

/// To a page of an organisation, with what was done; `path` begins with its own.
pub(super) fn to_page(visit: &Visit, path: &str, flash: Flash) -> Response {
    let to = visit.site().to(path);
    visit.say(&to, Said::Done(flash));
    respond::redirect(visit, &to)
}

/// A name that was typed.
///
/// # Errors
/// What was wrong with it.
pub(super) fn read_name(text: &str) -> Result<DisplayName, OrganizationProblem> {
    DisplayName::try_from(text).map_err(|error| match error {
        TextError::Missing => OrganizationProblem::NameMissing,
        TextError::TooLong | TextError::Malformed => OrganizationProblem::NameUnfit,
    })
}

/// `POST /do/create-organization`
#[server(name = DoCreateOrganization, prefix = "/do", endpoint = "create-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_create_organization(organization_name: String, slug: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(create(&visit, organization_name, slug).await.unwrap_or_else(|instead| instead))
}

async fn create(visit: &Visit, name: String, slug: String) -> Result<Response, Response> {
    let (room, _) = room(visit, Next::NewOrganization, None).await?;
    let again = |problems| {
        let page = NewOrganizationPage { room: room.clone(), name: name.clone(), slug: slug.clone(), problems };
        respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page)
    };
    let wanted = filled(slug.clone()).map(|slug| Slug::try_from(slug).map_err(|_| OrganizationProblem::SlugUnfit));
    let (display_name, wanted) = match (read_name(&name), wanted.transpose()) {
        (Ok(name), Ok(slug)) => (name, slug),
        (name, slug) => return Ok(again(name.err().into_iter().chain(slug.err()).collect())),
    };
    let cmd = CreateOrganization { name: display_name, slug: wanted, owner: None };
    match org::create_organization(&visit.ctx, cmd).await {
        Ok(made) => Ok(to_page(visit, &format!("/organizations/{}", made.slug), Flash::OrganizationMade)),
        Err(CreateOrganizationError::SlugTaken) => Ok(again(vec![OrganizationProblem::SlugTaken])),
        Err(CreateOrganizationError::TooMany { most }) => Ok(again(vec![OrganizationProblem::TooManyOwned { most }])),
        Err(CreateOrganizationError::Denied(_) | CreateOrganizationError::NoSuchOwner) => {
            Ok(again(vec![OrganizationProblem::Closed]))
        }
        Err(CreateOrganizationError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

/// `POST /do/choose-organization`
#[server(name = DoChooseOrganization, prefix = "/do", endpoint = "choose-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_choose_organization(organization: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(which) = OrganizationRef::parse(&organization) else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    done(match org::choose_organization(&visit.ctx, &which).await {
        Ok(standing) => {
            let path = format!("/organizations/{}", standing.organization.slug);
            to_page(&visit, &path, Flash::OrganizationChosen)
        }
        Err(ChooseOrganizationError::NotFound) => refuse(&visit, Refused::NotFound),
        Err(ChooseOrganizationError::Denied(denied)) => refuse(&visit, denied.into()),
        Err(ChooseOrganizationError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/leave-organization`
#[server(name = DoLeaveOrganization, prefix = "/do", endpoint = "leave-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_leave_organization(organization: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(leave(&visit, &organization).await.unwrap_or_else(|instead| instead))
}

async fn leave(visit: &Visit, organization: &str) -> Result<Response, Response> {
    let inside = enter(visit, organization, None).await?;
    match org::leave_organization(&visit.ctx, &inside.seat.organization.id.into()).await {
        Ok(()) => Ok(to_list(visit, Flash::OrganizationLeft)),
        Err(MemberChangeError::Denied(denied)) => Err(refuse(visit, denied.into())),
        Err(MemberChangeError::Internal(cause)) => Err(respond::broken(visit, &cause)),
        // Somebody made them its owner meanwhile, or changed something else: its page says how it is.
        Err(
            MemberChangeError::NotFound
            | MemberChangeError::NoSuchMember
            | MemberChangeError::NoSuchRole
            | MemberChangeError::Ceiling
            | MemberChangeError::LastOwner
            | MemberChangeError::Changed,
        ) => Ok(to_page(visit, &inside.at.below(""), Flash::SomebodyChanged)),
    }
}

/// `POST /do/restore-organization`
#[server(name = DoRestoreOrganization, prefix = "/do", endpoint = "restore-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_restore_organization(organization: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Ok(id) = organization.parse() else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    done(match org::restore_organization(&visit.ctx, id).await {
        Ok(()) => to_list(&visit, Flash::OrganizationRestored),
        Err(RestoreOrganizationError::NotFound) => refuse(&visit, Refused::NotFound),
        Err(RestoreOrganizationError::Denied(denied)) => refuse(&visit, denied.into()),
        Err(RestoreOrganizationError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
