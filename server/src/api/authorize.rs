//! `POST /api/v1/authorize` (E8).
//!
//! A question names the organisation in `context.organization`, by id or slug. What is not read as a question is refused
//! whole, with the place of what is wrong: a member that a policy could not see might be the one it looks for. A question
//! about an organisation that the asker has no part in is answered as one about an organisation that does not exist.

use axum::Json;
use http::StatusCode;
use ostiary::{
    id::UserId,
    org::{OrganizationRef, Permission, ResourceRef},
    policy::{
        self, Authorize, AuthorizeError, Evaluation, Given, MOST_EVALUATIONS, Semantics, Unanswered, engine::Properties,
    },
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    body::{Body, Fields},
    caller::Asker,
    decision::{Answer, Decision},
    describe::{Area, Doc},
    problem::{self, FieldProblem, Kind, Problem},
};

/// May somebody do something? One question, or up to a hundred in `evaluations`, for which the other members are what is not
/// said otherwise.
#[derive(ToSchema)]
#[schema(example = json!({
    "subject": { "type": "user", "id": "01926f3e-7c1a-7000-8000-000000000001" },
    "action": { "name": "servers:restart" },
    "resource": { "type": "server", "id": "node-3", "properties": { "env": "prod" } },
    "context": { "organization": "nordhavn", "amr": ["pwd", "otp", "mfa"] },
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct Question {
    /// `type` is `user`; `id`; `properties` for policies.
    #[schema(value_type = Option<Object>)]
    subject: Option<Value>,
    /// `name` is a permission.
    #[schema(value_type = Option<Object>)]
    action: Option<Value>,
    /// `type`, `id`, and `properties` for policies; the organisation itself when it is left out.
    #[schema(value_type = Option<Object>)]
    resource: Option<Value>,
    /// `organization` by id or slug; how the person signed in and from where (`amr`, `acr`, `ip`); anything else for policies.
    #[schema(value_type = Option<Object>)]
    context: Option<Value>,
    /// Several questions.
    #[schema(value_type = Option<Vec<Object>>)]
    evaluations: Option<Vec<Value>>,
    /// `evaluations_semantic`: `execute_all`, `deny_on_first_deny` or `permit_on_first_permit`.
    #[schema(value_type = Option<Object>)]
    options: Option<Value>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such organisation");

pub(super) const AUTHORIZE: Doc = Doc::new(Area::Decisions, "authorize", "Ask whether somebody may do something")
    .about(
        "The shape is that of the AuthZEN Authorization API 1.0. People ask about themselves, members with `members:read` about \
         their organisation, administrators about all, and so do applications with a token of their own and the scope \
         `authorize`.",
    )
    .problems(&[MISSING, problem::DENIED]);

pub(super) async fn authorize(
    Asker(ctx): Asker,
    Body { mut fields, .. }: Body<Question>,
) -> Result<Json<Answer>, Problem> {
    let (evaluations, is_batch, semantics) = read(&mut fields);
    let evaluations = fields.finish(evaluations)?;
    let refused = |error| match error {
        AuthorizeError::Denied(denied) => problem::denied(denied),
        AuthorizeError::TooMany => too_many(),
        AuthorizeError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    };
    let answers = policy::authorize(&ctx, Authorize { evaluations, semantics, record: true }).await.map_err(refused)?;
    if is_batch {
        return Ok(Json(Answer::of_many(answers.iter().map(Decision::among_others).collect())));
    }
    match answers.first() {
        Some(Ok(answer)) => Ok(Json(Answer::of_one(Decision::of(answer)))),
        Some(Err(Unanswered::Denied(denied))) => Err(problem::denied(*denied)),
        Some(Err(Unanswered::NotFound | Unanswered::UnknownRole)) | None => Err(MISSING.into()),
    }
}

fn too_many() -> Problem {
    Problem::fields(vec![FieldProblem {
        field: "evaluations".into(),
        code: "too_many",
        message: format!("evaluations must be {MOST_EVALUATIONS} at most"),
    }])
}

/// The questions of a body; what is said above `evaluations` holds for each that does not say otherwise (`AuthZEN` §7.1.1).
fn read(fields: &mut Fields) -> (Option<Vec<Evaluation>>, bool, Semantics) {
    let members = ["subject", "action", "resource", "context"];
    let shared: Map<String, Value> =
        members.into_iter().filter_map(|name| Some((name.to_owned(), fields.take(name)?))).collect();
    let semantics = semantics(fields);
    let items = match fields.take("evaluations") {
        None => return (evaluation(fields, "", &shared, &Map::new()).map(|one| vec![one]), false, semantics),
        Some(Value::Array(items)) if items.is_empty() => {
            return (evaluation(fields, "", &shared, &Map::new()).map(|one| vec![one]), false, semantics);
        }
        Some(Value::Array(items)) => items,
        Some(_) => return (fields.wrong("evaluations", "not_list", "must be a list"), true, semantics),
    };
    if items.len() > MOST_EVALUATIONS {
        let what = format!("must be {MOST_EVALUATIONS} at most");
        return (fields.wrong("evaluations", "too_many", &what), true, semantics);
    }
    let mut evaluations = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let at = format!("evaluations[{place}].");
        let read = match item {
            Value::Object(own) => evaluation(fields, &at, &shared, own),
            _ => fields.wrong(format!("evaluations[{place}]"), "not_object", "must be an object"),
        };
        evaluations.push(read);
    }
    (evaluations.into_iter().collect(), true, semantics)
}

