//! May this application use the account?

use axum::response::Response;
use ostiary::grant::{self, ConsentRequest, GetConsentError};

use super::{AskedQuery, asked, people::application};
use crate::{
    model::{Caller, ConsentPage, DetailLine, ErrorKind, Person, ScopeLine},
    ssr::{self, Visit, respond},
};

/// `GET /consent?i=`
pub(crate) async fn consent(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let over = ErrorKind::InteractionOver { restart: None, caller: None };
    let Some(handle) = ssr::interaction(asked.i.as_deref()) else { return respond::error(&visit, &over) };
    let to = |path: &str| respond::redirect(&visit, &visit.site().to_with(path, Some(handle.expose())));
    match grant::get_consent(&visit.ctx, &handle).await {
        Ok(request) => {
            visit.allow_form_action(&request.redirect_origin);
            respond::page(&visit, page(handle.expose().to_owned(), request))
        }
        Err(GetConsentError::SignIn) => to("/sign-in"),
        Err(GetConsentError::NotNeeded) => to("/connect/resume"),
        Err(GetConsentError::Gone) => respond::error(&visit, &over),
        Err(GetConsentError::Internal(cause)) => respond::broken(&visit, &cause),
    }
}

fn page(interaction: String, request: ConsentRequest) -> ConsentPage {
    let caller =
        Caller { logo: request.logo_path.clone(), ..application(&request.client_name, request.client_domain.clone()) };
    let Lines { person, needed, optional, resources, details } = lines(request);
    // Remembering is a choice, so it begins unticked.
    ConsentPage { interaction, caller, needed, optional, resources, details, person, remember: Some(false) }
}

/// What every page shows that asks for consent.
pub(super) struct Lines {
    /// Who is asked.
    pub(super) person: Person,
    /// What cannot be left out.
    pub(super) needed: Vec<ScopeLine>,
    /// What can.
    pub(super) optional: Vec<ScopeLine>,
    /// The APIs it will use, by name.
    pub(super) resources: Vec<String>,
    /// What it asks for in detail.
    pub(super) details: Vec<DetailLine>,
}

/// Takes a request apart for a page.
pub(super) fn lines(request: ConsentRequest) -> Lines {
    let person = Person {
        id: request.person.id.to_string(),
        name: request.person.display_name.or(request.person.username).unwrap_or_default(),
        email: request.person.email,
    };
    let line = |scope: &grant::ConsentScope| ScopeLine {
        ticked: scope.granted_before,
        ..ScopeLine::describe(scope.scope.as_str(), scope.description.as_deref(), &person)
    };
    let (optional, needed): (Vec<_>, Vec<_>) = request.scopes.iter().partition(|scope| scope.optional);
    let (needed, optional) = (needed.into_iter().map(line).collect(), optional.into_iter().map(line).collect());
    let detail = |detail: grant::ConsentDetail| DetailLine {
        what: detail.name,
        detail: Some(detail.description).filter(|text| !text.is_empty()),
        facts: detail.facts.into_iter().map(|(name, value)| (wording(&name), value)).collect(),
    };
    Lines {
        person,
        needed,
        optional,
        resources: request.resources.into_iter().map(|resource| resource.name).collect(),
        details: request.details.into_iter().map(detail).collect(),
    }
}

/// A word for a member of `authorization_details` (RFC 9396 §2.2): our own for those that every type has, else its name with
/// the words taken apart.
fn wording(name: &str) -> String {
    match name {
        "actions" => "What it does".to_owned(),
        "datatypes" => "With what".to_owned(),
        "privileges" => "As".to_owned(),
        "identifier" => "Which one".to_owned(),
        "locations" => "Where".to_owned(),
        _ => {
            let mut words = String::with_capacity(name.len() + 4);
            for (at, c) in name.chars().enumerate() {
                match c {
                    '_' | '-' => words.push(' '),
                    c if at == 0 => words.extend(c.to_uppercase()),
                    c if c.is_uppercase() => {
                        words.push(' ');
                        words.extend(c.to_lowercase());
                    }
                    c => words.push(c),
                }
            }
            words
        }
    }
}
