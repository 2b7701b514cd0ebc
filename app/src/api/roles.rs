//! Roles of an organisation are made, changed and deleted (E3).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    id::{OrganizationId, RoleId},
    org::{self, HierarchyProblem, MOST_DEPTH, Pattern, Refused, RoleDefinition, RoleError, RoleName, RoleSettings},
    text::TextError,
};
use serde::Deserialize;

use super::{done, encoding::Form, organizations::to_page, visit};
use crate::{
    model::{ErrorKind, Flash, OrganizationPlace, OrganizationProblem, RolePage, RoleValues},
    show::{
        organizations::{enter, refuse},
        roles::{about_deleting, page},
    },
    ssr::{Visit, respond},
};

/// `POST /do/save-role`
#[server(name = DoSaveRole, prefix = "/do", endpoint = "save-role", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_save_role(
    #[server(flatten)] which: Which,
    role_name: String,
    description: String,
    #[server(default)] permissions: Vec<String>,
    #[server(default)] inherits: Vec<String>,
    #[server(default)] assigns: Vec<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let values = RoleValues { name: role_name, description, permissions, inherits, assigns };
    done(save(&visit, &which, &values).await.unwrap_or_else(|instead| instead))
}

/// Which role a form speaks of.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    organization: String,
    /// None, while it is made.
    role: String,
    /// As text: a flattened part of a form holds nothing else.
    version: String,
}

impl Which {
    #[expect(clippy::result_large_err, reason = "the error is the answer, made once in a request")]
    fn version(&self, visit: &Visit) -> Result<i64, Response> {
        self.version.parse().map_err(|_| respond::error(visit, &ErrorKind::BadForm))
    }
}

async fn save(visit: &Visit, which: &Which, values: &RoleValues) -> Result<Response, Response> {
    let inside = enter(visit, &which.organization, None).await?;
    let version = which.version(visit)?;
    // Whoever may not is told so before what was typed is looked at.
    let as_is = page(visit, &which.organization, &which.role).await?;
    let again = |problem| {
        let page = RolePage { version, values: values.clone(), problems: vec![problem], ..as_is };
        respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page)
    };
    let settings = match read(values) {
        Ok(settings) => settings,
        Err(problem) => return Ok(again(problem)),
    };
    let flash = if which.role.is_empty() { Flash::RoleMade } else { Flash::RoleSaved };
    match write(visit, (&which.role, version), inside.seat.organization.id, settings).await {
        Ok(()) => Ok(to_page(visit, &inside.at.path(OrganizationPlace::Roles), flash)),
        Err(error) => match problem(error) {
            Stopped::Problem(problem) => Ok(again(problem)),
            Stopped::Changed => {
                let rest = format!("/roles/{}", which.role);
                Ok(to_page(visit, &inside.at.below(&rest), Flash::SomebodyChanged))
            }
            Stopped::Refused(refused) => Err(refuse(visit, refused)),
        },
    }
}

async fn write(
    visit: &Visit,
    (role, version): (&str, i64),
    organization: OrganizationId,
    settings: RoleSettings,
) -> Result<(), RoleError> {
    let organization = organization.into();
    if role.is_empty() {
        return org::create_role(&visit.ctx, Some(&organization), settings).await.map(drop);
    }
    let id = role.parse().map_err(|_| RoleError::NoSuchRole)?;
    org::update_role(&visit.ctx, Some(&organization), id, settings, Some(version)).await.map(drop)
}

/// The first thing that is wrong with what was typed.
fn read(values: &RoleValues) -> Result<RoleSettings, OrganizationProblem> {
    let name = RoleName::try_from(values.name.as_str()).map_err(|error| match error {
        TextError::Missing => OrganizationProblem::RoleNameMissing,
        TextError::TooLong | TextError::Malformed => OrganizationProblem::RoleNameUnfit,
    })?;
    let patterns = values.permissions.iter().map(|text| Pattern::try_from(text.as_str()));
    let permissions = patterns.collect::<Result<Vec<_>, _>>().map_err(|_| OrganizationProblem::PermissionGone)?;
    let roles = |texts: &[String]| {
        let ids = texts.iter().map(|text| text.parse::<RoleId>());
        ids.collect::<Result<Vec<_>, _>>().map_err(|_| OrganizationProblem::RoleUnknown)
    };
    let definition =
        RoleDefinition { permissions, inherits: roles(&values.inherits)?, assigns: roles(&values.assigns)? };
    Ok(RoleSettings { name, description: values.description.clone(), definition })
}

/// What stopped a change of a role.
enum Stopped {
    Problem(OrganizationProblem),
    Changed,
    Refused(Refused),
}

fn problem(error: RoleError) -> Stopped {
    let problem = match error {
        RoleError::NotFound | RoleError::NoSuchRole | RoleError::Builtin => return Stopped::Refused(Refused::NotFound),
        RoleError::Denied(denied) => return Stopped::Refused(denied.into()),
        RoleError::Internal(cause) => return Stopped::Refused(cause.into()),
        RoleError::Changed | RoleError::InUse => return Stopped::Changed,
        RoleError::NameTaken => OrganizationProblem::RoleNameTaken,
        RoleError::UnknownPermission(_) => OrganizationProblem::PermissionGone,
        RoleError::Hierarchy(HierarchyProblem::Unknown) => OrganizationProblem::RoleUnknown,
        RoleError::Hierarchy(HierarchyProblem::Cycle) => OrganizationProblem::RoleCycle,
        RoleError::Hierarchy(HierarchyProblem::Depth) => OrganizationProblem::RoleDepth { most: MOST_DEPTH },
        RoleError::TooMuch => OrganizationProblem::RoleTooMuch,
        RoleError::TooMany => OrganizationProblem::TooManyRoles,
        RoleError::Ceiling => OrganizationProblem::RoleCeiling,
    };
    Stopped::Problem(problem)
}

/// `POST /do/delete-role`
#[server(name = DoDeleteRole, prefix = "/do", endpoint = "delete-role", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_delete_role(#[server(flatten)] which: Which) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(delete(&visit, &which).await.unwrap_or_else(|instead| instead))
}

async fn delete(visit: &Visit, which: &Which) -> Result<Response, Response> {
    let inside = enter(visit, &which.organization, None).await?;
    let version = which.version(visit)?;
    let Ok(id) = which.role.parse() else { return Err(respond::error(visit, &ErrorKind::NotFound)) };
    let organization = inside.seat.organization.id.into();
    let roles = inside.at.path(OrganizationPlace::Roles);
    match org::delete_role(&visit.ctx, Some(&organization), id, Some(version)).await {
        Ok(()) => Ok(to_page(visit, &roles, Flash::RoleDeleted)),
        // The page says that it is in use.
        Err(RoleError::InUse) => {
            let page = about_deleting(visit, &which.organization, &which.role).await?;
            Ok(respond::page_with(visit, StatusCode::CONFLICT, crate::model::DeleteRolePage { is_used: true, ..page }))
        }
        Err(error) => match problem(error) {
            Stopped::Refused(refused) => Err(refuse(visit, refused)),
            Stopped::Problem(OrganizationProblem::RoleCeiling) => Err(respond::error(visit, &ErrorKind::Forbidden)),
            Stopped::Problem(_) | Stopped::Changed => Ok(to_page(visit, &roles, Flash::SomebodyChanged)),
        },
    }
}
