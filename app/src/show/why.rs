//! Why somebody may or may not do something (E8).

use axum::{
    extract::{Query, rejection::QueryRejection},
    response::Response,
};
use ostiary::{
    id::UserId,
    org::{
        self, ListMembers, MOST_LISTED, MemberDetails, MemberEntry, MemberOrder, OrganizationRef, Permission, Refused,
        ResourceRef, Right, Seat,
    },
    policy::{
        self, Authorize, AuthorizeError, Evaluation, Explanation, Given, Reason, Semantics, Unanswered,
        engine::{Properties, Said},
    },
};
use serde::Deserialize;

use super::{
    account::flash,
    organizations::{Inside, NamedPath, enter, named, refuse},
};
use crate::{
    model::{ErrorKind, WhyAnswer, WhyAsked, WhyPage, WhyProblem, WhySays, WhyStep},
    ssr::{Visit, respond},
};

/// What may stand in the query.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    person: String,
    #[serde(default)]
    action: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    role: String,
}

/// `GET /organizations/{slug}/why?person=&action=&type=&id=&role=`
pub(crate) async fn why(visit: Visit, path: NamedPath, query: Result<Query<Asked>, QueryRejection>) -> Response {
    let asked = query.map(|Query(asked)| asked).unwrap_or_default();
    let Inside { room, seat, .. } = match enter(&visit, &named(path).organization, flash(&visit)).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let which = OrganizationRef::Id(seat.organization.id);
    let people = match people(&visit, &which, &seat).await {
        Ok(people) => people,
        Err(error) => return refuse(&visit, error),
    };
    let mut typed =
        WhyAsked { person: asked.person, action: asked.action, kind: asked.kind, id: asked.id, role: asked.role };
    if typed.person.is_empty() {
        typed.person = visit.ctx.user().map(|user| user.user_id.to_string()).unwrap_or_default();
    }
    let (answer, problem) = match answer(&visit, &which, &typed).await {
        Ok(Ok(answer)) => (answer, None),
        Ok(Err(problem)) => (None, Some(problem)),
        Err(instead) => return instead,
    };
    let permissions = seat.rulebook.permissions.names().map(|name| name.as_str().to_owned()).collect();
    let roles = seat.rulebook.roles.iter().map(|role| (role.id.to_string(), role.name.clone())).collect();
    let page = WhyPage {
        room,
        organization: seat.organization.name.clone(),
        slug: seat.organization.slug.clone(),
        people,
        permissions,
        roles,
        asked: typed,
        problem,
        answer,
    };
    respond::page(&visit, page)
}

/// Whom one may ask about: everybody, by name, for those who may see members; else oneself.
async fn people(visit: &Visit, which: &OrganizationRef, seat: &Seat) -> Result<Vec<(String, String)>, Refused> {
    if !seat.may(Right::ReadMembers) {
        let own = visit.person().zip(visit.ctx.user());
        return Ok(own
            .map(|(person, user)| (user.user_id.to_string(), person.called().to_owned()))
            .into_iter()
            .collect());
    }
    let cmd = ListMembers {
        organization: which.clone(),
        search: String::new(),
        role_id: None,
        order: MemberOrder::Name,
        after: None,
        limit: MOST_LISTED,
    };
    let members = org::list_members(&visit.ctx, cmd).await?.members;
    Ok(members.into_iter().map(|member| (member.membership.user_id.to_string(), member.name)).collect())
}

/// The answer, when something was asked; inside, what is wrong with the question.
async fn answer(
    visit: &Visit,
    which: &OrganizationRef,
    asked: &WhyAsked,
) -> Result<Result<Option<WhyAnswer>, WhyProblem>, Response> {
    if asked.action.trim().is_empty() {
        return Ok(Ok(None));
    }
    let (evaluation, subject) = match evaluation(which, asked) {
        Ok(read) => read,
        Err(problem) => return Ok(Err(problem)),
    };
    let cmd = Authorize { evaluations: vec![evaluation], semantics: Semantics::All, record: false };
    let explained = match policy::authorize(&visit.ctx, cmd).await {
        Ok(mut answers) => answers.pop(),
        Err(AuthorizeError::Internal(cause)) => return Err(respond::broken(visit, &cause)),
        Err(AuthorizeError::Denied(_) | AuthorizeError::TooMany) => None,
    };
    let explained = match explained {
        Some(Ok(explained)) => explained,
        Some(Err(Unanswered::UnknownRole)) => return Ok(Err(WhyProblem::Role)),
        Some(Err(Unanswered::Denied(_))) => return Ok(Err(WhyProblem::Person)),
        Some(Err(Unanswered::NotFound)) | None => return Err(respond::error(visit, &ErrorKind::NotFound)),
    };
    let details = match org::get_member(&visit.ctx, which, subject).await {
        Ok(details) => Some(details),
        Err(Refused::NotFound | Refused::Denied(_)) => None,
        Err(Refused::Internal(cause)) => return Err(respond::broken(visit, &cause)),
    };
    Ok(Ok(Some(explain(&explained, details.as_ref(), !asked.role.is_empty()))))
}

