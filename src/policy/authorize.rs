//! The decision API (E8): may this person do this to that? The answer explains itself.
//!
//! Who may ask about whom: everybody about themselves in the organisations they belong to; members with `members:read`
//! about everybody in their organisation; operators; and applications that an operator registered with the scope
//! `authorize`. Whoever asks about an organisation that they do not belong to is told that there is none.
//!
//! How somebody signed in and from where is known only when they ask about themselves. An application says it of the
//! person before it; what it does not say is not known.

use std::net::IpAddr;

use super::{
    cache::find_policies,
    engine::{self, Circumstances, Properties, Question, Resource, RoleName, Subject, Verdict},
    explain::Explanation,
    record,
};
use crate::{
    authz::{Denied, require_operator},
    client::find_client,
    core::{Actor, Ctx},
    error::Internal,
    grant::acr_of,
    id::{OrganizationId, RoleId, UserId},
    org::{self, Effective, Organization, OrganizationRef, Permission, ResourceRef, Right, Standing},
    protocol::Scope,
};

/// Most questions at once.
pub const MOST_EVALUATIONS: usize = 100;
/// The scope that lets an application ask about everybody.
pub const AUTHORIZE_SCOPE: &str = "authorize";
/// The type of organisations themselves.
const ORGANIZATION: &str = "organization";

/// Questions, in order.
#[derive(Clone, Debug)]
pub struct Authorize {
    /// The questions; what could not be read as one is answered with an error by the caller.
    pub evaluations: Vec<Evaluation>,
    /// When to stop.
    pub semantics: Semantics,
    /// Put the answers on record, for policies to be tried on: for questions that are meant, not for trying out.
    pub record: bool,
}

/// When to stop answering (`AuthZEN` Authorization API 1.0 §7.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Semantics {
    /// Never.
    #[default]
    All,
    /// After the first refusal.
    UntilDenied,
    /// After the first permission.
    UntilPermitted,
}

/// May this person do this to that?
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The organisation in which it is asked; none when what was said names none.
    pub organization: Option<OrganizationRef>,
    /// The person; none when what was said names nobody.
    pub subject: Option<UserId>,
    /// What the asker says of them.
    pub subject_properties: Properties,
    /// What they would do.
    pub action: Permission,
    /// To what; to the organisation itself without.
    pub resource: Option<ResourceRef>,
    /// What the asker says of it. Its text `organization` names the organisation it belongs to.
    pub resource_properties: Properties,
    /// Under which circumstances.
    pub given: Given,
    /// As if they had this role.
    pub as_role: Option<RoleId>,
}

/// What the asker says of the circumstances. The first three count only where the person does not ask themselves.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The person's address.
    pub ip: Option<IpAddr>,
    /// How they signed in (RFC 8176).
    pub amr: Vec<String>,
    /// How well (OIDC Core §2).
    pub acr: Option<String>,
    /// Everything else.
    pub properties: Properties,
}

/// Why one question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// There is no such organisation, or the asker does not belong to it.
    #[error("there is no such organisation")]
    NotFound,
    /// The asker may not ask about others.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such role.
    #[error("there is no such role")]
    UnknownRole,
}

/// Why there is no answer at all.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// Nobody, or an application that may not ask.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many questions.
    #[error("at most {MOST_EVALUATIONS} questions can be asked at once")]
    TooMany,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Answers questions in order, as far as their semantics say.
///
/// # Errors
/// [`AuthorizeError`]
pub async fn authorize(ctx: &Ctx, cmd: Authorize) -> Result<Vec<Result<Explanation, Unanswered>>, AuthorizeError> {
    require_asker(ctx).await?;
    if cmd.evaluations.len() > MOST_EVALUATIONS {
        return Err(AuthorizeError::TooMany);
    }
    let mut answers = Vec::with_capacity(cmd.evaluations.len());
    for evaluation in &cmd.evaluations {
        let answer = answer(ctx, evaluation, cmd.record).await?;
        let allowed = answer.as_ref().is_ok_and(|answer| answer.allowed);
        answers.push(answer);
        let is_last = match cmd.semantics {
            Semantics::All => false,
            Semantics::UntilDenied => !allowed,
            Semantics::UntilPermitted => allowed,
        };
        if is_last {
            break;
        }
    }
    Ok(answers)
}

