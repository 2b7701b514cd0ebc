//! What the consent page shows (D10).

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::{
    checks::{Outcome, Situation, is_optional},
    interaction::Pending,
    store::people::PersonRow,
};
use crate::{
    client::Client,
    config::{Config, DetailsType},
    core::Ctx,
    error::Internal,
    id::UserId,
    protocol::{Scope, ScopeSet, authorization_details::type_of},
    resource::Catalogue,
    secret::PlainToken,
};

/// Who asks whom for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRequest {
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Their home page.
    pub client_uri: Option<Url>,
    /// Where their logo is, on our own host.
    pub logo_path: Option<String>,
    /// Their privacy policy.
    pub policy_uri: Option<Url>,
    /// Their terms of service.
    pub tos_uri: Option<Url>,
    /// Who is asked.
    pub person: ConsentPerson,
    /// What for, in the order of the page.
    pub scopes: Vec<ConsentScope>,
    /// The APIs it will use, by name (RFC 8707).
    pub resources: Vec<ConsentResource>,
    /// What it asks for in detail (RFC 9396).
    pub details: Vec<ConsentDetail>,
    /// Where the answer will go, as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: String,
}

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentPerson {
    /// Their id.
    pub id: UserId,
    /// The name others see.
    pub display_name: Option<String>,
    /// The short name.
    pub username: Option<String>,
    /// Their address.
    pub email: String,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentScope {
    /// The scope.
    pub scope: Scope,
    /// What it lets the application do, if it is described (D11).
    pub description: Option<String>,
    /// It can be left out.
    pub optional: bool,
    /// It was allowed before, and remembered.
    pub granted_before: bool,
}

/// An API that will be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentResource {
    /// Its name; its identifier when it has none.
    pub name: String,
    /// What clients call it.
    pub identifier: String,
}

/// Something that is asked for in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDetail {
    /// What it is, in a few words.
    pub name: String,
    /// More about it.
    pub description: String,
    /// What is said about it: a word for what, and the values.
    pub facts: Vec<(String, String)>,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum GetConsentError {
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first: go to the sign-in page.
    #[error("sign in first")]
    SignIn,
    /// Nothing has to be asked: go on to `/connect/resume`.
    #[error("nothing has to be asked")]
    NotNeeded,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A request that waits for the consent of the person who asks.
pub(super) struct Question {
    pub(super) client: Arc<Client>,
    pub(super) pending: Pending,
    pub(super) situation: Situation,
}

/// The question behind a handle. A decision that was taken already is put aside: as long as the application is not
/// answered, the last word counts.
pub(super) async fn find_question(ctx: &Ctx, handle: &PlainToken) -> Result<Question, GetConsentError> {
    let found = Pending::find(ctx, handle).await?;
    let Some((mut pending, Some(client))) = found else { return Err(GetConsentError::Gone) };
    pending.state.decision = None;
    match pending.outcome(ctx, &client).await? {
        (situation, Outcome::Consent) => Ok(Question { client, pending, situation }),
        (_, Outcome::SignIn(_)) => Err(GetConsentError::SignIn),
        (_, Outcome::Grant { .. } | Outcome::Refuse(_) | Outcome::Organization | Outcome::Enrol) => {
            Err(GetConsentError::NotNeeded)
        }
    }
}

/// What the person who asks is to be asked.
///
/// # Errors
/// [`GetConsentError`]
pub async fn get_consent(ctx: &Ctx, handle: &PlainToken) -> Result<ConsentRequest, GetConsentError> {
    let Question { client, pending, situation } = find_question(ctx, handle).await?;
    let person = situation.signed_in.as_ref().map(|row| row.person.clone()).ok_or(GetConsentError::SignIn)?;
    let request = &situation.request;
    let asked = Asked {
        scope: situation.asked(),
        resources: &request.resources,
        details: &request.authorization_details,
        before: situation.remembered.as_ref().map(|remembered| &remembered.granted),
    };
    Ok(ConsentRequest {
        redirect_origin: pending.request.target.redirect_uri.csp_source().to_owned(),
        ..describe(ctx.config(), &client, &situation.catalogue, person, asked)
    })
}

/// What somebody is asked for.
pub(super) struct Asked<'a> {
    pub(super) scope: ScopeSet,
    pub(super) resources: &'a [String],
    pub(super) details: &'a [Value],
    /// What was allowed before, and remembered.
    pub(super) before: Option<&'a ScopeSet>,
}

