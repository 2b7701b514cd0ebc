//! Putting a question to one set of policies.

use std::{collections::HashSet, sync::LazyLock};

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId, Request,
    RestrictedExpression as Value,
};
use serde::{Deserialize, Serialize};

use super::{Compiled, PolicyName, Properties, Property, Question, Verdict, schema};
use crate::error::Internal;

/// A question in the words of the library.
pub(super) struct Posed {
    pub(super) request: Request,
    pub(super) entities: Entities,
}

/// What one set of policies says to a question. Policies that do not apply are not named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `forbid` policies that apply.
    pub forbids: Vec<PolicyName>,
    /// `permit` policies that apply; not looked for once one forbids.
    pub permits: Vec<PolicyName>,
    /// Policies that could not be evaluated.
    pub failed: Vec<FailedPolicy>,
}

/// A policy that could not be evaluated for a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPolicy {
    /// Which.
    pub policy: PolicyName,
    /// Why.
    pub message: String,
}

impl Said {
    /// Whether a policy forbids it. A `forbid` that could not be evaluated does, because it might have.
    pub fn forbids(&self) -> bool {
        !self.forbids.is_empty() || self.failed.iter().any(|failed| failed.policy.forbids)
    }

    /// Whether a policy permits it, and none forbids it. A `permit` that could not be evaluated does not.
    pub fn permits(&self) -> bool {
        !self.permits.is_empty() && !self.forbids()
    }
}

impl Compiled {
    pub(super) fn ask(&self, posed: &Posed) -> Said {
        let response = Authorizer::new().is_authorized(&posed.request, &self.set, &posed.entities);
        let mut said = Said::default();
        for id in response.diagnostics().reason() {
            let Some(name) = self.names.get(id) else { continue };
            if name.forbids { &mut said.forbids } else { &mut said.permits }.push(name.clone());
        }
        for AuthorizationError::PolicyEvaluationError(error) in response.diagnostics().errors() {
            let Some(name) = self.name(error.policy_id()) else { continue };
            said.failed.push(FailedPolicy { policy: name, message: error.inner().to_string() });
        }
        said.forbids.sort_by_key(|name| name.line);
        said.permits.sort_by_key(|name| name.line);
        said.failed.sort_by_key(|failed| failed.policy.line);
        said
    }

    fn name(&self, id: &PolicyId) -> Option<PolicyName> {
        self.names.get(id).cloned()
    }
}

/// The types of the schema.
struct Types {
    action: EntityTypeName,
    flags: EntityTypeName,
    lists: EntityTypeName,
    numbers: EntityTypeName,
    organization: EntityTypeName,
    resource: EntityTypeName,
    role: EntityTypeName,
    texts: EntityTypeName,
    user: EntityTypeName,
}

static TYPES: LazyLock<Types> = LazyLock::new(|| Types {
    action: type_name("Ostiary::Action"),
    flags: type_name("Ostiary::Flags"),
    lists: type_name("Ostiary::Lists"),
    numbers: type_name("Ostiary::Numbers"),
    organization: type_name("Ostiary::Organization"),
    resource: type_name("Ostiary::Resource"),
    role: type_name("Ostiary::Role"),
    texts: type_name("Ostiary::Texts"),
    user: type_name("Ostiary::User"),
});

#[expect(clippy::expect_used, reason = "constants, parsed in every test run")]
fn type_name(name: &str) -> EntityTypeName {
    name.parse().expect("a name of the schema")
}

