//! What is done with members of an organisation (E2, E3, E5).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    clock::Timestamp,
    id::UserId,
    org::{
        self, AddEntry, AddEntryError, ChangeRole, Effect, MOST_ENTRIES, MemberChangeError, OrganizationRef, Pattern,
        Refused, RemoveEntry, RemoveEntryError, ResourceRef,
    },
};
use serde::Deserialize;

use super::{done, encoding::Form, organizations::to_page, visit};
use crate::{
    model::{EntryValues, ErrorKind, Flash, MemberPage, OrganizationProblem, Problem as _},
    show::{
        member::page,
        organizations::{enter, refuse},
    },
    ssr::{Visit, respond},
};

/// Longest reason, in characters.
const MAX_REASON: usize = 300;

/// A member that a form speaks of.
#[derive(Debug, Deserialize)]
pub(crate) struct Whose {
    organization: String,
    member: String,
    /// As text: a flattened part of a form holds nothing else.
    version: String,
}

/// A member that a form speaks of, read.
struct Member {
    organization: OrganizationRef,
    user_id: UserId,
    version: Option<i64>,
}

impl Whose {
    /// What the form speaks of, for those who are let in there.
    ///
    /// # Errors
    /// The answer instead.
    async fn read(&self, visit: &Visit) -> Result<Member, Response> {
        let inside = enter(visit, &self.organization, None).await?;
        let user_id = self.member.parse().map_err(|_| respond::error(visit, &ErrorKind::NotFound))?;
        let version = self.version.parse().map_err(|_| respond::error(visit, &ErrorKind::BadForm))?;
        Ok(Member { organization: inside.seat.organization.id.into(), user_id, version: Some(version) })
    }

    /// Back to the member's page, with what was done.
    async fn back(&self, visit: &Visit, flash: Flash) -> Result<Response, Response> {
        let inside = enter(visit, &self.organization, None).await?;
        Ok(to_page(visit, &inside.at.below(&format!("/members/{}", self.member)), flash))
    }

    /// The page again, with what was wrong.
    async fn again(
        &self,
        visit: &Visit,
        values: EntryValues,
        problem: OrganizationProblem,
    ) -> Result<Response, Response> {
        let page = page(visit, &self.organization, &self.member, None).await?;
        // Who is offered no form is not told what was wrong with it.
        let has_form = if problem.field() == Some("role") { !page.assignable.is_empty() } else { page.add.is_some() };
        if !has_form {
            return Err(respond::error(visit, &ErrorKind::Forbidden));
        }
        let page = MemberPage { values, problems: vec![problem], ..page };
        Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page))
    }

    /// What is answered when a member could not be changed.
    async fn not_changed(&self, visit: &Visit, error: MemberChangeError) -> Result<Response, Response> {
        match error {
            MemberChangeError::NotFound => Err(refuse(visit, Refused::NotFound)),
            MemberChangeError::Denied(denied) => Err(refuse(visit, denied.into())),
            MemberChangeError::Internal(cause) => Err(respond::broken(visit, &cause)),
            MemberChangeError::NoSuchMember => Err(respond::error(visit, &ErrorKind::NotFound)),
            MemberChangeError::NoSuchRole | MemberChangeError::Ceiling => {
                self.again(visit, EntryValues::default(), OrganizationProblem::RoleRefused).await
            }
            // The page shows how it is now, and why nothing else is offered.
            MemberChangeError::LastOwner | MemberChangeError::Changed => self.back(visit, Flash::SomebodyChanged).await,
        }
    }
}

/// `POST /do/change-member-role`
#[server(name = DoChangeMemberRole, prefix = "/do", endpoint = "change-member-role", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_change_member_role(#[server(flatten)] whose: Whose, role: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(change_role(&visit, &whose, &role).await.unwrap_or_else(|instead| instead))
}

async fn change_role(visit: &Visit, whose: &Whose, role: &str) -> Result<Response, Response> {
    let Member { organization, user_id, version } = whose.read(visit).await?;
    let Ok(role_id) = role.parse() else { return whose.not_changed(visit, MemberChangeError::NoSuchRole).await };
    let cmd = ChangeRole { organization, user_id, role_id, version };
    match org::change_role(&visit.ctx, cmd).await {
        Ok(_) => whose.back(visit, Flash::MemberSaved).await,
        Err(error) => whose.not_changed(visit, error).await,
    }
}

/// `POST /do/add-member-entry`
#[server(name = DoAddMemberEntry, prefix = "/do", endpoint = "add-member-entry", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_add_member_entry(
    #[server(flatten)] whose: Whose,
    #[server(flatten)] typed: Typed,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(add_entry(&visit, &whose, &typed).await.unwrap_or_else(|instead| instead))
}

/// The fields of a grant or a denial.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    effect: Effect,
    permission: String,
    resource_type: String,
    resource_id: String,
    reason: String,
    ends: String,
}

impl Typed {
    fn values(&self) -> EntryValues {
        EntryValues {
            is_denial: self.effect == Effect::Denial,
            permission: self.permission.clone(),
            resource_type: self.resource_type.clone(),
            resource_id: self.resource_id.clone(),
            reason: self.reason.clone(),
            ends: self.ends.clone(),
        }
    }

