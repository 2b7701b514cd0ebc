//! Claims about a person (OIDC Core §5.1): each name once, with where its value comes from.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{details::GrantDetails, store::people::PersonRow};
use crate::protocol::{
    ScopeSet,
    id_token::ExtraClaims,
    standard_claims::{ReleasedClaims, claims_for, scope_of_claim},
};

/// The names that a grant releases in each place, for the scopes of the token at hand.
///
/// Scopes release at userinfo (OIDC Core §5.4) and, because so many applications read nothing else, in the ID token too
/// (D5; §2 allows further claims there). A client registered with `lean_id_token` gets them at userinfo alone. Claims
/// asked for by name come where the request says (§5.5), whatever the client is registered with.
pub(super) fn released(details: &GrantDetails, scope: &ScopeSet, lean_id_token: bool) -> ReleasedClaims {
    claims_for(scope, details.claims.as_ref(), &details.consented, !lean_id_token)
}

/// The values of those of `names` that are known. Unknown ones are left out, never `null` (OIDC Core §5.3.2).
pub(super) fn of_person(person: &PersonRow, names: &BTreeSet<String>) -> ExtraClaims {
    let mut claims = ExtraClaims::default();
    for name in names {
        if let Some(value) = of_name(person, name) {
            claims.insert(name, value);
        }
    }
    claims
}

fn of_name(person: &PersonRow, name: &str) -> Option<Value> {
    match name {
        "name" => person.display_name.clone().map(Value::from),
        // Never the e-mail address in its place: `profile` is no consent to that.
        "preferred_username" => person.username.clone().map(Value::from),
        "email" => Some(Value::from(person.email.clone())),
        "email_verified" => Some(Value::from(person.email_verified_at.is_some())),
        "updated_at" => Some(Value::from(person.user_updated_at.as_secs())),
        // The rest of the standard claims is what the profile holds; other members of it are nobody's business.
        _ if scope_of_claim(name).is_some() => {
            person.profile.0.get(name).filter(|value| !value.is_null() && value.as_str() != Some("")).cloned()
        }
        _ => None,
    }
}