/// Who asks whom for what, in the order of the page. The answer goes nowhere yet.
pub(super) fn describe(
    config: &Config,
    client: &Client,
    catalogue: &Catalogue,
    person: PersonRow,
    asked: Asked<'_>,
) -> ConsentRequest {
    let Asked { scope, resources, details, before } = asked;
    let mut scopes: Vec<_> = scope
        .into_iter()
        .map(|scope| ConsentScope {
            optional: is_optional(catalogue, &scope),
            description: catalogue.scope(&scope).map(|entry| entry.settings.description.clone()),
            granted_before: before.is_some_and(|before| before.contains(&scope)),
            scope,
        })
        .collect();
    scopes.sort_by_key(|line| (line.optional, place(&line.scope)));
    let settings = &client.settings;
    ConsentRequest {
        client_name: client.name.clone(),
        client_domain: client.domain(),
        client_uri: settings.client_uri.clone(),
        logo_path: client.logo_path(config),
        policy_uri: settings.policy_uri.clone(),
        tos_uri: settings.tos_uri.clone(),
        person: ConsentPerson {
            id: person.user_id,
            display_name: person.display_name,
            username: person.username,
            email: person.email,
        },
        scopes,
        resources: resources.iter().map(|resource| named(catalogue, resource)).collect(),
        details: details.iter().map(|detail| in_words(&config.authorization.details_types, detail)).collect(),
        redirect_origin: String::new(),
    }
}

fn named(catalogue: &Catalogue, identifier: &str) -> ConsentResource {
    let known = catalogue.resource(identifier).map(|resource| resource.name.clone());
    ConsentResource { name: known.unwrap_or_else(|| identifier.to_owned()), identifier: identifier.to_owned() }
}

/// A detail as a small list. Whatever it says is in the list: a person cannot allow what they are not shown.
fn in_words(known: &[DetailsType], detail: &Value) -> ConsentDetail {
    let kind = type_of(detail);
    let known = known.iter().find(|known| known.kind == kind);
    let members = detail.as_object().into_iter().flatten().filter(|(name, _)| *name != "type");
    let mut facts: Vec<_> = members.map(|(name, value)| (name.clone(), flat(value))).collect();
    // The members that every type has come first (RFC 9396 §2.2), then the others by name.
    let place =
        |name: &str| ["actions", "datatypes", "privileges", "identifier", "locations"].iter().position(|n| *n == name);
    facts.sort_by_cached_key(|(name, _)| (place(name).unwrap_or(usize::MAX), name.clone()));
    ConsentDetail {
        name: known.map_or_else(|| kind.to_owned(), |known| known.name.clone()),
        description: known.map(|known| known.description.clone()).unwrap_or_default(),
        facts,
    }
}

/// A value in one line: an amount as `123.50 EUR`, lists with commas, anything else member by member.
fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(", "),
        Value::Object(members) => match (members.get("amount"), members.get("currency"), members.len()) {
            (Some(amount), Some(currency), 2) => format!("{} {}", flat(amount), flat(currency)),
            _ => members.iter().map(|(name, value)| format!("{name}: {}", flat(value))).collect::<Vec<_>>().join("; "),
        },
        other => other.to_string(),
    }
}

/// The standard scopes come first, in their own order.
fn place(scope: &Scope) -> usize {
    Scope::STANDARD.iter().position(|standard| standard == scope).unwrap_or(Scope::STANDARD.len())
}