fn uid(kind: &EntityTypeName, id: impl AsRef<str>) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// Puts a question into the words of the library. The action is there whether the catalogue knows it or not, and in the
/// group of its category, so that a `forbid` of the group reaches it.
pub(super) fn pose(question: &Question) -> Result<Posed, Internal> {
    let types = &*TYPES;
    let (subject, resource) = (&question.subject, &question.resource);
    let organization = uid(&types.organization, question.organization.to_string());
    let principal = uid(&types.user, subject.id.to_string());
    let action = uid(&types.action, &question.action);
    let group = uid(&types.action, schema::group_of(&question.action));
    let target = uid(
        &types.resource,
        match &resource.id {
            Some(id) => format!("{}/{id}", resource.kind),
            None => resource.kind.clone(),
        },
    );
    let roles = question.standing.roles.iter().map(|role| uid(&types.role, &role.id));
    let mut entities = vec![Entity::new_no_attrs(action.clone(), HashSet::from([group]))];

    let mut facts = bags(&mut entities, "subject", &subject.properties)?;
    facts.push(("id".to_owned(), Value::new_string(subject.id.to_string())));
    entities.push(entity(&principal, facts, roles.chain([organization.clone()]).collect())?);

    let mut facts = bags(&mut entities, "resource", &resource.properties)?;
    facts.push(("type".to_owned(), Value::new_string(resource.kind.clone())));
    if let Some(id) = &resource.id {
        facts.push(("id".to_owned(), Value::new_string(id.clone())));
    }
    let parents = if resource.is_foreign { Vec::new() } else { vec![organization] };
    entities.push(entity(&target, facts, parents)?);

    let mut context = bags(&mut entities, "context", &question.circumstances.properties)?;
    context.extend(circumstances(question));
    let context = Context::from_pairs(context).map_err(failed)?;
    let request = Request::new(principal, action, target, context, None).map_err(failed)?;
    Ok(Posed { request, entities: Entities::from_entities(entities, None).map_err(failed)? })
}

fn failed(cause: impl std::fmt::Display) -> Internal {
    Internal::new("put a question to policies", cause)
}

fn entity(uid: &EntityUid, facts: Vec<(String, Value)>, parents: Vec<EntityUid>) -> Result<Entity, Internal> {
    Entity::new_with_tags(uid.clone(), facts, parents, []).map_err(failed)
}

fn circumstances(question: &Question) -> Vec<(String, Value)> {
    let (standing, given) = (&question.standing, &question.circumstances);
    let texts = |texts: &[String]| Value::new_set(texts.iter().cloned().map(Value::new_string));
    let now = given.now.to_date_time();
    let millis = given.now.as_micros().rem_euclid(1_000_000) / 1000;
    let moment = format!("{}.{millis:03}Z", given.now.to_string().trim_end_matches('Z'));
    let mut facts = vec![
        ("allowed", Value::new_bool(standing.verdict == Verdict::Allowed)),
        ("denied", Value::new_bool(standing.verdict == Verdict::Denied)),
        ("roles", Value::new_set(standing.roles.iter().map(|role| Value::new_string(role.name.clone())))),
        ("permissions", texts(&standing.permissions)),
        ("now", Value::new_datetime(moment)),
        ("hour", Value::new_long(i64::from(now.hour()))),
        ("weekday", Value::new_long(i64::from(now.weekday().number_from_monday()))),
        ("amr", texts(&given.amr)),
        ("mfa", Value::new_bool(given.is_mfa())),
    ];
    let role = standing.roles.first().map(|role| ("role", Value::new_string(role.name.clone())));
    let ip = given.ip.map(|ip| ("ip", Value::new_ip(ip.to_string())));
    let acr = given.acr.clone().map(|acr| ("acr", Value::new_string(acr)));
    facts.extend([role, ip, acr].into_iter().flatten());
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The four bags that hold what the asker said, as attributes; those with something in them become entities.
fn bags(entities: &mut Vec<Entity>, of: &str, properties: &Properties) -> Result<Vec<(String, Value)>, Internal> {
    let (mut texts, mut numbers, mut flags, mut lists) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (name, property) in properties.iter() {
        let (bag, value) = match property {
            Property::Text(text) => (&mut texts, Value::new_string(text.clone())),
            Property::Number(number) => (&mut numbers, Value::new_long(*number)),
            Property::Flag(flag) => (&mut flags, Value::new_bool(*flag)),
            Property::List(items) => (&mut lists, Value::new_set(items.iter().cloned().map(Value::new_string))),
        };
        bag.push((name.to_owned(), value));
    }
    let types = &*TYPES;
    let bags = [
        ("text", &types.texts, texts),
        ("number", &types.numbers, numbers),
        ("flag", &types.flags, flags),
        ("list", &types.lists, lists),
    ];
    let mut facts = Vec::with_capacity(8);
    for (name, kind, tags) in bags {
        let bag = uid(kind, of);
        if !tags.is_empty() {
            entities.push(Entity::new_with_tags(bag.clone(), [], [], tags).map_err(failed)?);
        }
        facts.push((name.to_owned(), Value::new_entity_uid(bag)));
    }
    Ok(facts)
}
