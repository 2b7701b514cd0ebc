//! What an application is registered with, in words. What has no words here is told by its name and value: nothing that is
//! set stays untold.

use std::time::Duration;

use ostiary::{
    client::{Client, ClientKind, ClientSettings, SubjectType},
    config::Tokens,
    protocol::{GrantType, RedirectUri},
};
use serde_json::{Map, Value};
use url::Url;

use crate::model::{Fact, called, capital, count, entry_of, small, span};

/// How it connects.
pub(super) fn connects(client: &Client) -> Vec<Fact> {
    let settings = &client.settings;
    let method = settings.auth_method;
    let mut facts = vec![
        Fact { name: "Client id", words: None, codes: vec![client.id.clone()] },
        Fact {
            name: "Proves itself by",
            words: Some(called("auth_method", method.as_str()).to_owned()),
            codes: vec![method.as_str().to_owned()],
        },
    ];
    if let Some(jwks) = &settings.jwks {
        let keys = jwks.get("keys").and_then(Value::as_array).map_or(0, Vec::len);
        facts.push(words("Its keys", format!("{} kept here", count(keys as u64, "key"))));
    }
    facts.extend(url("Its keys", settings.jwks_uri.as_ref()));
    facts.extend(uris("Sends people back to", &settings.redirect_uris));
    facts.extend(uris("After signing out", &settings.post_logout_redirect_uris));
    facts.extend(url("Sign-out call", settings.backchannel_logout_uri.as_ref()));
    facts.extend(url("Sign-out page", settings.frontchannel_logout_uri.as_ref()));
    facts.extend(url("Sign-in starts at", settings.initiate_login_uri.as_ref()));
    facts.extend(codes("Scripts from", settings.allowed_origins.clone()));
    facts.push(words("Requests", profile(settings).join(" · ")));
    facts
}

/// What it receives.
pub(super) fn receives(settings: &ClientSettings, tokens: &Tokens) -> Vec<Fact> {
    let ways = settings
        .grant_types
        .iter()
        .map(|grant| small(called("grant_types", grant.as_str())))
        .collect::<Vec<_>>()
        .join(", ");
    let scopes = if settings.scopes.is_empty() { vec![] } else { vec![settings.scopes.to_string()] };
    let mut facts = vec![words("Ways", capital(&ways))];
    facts.extend(codes("Scopes", scopes));
    facts.extend(codes("Audiences", settings.audiences.clone()));
    let form = called("access_token_format", settings.access_token_format.as_str());
    let mut access = vec![form.to_owned(), lasts(settings.access_token_ttl(tokens.access_ttl))];
    access.extend(settings.dpop_bound_access_tokens.then(|| "bound by DPoP".to_owned()));
    access.extend(settings.certificate_bound_access_tokens.then(|| "bound to its certificate".to_owned()));
    facts.push(words("Access token", access.join(" · ")));
    if settings.allows(GrantType::RefreshToken) {
        let (idle, most) = (lasts(tokens.refresh_idle), lasts(tokens.refresh_absolute));
        facts.push(words("Refresh token", format!("{idle} without use, {most} at most")));
    }
    if has_people(settings) {
        facts.push(words("ID token", format!("{} · {}", settings.id_token_alg, lasts(tokens.id_ttl))));
        let asks =
            if settings.first_party { "No, it belongs to the house" } else { "Yes, and again when it wants more" };
        facts.push(words("Asks people", asks.to_owned()));
        if settings.subject_type == SubjectType::Pairwise {
            let subject = called("subject_type", settings.subject_type.as_str());
            facts.push(words("Names people", subject.to_owned()));
        }
        if let Some(age) = settings.default_max_age {
            facts.push(words("Signed in", format!("{} ago at most", lasts(Duration::from_secs(age.into())))));
        }
    }
    facts
}

/// What people are shown of it.
pub(super) fn shows(settings: &ClientSettings) -> Vec<Fact> {
    let links = [
        ("Home page", &settings.client_uri),
        ("Logo", &settings.logo_uri),
        ("Privacy", &settings.policy_uri),
        ("Terms", &settings.tos_uri),
    ];
    let links = links.into_iter().filter_map(|(name, link)| url(name, link.as_ref()));
    links.chain(codes("Contacts", settings.contacts.clone())).collect()
}

/// All other settings that are not as they are by themselves.
pub(super) fn further(settings: &ClientSettings) -> Vec<(String, String)> {
    untold(settings).into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

/// The settings without words and fields of their own that are not as they are by themselves.
pub(super) fn untold(settings: &ClientSettings) -> Map<String, Value> {
    let usual = ClientSettings::default().members();
    let is_untold = |(name, value): &(String, Value)| entry_of(name).is_none() && usual.get(name) != Some(value);
    settings.members().into_iter().filter(is_untold).collect()
}

/// People sign in to it.
pub(super) fn has_people(settings: &ClientSettings) -> bool {
    let with_people = [GrantType::AuthorizationCode, GrantType::DeviceCode, GrantType::Ciba];
    with_people.into_iter().any(|grant| settings.allows(grant))
}

/// What its requests have to keep to.
fn profile(settings: &ClientSettings) -> Vec<&'static str> {
    let pkce = if settings.requires_pkce() { "PKCE always" } else { "PKCE may be left out" };
    let kind = settings.kind();
    let mut rules: Vec<_> = settings.profile.map(|profile| called("profile", profile.as_str())).into_iter().collect();
    rules.extend((has_people(settings) || kind == ClientKind::Public).then_some(pkce));
    rules.extend(settings.requires_pushed_requests().then_some("pushed only"));
    rules.extend(settings.requires_signed_requests().then_some("signed only"));
    if rules.is_empty() { vec!["Nothing beyond the usual"] } else { rules }
}

fn lasts(time: Duration) -> String {
    span(time.as_secs())
}

fn words(name: &'static str, words: String) -> Fact {
    Fact { name, words: Some(words), codes: vec![] }
}

/// Nothing is told where there is nothing.
fn codes(name: &'static str, codes: Vec<String>) -> Option<Fact> {
    (!codes.is_empty()).then_some(Fact { name, words: None, codes })
}

fn uris(name: &'static str, uris: &[RedirectUri]) -> Option<Fact> {
    codes(name, uris.iter().map(|uri| uri.as_str().to_owned()).collect())
}

fn url(name: &'static str, url: Option<&Url>) -> Option<Fact> {
    codes(name, url.map(Url::to_string).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D11: every setting is told, in words or by its name.
    #[test]
    fn nothing_that_is_set_stays_untold() {
        let settings = ClientSettings {
            require_auth_time: true,
            software_id: Some("yard".to_owned()),
            first_party: true,
            ..ClientSettings::default()
        };
        let expected = [("require_auth_time", "true"), ("software_id", "\"yard\"")];
        let found = further(&settings);
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(further(&ClientSettings::default()).is_empty());
    }
}