fn semantics(fields: &mut Fields) -> Semantics {
    let options = fields.take("options");
    let word = options.as_ref().and_then(|options| options.get("evaluations_semantic"));
    match word.map(|word| word.as_str().unwrap_or_default()) {
        None | Some("execute_all") => Semantics::All,
        Some("deny_on_first_deny") => Semantics::UntilDenied,
        Some("permit_on_first_permit") => Semantics::UntilPermitted,
        Some(_) => {
            let _: Option<()> =
                fields.wrong("options.evaluations_semantic", "unknown", "is not one of those known here");
            Semantics::All
        }
    }
}

/// Reads one question. All that is wrong is noted, with `at` in front of its name.
fn evaluation(
    fields: &mut Fields,
    at: &str,
    shared: &Map<String, Value>,
    own: &Map<String, Value>,
) -> Option<Evaluation> {
    let mut reader = Reader { fields, at, shared, own };
    let subject = reader.object("subject", true);
    let action = reader.object("action", true);
    let resource = reader.object("resource", false);
    let context = reader.object("context", false).unwrap_or_default();
    let subject = subject.and_then(|subject| reader.subject(&subject));
    let action = action.and_then(|action| reader.action(&action));
    let resource = match resource {
        Some(resource) => reader.resource(&resource).map(Some),
        None => Some(None),
    };
    let asked = resource.as_ref().and_then(Option::as_ref).map(|(asked, _)| asked);
    let organization = reader.organization(&context, asked);
    let given = reader.given(context, action.as_ref().map(|(_, properties)| properties));
    let ((subject, subject_properties), (action, _)) = (subject?, action?);
    let (resource, resource_properties) = resource?.unzip();
    let resource_properties = resource_properties.unwrap_or_default();
    let (organization, given) = (organization?, given?);
    Some(Evaluation {
        organization,
        subject,
        subject_properties,
        action,
        resource,
        resource_properties,
        given,
        as_role: None,
    })
}

struct Reader<'a> {
    fields: &'a mut Fields,
    at: &'a str,
    shared: &'a Map<String, Value>,
    own: &'a Map<String, Value>,
}

