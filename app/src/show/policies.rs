//! The policies of an organisation (E8).

use std::collections::HashMap;

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use ostiary::{
    id::UserId,
    org::{self, OrganizationRef, Refused},
    policy::{self, PoliciesError, PolicyScope, PolicySet, TriedOut, engine::PolicyProblem},
};
use serde::Deserialize;

use super::{
    organizations::{Inside, NamedPath, enter_for, named, refuse},
    people::when,
};
use crate::{
    model::{
        ActivatePoliciesPage, ErrorKind, OrganizationPlace, PoliciesPage, PoliciesProblem, PoliciesTried, PolicyChange,
        PolicyMistake, PolicyVersionRow,
    },
    ssr::{Visit, respond},
};

/// What stands in the field when there is no version yet.
const FIRST: &str = "// Each policy has an @id. The first of these lets operators restart servers by day; the second wants a\n\
// second step from whoever deletes the organisation.\n\
//\n\
// @id(\"restart-by-day\")\n\
// permit (principal, action == Ostiary::Action::\"servers:restart\", resource)\n\
// when { context.roles.contains(\"operator\") && context.hour >= 8 && context.hour < 18 };\n\
//\n\
// @id(\"delete-with-second-step\")\n\
// forbid (principal, action == Ostiary::Action::\"org:delete\", resource)\n\
// unless { context.mfa };\n";

/// What may stand in the query: a version.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    v: Option<String>,
}

/// What is said on the page besides the versions.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    /// What was typed, after something was wrong with it.
    pub(crate) text: Option<String>,
    /// The same.
    pub(crate) comment: String,
    /// The version it was thought out for; the newest without.
    pub(crate) newest: Option<i64>,
    /// What was wrong.
    pub(crate) problems: Vec<PoliciesProblem>,
    /// What the text allows but cannot mean.
    pub(crate) warnings: Vec<PolicyMistake>,
    /// What it would change.
    pub(crate) tried: Option<TriedOut>,
}

/// `GET /organizations/{slug}/policies?v=`
pub(crate) async fn policies(visit: Visit, path: NamedPath, query: Result<Query<Asked>, QueryRejection>) -> Response {
    let number = version_in(query);
    let inside = match enter(&visit, &named(path).organization).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    match page(&visit, inside, number, Typed::default()).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

fn version_in(query: Result<Query<Asked>, QueryRejection>) -> Option<i64> {
    query.ok().and_then(|Query(asked)| asked.v).and_then(|text| text.parse().ok())
}

/// Who may change policies there; nobody else learns of the page.
pub(crate) async fn enter(visit: &Visit, which: &str) -> Result<Inside, Response> {
    enter_for(visit, which, OrganizationPlace::Policies).await
}

/// The page with one version in the field: the one that was asked for, the one that counts, or the newest.
pub(crate) async fn page(
    visit: &Visit,
    inside: Inside,
    number: Option<i64>,
    typed: Typed,
) -> Result<PoliciesPage, Response> {
    let Inside { room, seat, .. } = inside;
    let scope = PolicyScope::Organization(seat.organization.id.into());
    let set = policy::get_policies(&visit.ctx, &scope).await.map_err(|error| unseen(visit, error))?;
    let text = match typed.text {
        Some(text) => text,
        None => shown(visit, &scope, &set, number).await?,
    };
    let organization = OrganizationRef::Id(seat.organization.id);
    let mut names = Names { visit, organization, known: HashMap::new() };
    let tried = match typed.tried {
        Some(tried) => Some(told(&mut names, tried).await?),
        None => None,
    };
    let newest = typed.newest.unwrap_or_else(|| set.newest());
    let mut versions = Vec::with_capacity(set.versions.len());
    let now = visit.ctx.now();
    for version in set.versions {
        let by = match version.created_by {
            Some(user_id) => Some(names.of(user_id).await?),
            None => None,
        };
        versions.push(PolicyVersionRow {
            number: version.number,
            comment: version.comment,
            by,
            made: when(version.created_at, now),
            is_active: version.is_active,
            activated: version.activated_at.map(|at| when(at, now)),
        });
    }
    Ok(PoliciesPage {
        room,
        organization: seat.organization.name.clone(),
        slug: seat.organization.slug.clone(),
        versions,
        newest,
        text,
        comment: typed.comment,
        problems: typed.problems,
        warnings: typed.warnings,
        tried,
    })
}

async fn shown(visit: &Visit, scope: &PolicyScope, set: &PolicySet, number: Option<i64>) -> Result<String, Response> {
    let active = set.active().map(|version| version.number);
    let Some(number) = number.or(active).or(Some(set.newest()).filter(|newest| *newest > 0)) else {
        return Ok(FIRST.to_owned());
    };
    let found = policy::get_policy_version(&visit.ctx, scope, number).await;
    found.map(|(_, text)| text).map_err(|error| unseen(visit, error))
}

/// What members are called; each is looked up once.
struct Names<'v> {
    visit: &'v Visit,
    organization: OrganizationRef,
    known: HashMap<UserId, String>,
}