/// Persons, operators, and applications that an operator registered for it.
async fn require_asker(ctx: &Ctx) -> Result<(), AuthorizeError> {
    match &ctx.actor {
        Actor::Anonymous => Err(Denied.into()),
        Actor::User(_) | Actor::Operator | Actor::System => Ok(()),
        Actor::Client { client_id } => {
            let client = find_client(&ctx.core, client_id).await?.ok_or(Denied)?;
            let wanted = Scope::parse(AUTHORIZE_SCOPE).map_err(|cause| Internal::new("read our own scope", cause))?;
            if client.settings.scopes.contains(&wanted) { Ok(()) } else { Err(Denied.into()) }
        }
    }
}

async fn answer(ctx: &Ctx, asked: &Evaluation, record: bool) -> Result<Result<Explanation, Unanswered>, Internal> {
    let Some(which) = &asked.organization else { return Ok(Err(Unanswered::NotFound)) };
    let Some(organization) = org::find_organization(&ctx.core, which).await? else {
        return Ok(Err(Unanswered::NotFound));
    };
    if let Err(refused) = may_ask(ctx, &organization, asked.subject).await? {
        return Ok(Err(refused));
    }
    let (question, sources) = match question(ctx, &organization, asked).await? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Ok(Explanation::not_member(resource(&organization, asked)))),
        Err(refused) => return Ok(Err(refused)),
    };
    let ruling = find_policies(&ctx.core, organization.id).await?.decide(&question)?;
    let allowed = ruling.allowed;
    let explanation = Explanation {
        allowed,
        reason: Explanation::reason_of(ruling.because, !sources.role_path.is_empty()),
        resource: question.resource.clone(),
        role: question.standing.roles.first().cloned(),
        role_path: sources.role_path,
        entries: sources.entries,
        grants: sources.grants,
        denials: sources.denials,
        standing: question.standing.verdict,
        instance: ruling.instance,
        organization: ruling.organization,
    };
    if record {
        record::note(&ctx.core, question, allowed);
    }
    Ok(Ok(explanation))
}

async fn may_ask(
    ctx: &Ctx,
    organization: &Organization,
    about: Option<UserId>,
) -> Result<Result<(), Unanswered>, Internal> {
    if require_operator(ctx).is_ok() || matches!(ctx.actor, Actor::Client { .. }) {
        return Ok(Ok(()));
    }
    let Some(asker) = ctx.user() else { return Ok(Err(Denied.into())) };
    let Some(standing) = org::find_standing(&ctx.core, asker.user_id, organization.id).await? else {
        return Ok(Err(Unanswered::NotFound));
    };
    let reads = standing.holds(Right::ReadMembers, ctx.now());
    Ok(if about == Some(asker.user_id) || reads { Ok(()) } else { Err(Denied.into()) })
}

/// What role, grants and denials said.
pub(super) struct Sources {
    role_path: Vec<RoleName>,
    entries: usize,
    grants: Vec<org::Rule>,
    denials: Vec<org::Rule>,
}

