//! An organisation is changed, handed over and deleted (E1, E7).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    id::RoleId,
    org::{
        self, DeleteOrganizationError, MOST_GRACE_DAYS, MOST_MEMBERS, MfaMethod, MfaProblem, OrganizationSettings,
        Refused, SetMfaPolicy, SettingsProblem, Slug, TransferOwnershipError, UpdateOrganization,
        UpdateOrganizationError,
    },
};
use serde::Deserialize;

use super::{
    done,
    encoding::Form,
    organizations::{read_name, to_list, to_page},
    visit,
};
use crate::{
    model::{
        DeleteOrganizationPage, ErrorKind, Flash, OrganizationPlace, OrganizationProblem, OrganizationSettingsPage,
        SettingsValues, SignInRules,
    },
    show::{
        organization_settings::{about_deleting, page},
        organizations::{Inside, enter, refuse},
    },
    ssr::{Visit, respond},
};

/// `POST /do/edit-organization`
#[server(name = DoEditOrganization, prefix = "/do", endpoint = "edit-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_edit_organization(
    organization: String,
    version: i64,
    organization_name: String,
    slug: String,
    max_members: String,
    #[server(default)] member_invites: Option<String>,
    #[server(default)] verified_email: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let values = SettingsValues {
        name: organization_name,
        slug,
        member_invites: member_invites.is_some(),
        verified_email: verified_email.is_some(),
        max_members,
    };
    done(edit(&visit, &organization, version, values).await.unwrap_or_else(|instead| instead))
}

async fn edit(visit: &Visit, which: &str, version: i64, values: SettingsValues) -> Result<Response, Response> {
    let inside = enter(visit, which, None).await?;
    let most = visit.ctx.config().organizations.most_members;
    let max_members = values.max_members.trim().parse::<u32>().map_err(|_| OrganizationProblem::MaxMembers { most });
    let slug = Slug::try_from(values.slug.as_str()).map_err(|_| OrganizationProblem::SlugUnfit);
    let (name, slug, max_members) = match (read_name(&values.name), slug, max_members) {
        (Ok(name), Ok(slug), Ok(max_members)) => (name, slug, max_members),
        (name, slug, most) => {
            let problems = [name.err(), slug.err(), most.err()].into_iter().flatten().collect();
            return again(visit, which, |page| OrganizationSettingsPage { values, problems, ..page }).await;
        }
    };
    let settings = OrganizationSettings {
        member_invites: values.member_invites,
        verified_email_required: values.verified_email,
        max_members,
        custom: inside.seat.organization.settings.custom.clone(),
    };
    let cmd = UpdateOrganization {
        organization: inside.seat.organization.id.into(),
        name: Some(name),
        slug: Some(slug.clone()),
        settings: Some(settings),
        version: Some(version),
    };
    match org::update_organization(&visit.ctx, cmd).await {
        // Its addresses may have changed with it.
        Ok(_) => {
            let path = format!("/organizations/{slug}{}", OrganizationPlace::Settings.path());
            Ok(to_page(visit, &path, Flash::OrganizationSaved))
        }
        Err(error) => {
            let problems = vec![stopped(visit, &inside, error)?];
            again(visit, which, |page| OrganizationSettingsPage { values, problems, ..page }).await
        }
    }
}

/// The settings again, as they are but for what was typed.
async fn again(
    visit: &Visit,
    which: &str,
    typed: impl FnOnce(OrganizationSettingsPage) -> OrganizationSettingsPage,
) -> Result<Response, Response> {
    let page = typed(page(visit, which, None).await?);
    // Who may not change it sees no fields, and is told nothing about them.
    if !page.may_write {
        return Err(respond::error(visit, &ErrorKind::Forbidden));
    }
    Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// What is to be put right in the form.
///
/// # Errors
/// The answer instead, where nothing can be.
#[expect(clippy::result_large_err, reason = "the error is the answer, made once in a request")]
fn stopped(visit: &Visit, inside: &Inside, error: UpdateOrganizationError) -> Result<OrganizationProblem, Response> {
    match error {
        UpdateOrganizationError::NotFound => Err(refuse(visit, Refused::NotFound)),
        UpdateOrganizationError::Denied(denied) => Err(refuse(visit, denied.into())),
        UpdateOrganizationError::Internal(cause) => Err(respond::broken(visit, &cause)),
        UpdateOrganizationError::Settings(SettingsProblem::Custom) => Err(respond::error(visit, &ErrorKind::BadForm)),
        UpdateOrganizationError::Changed => {
            Err(to_page(visit, &inside.at.path(OrganizationPlace::Settings), Flash::SomebodyChanged))
        }
        UpdateOrganizationError::SlugTaken => Ok(OrganizationProblem::SlugTaken),
        UpdateOrganizationError::Settings(SettingsProblem::MaxMembers { most }) => {
            Ok(OrganizationProblem::MaxMembers { most: most.min(MOST_MEMBERS) })
        }
        UpdateOrganizationError::Mfa(MfaProblem::NoMethod) => Ok(OrganizationProblem::NoMethod),
        UpdateOrganizationError::Mfa(MfaProblem::Grace) => Ok(OrganizationProblem::Grace { most: MOST_GRACE_DAYS }),
        UpdateOrganizationError::Mfa(MfaProblem::UnknownRole) => Ok(OrganizationProblem::ExemptUnknown),
    }
}

/// `POST /do/mfa-policy`
#[server(name = DoMfaPolicy, prefix = "/do", endpoint = "mfa-policy", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_mfa_policy(
    organization: String,
    version: i64,
    #[server(default)] require: Option<String>,
    #[server(default)] methods: Vec<String>,
    grace: String,
    #[server(default)] exempt: Vec<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let rules = SignInRules { require: require.is_some(), methods, grace, exempt };
    done(set_rules(&visit, &organization, version, rules).await.unwrap_or_else(|instead| instead))
}