impl Names<'_> {
    async fn of(&mut self, user_id: UserId) -> Result<String, Response> {
        if let Some(name) = self.known.get(&user_id) {
            return Ok(name.clone());
        }
        let name = match org::get_member(&self.visit.ctx, &self.organization, user_id).await {
            Ok(found) => found.member.name,
            Err(Refused::NotFound) => "somebody who left".to_owned(),
            Err(Refused::Denied(_)) => "a member".to_owned(),
            Err(Refused::Internal(cause)) => return Err(respond::broken(self.visit, &cause)),
        };
        self.known.insert(user_id, name.clone());
        Ok(name)
    }
}

async fn told(names: &mut Names<'_>, tried: TriedOut) -> Result<PoliciesTried, Response> {
    let now = names.visit.ctx.now();
    let mut changes = Vec::with_capacity(tried.changes.len());
    for change in tried.changes {
        let question = change.question;
        let resource = match &question.resource.id {
            _ if question.resource.kind == "organization" => String::new(),
            Some(id) => format!("on {} {id}", question.resource.kind),
            None => format!("on every {}", question.resource.kind),
        };
        changes.push(PolicyChange {
            who: names.of(question.subject.id).await?,
            action: question.action,
            resource,
            when: when(question.circumstances.now, now),
            allowed: change.allowed,
            policies: if change.policies.is_empty() { "no policy".to_owned() } else { change.policies.join(", ") },
        });
    }
    Ok(PoliciesTried { tried: tried.tried, changes, unused: tried.unused })
}

/// A problem of a text, in words.
pub(crate) fn mistake(problem: PolicyProblem) -> PolicyMistake {
    let place = match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("Line {line}, column {column}"),
        (Some(line), None) => format!("Line {line}"),
        (None, _) => String::new(),
    };
    PolicyMistake { place, policy: problem.policy, message: problem.message, help: problem.help }
}

/// `GET /organizations/{slug}/policies/activate?v=`
pub(crate) async fn activate(visit: Visit, path: NamedPath, query: Result<Query<Asked>, QueryRejection>) -> Response {
    let number = version_in(query);
    let seat = match enter(&visit, &named(path).organization).await {
        Ok(inside) => inside.seat,
        Err(instead) => return instead,
    };
    let policies = match policy::get_policies(&visit.ctx, &PolicyScope::Organization(seat.organization.id.into())).await
    {
        Ok(found) => found,
        Err(error) => return unseen(&visit, error),
    };
    let comment = match number {
        None => String::new(),
        Some(number) => match policies.version(number) {
            Some(version) => version.comment.clone(),
            None => return respond::error(&visit, &ErrorKind::NotFound),
        },
    };
    let active = policies.active().map(|version| version.number);
    let (organization, slug) = (seat.organization.name.clone(), seat.organization.slug.clone());
    respond::page(&visit, ActivatePoliciesPage { organization, slug, number, active, comment })
}

pub(crate) fn unseen(visit: &Visit, error: PoliciesError) -> Response {
    match error {
        PoliciesError::NotFound => respond::error(visit, &ErrorKind::NotFound),
        PoliciesError::Denied(denied) => refuse(visit, Refused::Denied(denied)),
        PoliciesError::Internal(cause) => respond::broken(visit, &cause),
    }
}