/// The question as the engine takes it; none when the person does not belong to the organisation.
pub(super) async fn question(
    ctx: &Ctx,
    organization: &Organization,
    asked: &Evaluation,
) -> Result<Result<Option<(Question, Sources)>, Unanswered>, Internal> {
    let Some(subject) = asked.subject else { return Ok(Ok(None)) };
    let Some(standing) = org::find_standing(&ctx.core, subject, organization.id).await? else { return Ok(Ok(None)) };
    let role = asked.as_role.unwrap_or(standing.membership.role_id);
    let effective = match asked.as_role {
        None => standing.effective.clone(),
        Some(role) if standing.rulebook.roles.get(role).is_some() => {
            Effective { implied: standing.rulebook.roles.implied(role), rules: standing.effective.rules.clone() }
        }
        Some(_) => return Ok(Err(Unanswered::UnknownRole)),
    };
    let resource = resource(organization, asked);
    let about = ResourceRef::new(&resource.kind, resource.id.as_deref()).ok();
    let decision = effective.decide(&asked.action, about.as_ref(), ctx.now());
    let rules = |ids: &[_]| effective.rules.iter().filter(|rule| ids.contains(&rule.id)).cloned().collect::<Vec<_>>();
    let sources = Sources {
        role_path: decision.role_path.iter().map(|id| role_name(&standing, *id)).collect(),
        entries: effective.rules.len(),
        grants: rules(&decision.grants),
        denials: rules(&decision.denials),
    };
    let verdict = match (decision.denials.is_empty(), decision.is_allowed) {
        (false, _) => Verdict::Denied,
        (true, true) => Verdict::Allowed,
        (true, false) => Verdict::Silent,
    };
    let permissions = effective.implied.iter().map(|implied| implied.pattern.as_str().to_owned());
    let question = Question {
        organization: organization.id,
        subject: Subject { id: subject, properties: asked.subject_properties.clone() },
        action: asked.action.as_str().to_owned(),
        resource,
        standing: engine::Standing { verdict, roles: roles(&standing, role), permissions: permissions.collect() },
        circumstances: circumstances(ctx, subject, &asked.given),
    };
    Ok(Ok(Some((question, sources))))
}

fn role_name(standing: &Standing, id: RoleId) -> RoleName {
    let name = standing.rulebook.roles.name_of(id).unwrap_or_default().to_owned();
    RoleName { id: id.to_string(), name }
}

/// A role, and then all that it inherits.
fn roles(standing: &Standing, role: RoleId) -> Vec<RoleName> {
    let mut found = vec![role];
    let mut at = 0;
    while let Some(next) = found.get(at).and_then(|id| standing.rulebook.roles.get(*id)) {
        let more: Vec<_> = next.definition.inherits.iter().filter(|id| !found.contains(id)).copied().collect();
        found.extend(more);
        at += 1;
    }
    found.into_iter().map(|id| role_name(standing, id)).collect()
}

/// To what it would be done: what was named, or the organisation itself. What is said to be another organisation's, or is
/// another organisation, is foreign.
fn resource(organization: &Organization, asked: &Evaluation) -> Resource {
    let is_this =
        |text: &str| text == organization.slug || text.parse().is_ok_and(|id: OrganizationId| id == organization.id);
    let properties = asked.resource_properties.clone();
    let owner_is_other = properties.text(ORGANIZATION).is_some_and(|owner| !is_this(owner));
    let own = organization.id.to_string();
    let (kind, id, is_other) = match &asked.resource {
        None => (ORGANIZATION.to_owned(), Some(own), false),
        Some(named) if named.kind() == ORGANIZATION => match named.id() {
            Some(id) if is_this(id) => (ORGANIZATION.to_owned(), Some(own), false),
            id => (ORGANIZATION.to_owned(), id.map(str::to_owned), true),
        },
        Some(named) => (named.kind().to_owned(), named.id().map(str::to_owned), false),
    };
    Resource { kind, id, is_foreign: is_other || owner_is_other, properties }
}

fn circumstances(ctx: &Ctx, subject: UserId, given: &Given) -> Circumstances {
    let properties = given.properties.clone();
    match ctx.user() {
        Some(asker) if asker.user_id == subject => Circumstances {
            now: ctx.now(),
            ip: ctx.meta.ip,
            amr: asker.amr.clone(),
            acr: acr_of(&asker.amr).map(str::to_owned),
            properties,
        },
        _ => Circumstances { now: ctx.now(), ip: given.ip, amr: given.amr.clone(), acr: given.acr.clone(), properties },
    }
}