    /// What it speaks of, if not of everything.
    fn resource(&self) -> Result<Option<ResourceRef>, OrganizationProblem> {
        let (kind, id) = (self.resource_type.trim(), self.resource_id.trim());
        match (kind, id) {
            ("", "") => Ok(None),
            ("", _) => Err(OrganizationProblem::ResourceTypeMissing),
            (kind, id) => ResourceRef::new(kind, Some(id).filter(|id| !id.is_empty()))
                .map(Some)
                .map_err(|_| OrganizationProblem::ResourceUnfit),
        }
    }

    /// When it ends: when its last day is over.
    fn ends(&self) -> Result<Option<Timestamp>, OrganizationProblem> {
        let text = self.ends.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let format = time::macros::format_description!("[year]-[month]-[day]");
        let day = time::Date::parse(text, format).map_err(|_| OrganizationProblem::DateUnfit)?;
        let next = day.next_day().ok_or(OrganizationProblem::DateUnfit)?.midnight().assume_utc();
        let micros = i64::try_from(next.unix_timestamp_nanos() / 1000).map_err(|_| OrganizationProblem::DateUnfit)?;
        Ok(Some(Timestamp::from_micros(micros)))
    }
}

async fn add_entry(visit: &Visit, whose: &Whose, typed: &Typed) -> Result<Response, Response> {
    let Member { organization, user_id, version } = whose.read(visit).await?;
    let pattern = Pattern::try_from(typed.permission.as_str()).map_err(|_| OrganizationProblem::PermissionUnknown);
    let read = pattern.and_then(|pattern| Ok((pattern, typed.resource()?, typed.ends()?)));
    let (pattern, resource, expires_at) = match read {
        Ok(read) => read,
        Err(problem) => return whose.again(visit, typed.values(), problem).await,
    };
    let cmd = AddEntry {
        organization,
        user_id,
        effect: typed.effect,
        pattern,
        resource,
        reason: typed.reason.clone(),
        expires_at,
        version,
    };
    let problem = match org::add_entry(&visit.ctx, cmd).await {
        Ok(_) => return whose.back(visit, Flash::EntryAdded).await,
        Err(AddEntryError::Member(error)) => return whose.not_changed(visit, error).await,
        Err(AddEntryError::UnknownPermission) => OrganizationProblem::PermissionUnknown,
        Err(AddEntryError::NotYours) => OrganizationProblem::NotYours,
        Err(AddEntryError::Past) => OrganizationProblem::DatePast,
        Err(AddEntryError::Reason) => OrganizationProblem::ReasonUnfit { most: MAX_REASON },
        Err(AddEntryError::TooMany) => OrganizationProblem::TooManyEntries { most: MOST_ENTRIES },
    };
    whose.again(visit, typed.values(), problem).await
}

/// `POST /do/remove-member-entry`
#[server(name = DoRemoveMemberEntry, prefix = "/do", endpoint = "remove-member-entry", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_remove_member_entry(
    #[server(flatten)] whose: Whose,
    entry: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(remove_entry(&visit, &whose, &entry).await.unwrap_or_else(|instead| instead))
}

async fn remove_entry(visit: &Visit, whose: &Whose, entry: &str) -> Result<Response, Response> {
    let Member { organization, user_id, version } = whose.read(visit).await?;
    let Ok(entry) = entry.parse() else { return Err(respond::error(visit, &ErrorKind::NotFound)) };
    let cmd = RemoveEntry { organization, user_id, entry, version };
    match org::remove_entry(&visit.ctx, cmd).await {
        Ok(_) => whose.back(visit, Flash::EntryRemoved).await,
        Err(RemoveEntryError::NotFound) => Err(refuse(visit, Refused::NotFound)),
        Err(RemoveEntryError::Denied(denied)) => Err(refuse(visit, denied.into())),
        Err(RemoveEntryError::Member(error)) => whose.not_changed(visit, error).await,
        Err(RemoveEntryError::NoSuchEntry) => whose.back(visit, Flash::SomebodyChanged).await,
        Err(RemoveEntryError::NotYours) => Err(respond::error(visit, &ErrorKind::Forbidden)),
        Err(RemoveEntryError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

/// `POST /do/remove-member`
#[server(name = DoRemoveMember, prefix = "/do", endpoint = "remove-member", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_remove_member(#[server(flatten)] whose: Whose) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(remove_member(&visit, &whose).await.unwrap_or_else(|instead| instead))
}

async fn remove_member(visit: &Visit, whose: &Whose) -> Result<Response, Response> {
    let Member { organization, user_id, version } = whose.read(visit).await?;
    match org::remove_member(&visit.ctx, &organization, user_id, version).await {
        Ok(()) => {
            let inside = enter(visit, &whose.organization, None).await?;
            Ok(to_page(visit, &inside.at.path(crate::model::OrganizationPlace::Members), Flash::MemberRemoved))
        }
        Err(error) => whose.not_changed(visit, error).await,
    }
}