fn evaluation(which: &OrganizationRef, asked: &WhyAsked) -> Result<(Evaluation, UserId), WhyProblem> {
    let action = Permission::try_from(asked.action.as_str()).map_err(|_| WhyProblem::Action)?;
    let subject: UserId = asked.person.parse().map_err(|_| WhyProblem::Person)?;
    let (kind, id) = (asked.kind.trim(), asked.id.trim());
    let resource = match (kind, id) {
        ("", "") => None,
        (kind, _) if kind.contains('/') => return Err(WhyProblem::Resource),
        (kind, id) => {
            let id = Some(id).filter(|id| !id.is_empty());
            Some(ResourceRef::new(kind, id).map_err(|_| WhyProblem::Resource)?)
        }
    };
    let as_role = match asked.role.as_str() {
        "" => None,
        role => Some(role.parse().map_err(|_| WhyProblem::Role)?),
    };
    let evaluation = Evaluation {
        organization: Some(which.clone()),
        subject: Some(subject),
        subject_properties: Properties::default(),
        action,
        resource,
        resource_properties: Properties::default(),
        given: Given::default(),
        as_role,
    };
    Ok((evaluation, subject))
}

fn explain(answer: &Explanation, details: Option<&MemberDetails>, is_what_if: bool) -> WhyAnswer {
    let person = details.map_or_else(|| "This person".to_owned(), |details| details.member.name.clone());
    let entries = details.map(|details| details.entries.as_slice()).unwrap_or_default();
    let mut steps = Vec::new();
    if answer.reason != Reason::NotMember {
        steps.push(role(answer, is_what_if));
        steps.push(granted(answer, entries));
        steps.push(denied(answer, entries));
        policies(&mut steps, &answer.instance, "this Ostiary");
        policies(&mut steps, &answer.organization, "this organisation");
    }
    WhyAnswer { person, allowed: answer.allowed, steps, because: because(answer).to_owned() }
}

fn role(answer: &Explanation, is_what_if: bool) -> WhyStep {
    let own = answer.role.as_ref().map(|role| role.name.clone()).unwrap_or_default();
    let own = if is_what_if { format!("Role {own}, if they had it,") } else { format!("Role {own}") };
    let way: Vec<_> = answer.role_path.iter().skip(1).map(|role| role.name.as_str()).collect();
    let (says, words) = if answer.role_path.is_empty() {
        (WhySays::Silent, format!("{own} says nothing of it"))
    } else {
        (WhySays::Allows, format!("{own} allows it"))
    };
    let small = if way.is_empty() { String::new() } else { format!("through {}", way.join(", then ")) };
    WhyStep { says, words, small }
}

fn granted(answer: &Explanation, entries: &[MemberEntry]) -> WhyStep {
    if answer.grants.is_empty() {
        let small = match answer.entries {
            0 => "there are no grants or denials".to_owned(),
            1 => "one grant or denial looked at".to_owned(),
            several => format!("{several} grants and denials looked at"),
        };
        return WhyStep { says: WhySays::Silent, words: "No grant names it".to_owned(), small };
    }
    let small = reasons(&answer.grants, entries);
    WhyStep { says: WhySays::Allows, words: "A grant allows it".to_owned(), small }
}

fn denied(answer: &Explanation, entries: &[MemberEntry]) -> WhyStep {
    if answer.denials.is_empty() {
        return WhyStep { says: WhySays::Silent, words: "No denial names it".to_owned(), small: String::new() };
    }
    let small = reasons(&answer.denials, entries);
    WhyStep { says: WhySays::Denies, words: "A denial takes it".to_owned(), small }
}

/// What grants or denials say, and why they were made.
fn reasons(rules: &[org::Rule], entries: &[MemberEntry]) -> String {
    let line = |rule: &org::Rule| {
        let on = rule.resource.as_ref().map(|resource| format!(" on {resource}")).unwrap_or_default();
        let until = rule.expires_at.map(|end| format!(", until {end}")).unwrap_or_default();
        let entry = entries.iter().find(|entry| entry.id == rule.id);
        let reason = entry.map(|entry| entry.reason.as_str()).filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| format!(": “{reason}”")).unwrap_or_default();
        format!("{}{on}{until}{reason}", rule.pattern)
    };
    rules.iter().map(line).collect::<Vec<_>>().join(" · ")
}

/// What each policy says that has something to say.
fn policies(steps: &mut Vec<WhyStep>, said: &Said, of: &str) {
    let step = |policy: &policy::engine::PolicyName, says, verb: &str| WhyStep {
        says,
        words: format!("Policy {} of {of} {verb}", policy.id),
        small: policy.description.clone().unwrap_or_default(),
    };
    steps.extend(said.forbids.iter().map(|policy| step(policy, WhySays::Denies, "forbids it")));
    steps.extend(said.permits.iter().map(|policy| step(policy, WhySays::Allows, "permits it")));
    for failed in &said.failed {
        let (says, verb) = if failed.policy.forbids {
            (WhySays::Denies, "could not be worked out, so it forbids")
        } else {
            (WhySays::Silent, "could not be worked out, so it permits nothing")
        };
        steps.push(WhyStep { small: failed.message.clone(), ..step(&failed.policy, says, verb) });
    }
}

const fn because(answer: &Explanation) -> &'static str {
    match answer.reason {
        Reason::NotMember => "They do not belong to this organisation.",
        Reason::Role => "The role gives it, and nothing takes it.",
        Reason::Grant => "A grant gives it, and nothing takes it.",
        Reason::Denial => "A denial always wins. Withdrawing it would change that.",
        Reason::Nothing => "Nothing gives it. Another role, a grant or a policy would.",
        Reason::ForeignResource => "It belongs to another organisation, which nothing here reaches.",
        Reason::InstanceForbids => "A policy of this Ostiary forbids it, and nothing here can change that.",
        Reason::OrganizationForbids => {
            "A policy of this organisation forbids it. Another version of the policies would change that."
        }
        Reason::InstancePermits => "A policy of this Ostiary permits it.",
        Reason::OrganizationPermits => "A policy of this organisation permits it.",
    }
}