/// What was typed, read.
fn read_rules(rules: &SignInRules) -> Result<(Vec<MfaMethod>, u32, Vec<RoleId>), OrganizationProblem> {
    let methods = rules.methods.iter().map(|text| text.parse::<MfaMethod>()).collect::<Result<Vec<_>, _>>();
    let methods = methods.map_err(|_| OrganizationProblem::NoMethod)?;
    let most = MOST_GRACE_DAYS;
    let grace = rules.grace.trim().parse().map_err(|_| OrganizationProblem::Grace { most })?;
    let exempt = rules.exempt.iter().map(|text| text.parse::<RoleId>()).collect::<Result<Vec<_>, _>>();
    Ok((methods, grace, exempt.map_err(|_| OrganizationProblem::ExemptUnknown)?))
}

async fn set_rules(visit: &Visit, which: &str, version: i64, rules: SignInRules) -> Result<Response, Response> {
    let inside = enter(visit, which, None).await?;
    let (allowed_methods, grace_period_days, exempt_roles) = match read_rules(&rules) {
        Ok(read) => read,
        Err(problem) => {
            let problems = vec![problem];
            return again(visit, which, |page| OrganizationSettingsPage { sign_in: rules, problems, ..page }).await;
        }
    };
    let cmd = SetMfaPolicy {
        organization: inside.seat.organization.id.into(),
        require_mfa: rules.require,
        allowed_methods,
        grace_period_days,
        exempt_roles,
        version: Some(version),
    };
    match org::set_mfa_policy(&visit.ctx, cmd).await {
        Ok(_) => Ok(to_page(visit, &inside.at.path(OrganizationPlace::Settings), Flash::SignInRulesSaved)),
        Err(error) => {
            let problems = vec![stopped(visit, &inside, error)?];
            again(visit, which, |page| OrganizationSettingsPage { sign_in: rules, problems, ..page }).await
        }
    }
}

/// `POST /do/hand-over`
#[server(name = DoHandOver, prefix = "/do", endpoint = "hand-over", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_hand_over(organization: String, member: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(hand_over(&visit, &organization, &member).await.unwrap_or_else(|instead| instead))
}

async fn hand_over(visit: &Visit, which: &str, member: &str) -> Result<Response, Response> {
    let inside = enter(visit, which, None).await?;
    let Ok(to) = member.parse() else { return Err(respond::error(visit, &ErrorKind::NotFound)) };
    match org::transfer_ownership(&visit.ctx, &inside.seat.organization.id.into(), to).await {
        Ok(()) => Ok(to_page(visit, &inside.at.path(OrganizationPlace::Overview), Flash::OwnerChanged)),
        Err(TransferOwnershipError::NotFound) => Err(refuse(visit, Refused::NotFound)),
        Err(TransferOwnershipError::Denied(denied)) => Err(refuse(visit, denied.into())),
        Err(TransferOwnershipError::Internal(cause)) => Err(respond::broken(visit, &cause)),
        // They left meanwhile; or it is a personal one, whose settings say so.
        Err(TransferOwnershipError::NoSuchMember | TransferOwnershipError::Personal) => {
            Ok(to_page(visit, &inside.at.path(OrganizationPlace::Settings), Flash::SomebodyChanged))
        }
    }
}

/// `POST /do/delete-organization`
#[server(name = DoDeleteOrganization, prefix = "/do", endpoint = "delete-organization", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_delete_organization(
    organization: String,
    version: i64,
    confirm: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(delete(&visit, &organization, version, confirm).await.unwrap_or_else(|instead| instead))
}

async fn delete(visit: &Visit, which: &str, version: i64, confirm: String) -> Result<Response, Response> {
    let inside = enter(visit, which, None).await?;
    let question = about_deleting(visit, which).await?;
    if confirm.trim() != inside.seat.organization.slug {
        let problems = vec![OrganizationProblem::NotConfirmed];
        let page = DeleteOrganizationPage { typed: confirm, problems, ..question };
        return Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    match org::delete_organization(&visit.ctx, &inside.seat.organization.id.into(), Some(version)).await {
        Ok(_) => Ok(to_list(visit, Flash::OrganizationDeleted)),
        Err(DeleteOrganizationError::NotFound) => Err(refuse(visit, Refused::NotFound)),
        Err(DeleteOrganizationError::Denied(denied)) => Err(refuse(visit, denied.into())),
        Err(DeleteOrganizationError::Internal(cause)) => Err(respond::broken(visit, &cause)),
        Err(DeleteOrganizationError::Personal | DeleteOrganizationError::Changed) => {
            Ok(to_page(visit, &inside.at.path(OrganizationPlace::Settings), Flash::SomebodyChanged))
        }
    }
}