impl Reader<'_> {
    fn wrong<T>(&mut self, field: &str, code: &'static str, what: &str) -> Option<T> {
        self.fields.wrong(format!("{}{field}", self.at), code, what)
    }

    fn object(&mut self, name: &str, required: bool) -> Option<Map<String, Value>> {
        match self.own.get(name).or_else(|| self.shared.get(name)) {
            Some(Value::Object(members)) => Some(members.clone()),
            None | Some(Value::Null) if required => self.wrong(name, "missing", "is missing"),
            None | Some(Value::Null) => None,
            Some(_) => self.wrong(name, "not_object", "must be an object"),
        }
    }

    fn text(&mut self, of: &Map<String, Value>, field: &str) -> Option<String> {
        let name = field.rsplit('.').next().unwrap_or(field);
        match of.get(name) {
            Some(Value::String(text)) if text.len() > 1000 => self.wrong(field, "too_long", "is too long"),
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            None | Some(Value::Null | Value::String(_)) => self.wrong(field, "missing", "is missing"),
            Some(_) => self.wrong(field, "not_text", "must be text"),
        }
    }

    fn properties(&mut self, of: &Map<String, Value>, field: &str) -> Option<Properties> {
        match of.get("properties") {
            None | Some(Value::Null) => Some(Properties::default()),
            Some(Value::Object(members)) => self.read_properties(members, field),
            Some(_) => self.wrong(field, "not_object", "must be an object"),
        }
    }

    fn read_properties(&mut self, members: &Map<String, Value>, field: &str) -> Option<Properties> {
        match Properties::read(members) {
            Ok(properties) => Some(properties),
            Err(problem) => self.wrong(field, "unreadable", &format!("cannot be taken: {problem}")),
        }
    }

    /// A person we know by id; an id that is none of ours is nobody's.
    fn subject(&mut self, subject: &Map<String, Value>) -> Option<(Option<UserId>, Properties)> {
        let kind = self.text(subject, "subject.type");
        if kind.as_ref().is_some_and(|kind| kind != "user") {
            let _: Option<()> = self.wrong("subject.type", "unknown", "must be user");
        }
        let id = self.text(subject, "subject.id");
        let properties = self.properties(subject, "subject.properties");
        Some((id?.parse().ok(), properties?))
    }

    fn action(&mut self, action: &Map<String, Value>) -> Option<(Permission, Map<String, Value>)> {
        let name = self.text(action, "action.name")?;
        let properties = match action.get("properties") {
            Some(Value::Object(members)) => members.clone(),
            None | Some(Value::Null) => Map::new(),
            Some(_) => return self.wrong("action.properties", "not_object", "must be an object"),
        };
        match Permission::try_from(name) {
            Ok(permission) => Some((permission, properties)),
            Err(_) => self.wrong("action.name", "malformed", "must be a permission, such as servers:restart"),
        }
    }

    fn resource(&mut self, resource: &Map<String, Value>) -> Option<(ResourceRef, Properties)> {
        let kind = self.text(resource, "resource.type");
        let id = match resource.get("id") {
            None | Some(Value::Null) => Some(None),
            Some(_) => self.text(resource, "resource.id").map(Some),
        };
        let properties = self.properties(resource, "resource.properties");
        let (kind, id, properties) = (kind?, id?, properties?);
        match ResourceRef::new(&kind, id.as_deref()) {
            Ok(_) if kind.contains('/') => self.wrong("resource.type", "malformed", "must be without a slash"),
            Ok(resource) => Some((resource, properties)),
            Err(_) => self.wrong("resource", "malformed", "has a type or an id that cannot be taken"),
        }
    }

    /// Which organisation is meant: what the context says, or the one that is asked about. What is neither id nor slug
    /// names none that exists.
    #[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
    fn organization(
        &mut self,
        context: &Map<String, Value>,
        asked: Option<&ResourceRef>,
    ) -> Option<Option<OrganizationRef>> {
        let of_resource = asked.filter(|asked| asked.kind() == "organization").and_then(ResourceRef::id);
        match (context.get("organization"), of_resource) {
            (None | Some(Value::Null), Some(id)) => Some(OrganizationRef::parse(id)),
            _ => self.text(context, "context.organization").map(|text| OrganizationRef::parse(&text)),
        }
    }

    fn given(&mut self, mut context: Map<String, Value>, action: Option<&Map<String, Value>>) -> Option<Given> {
        context.remove("organization");
        let present = |context: &mut Map<String, Value>, name| context.remove(name).filter(|value| !value.is_null());
        let ip = match present(&mut context, "ip") {
            None => Some(None),
            Some(ip) => match ip.as_str().and_then(|ip| ip.parse().ok()) {
                Some(ip) => Some(Some(ip)),
                None => self.wrong("context.ip", "malformed", "must be an IP address"),
            },
        };
        let amr = match present(&mut context, "amr") {
            None => Some(Vec::new()),
            Some(amr) => match serde_json::from_value::<Vec<String>>(amr) {
                Ok(amr) if amr.len() <= 20 && amr.iter().all(|method| is_sound(method)) => Some(amr),
                Ok(_) | Err(_) => self.wrong("context.amr", "malformed", "must be a list of words"),
            },
        };
        let acr = match present(&mut context, "acr") {
            None => Some(None),
            Some(Value::String(acr)) if is_sound(&acr) => Some(Some(acr)),
            Some(_) => self.wrong("context.acr", "malformed", "must be text"),
        };
        // What is said of the action is one of the circumstances: `action.…`.
        if let Some(action) = action.filter(|action| !action.is_empty()) {
            context.insert("action".to_owned(), Value::Object(action.clone()));
        }
        let properties = self.read_properties(&context, "context");
        Some(Given { ip: ip?, amr: amr?, acr: acr?, properties: properties? })
    }
}

fn is_sound(word: &str) -> bool {
    word.len() <= 200 && !word.chars().any(char::is_control)
}
