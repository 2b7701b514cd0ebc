//! Which claims a scope releases, and where (OIDC Core §5.1, §5.4, §5.5).
//!
//! With the code flow the claims of scopes come from the userinfo endpoint (§5.4); the ID token
//! carries them only for a client that is registered so. Claims asked for by name with the `claims`
//! parameter come where the parameter says (§5.5).

use std::collections::BTreeSet;

use super::claims_request::ClaimsRequest;
use super::scope::{Scope, ScopeSet};

/// Claims of the `profile` scope (OIDC Core §5.4).
pub const PROFILE_CLAIMS: [&str; 14] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];
/// Claims of the `email` scope.
pub const EMAIL_CLAIMS: [&str; 2] = ["email", "email_verified"];
/// Claims of the `phone` scope.
pub const PHONE_CLAIMS: [&str; 2] = ["phone_number", "phone_number_verified"];
/// Claims of the `address` scope.
pub const ADDRESS_CLAIMS: [&str; 1] = ["address"];

/// The claims that `scope` releases; none for a scope that OIDC Core §5.4 does not list.
pub fn claims_of_scope(scope: &str) -> &'static [&'static str] {
    match scope {
        "profile" => &PROFILE_CLAIMS,
        "email" => &EMAIL_CLAIMS,
        "phone" => &PHONE_CLAIMS,
        "address" => &ADDRESS_CLAIMS,
        _ => &[],
    }
}

/// The scope that releases `claim`; none for claims that no scope releases.
pub fn scope_of_claim(claim: &str) -> Option<Scope> {
    let scopes = [Scope::PROFILE, Scope::EMAIL, Scope::PHONE, Scope::ADDRESS];
    scopes.into_iter().find(|scope| claims_of_scope(scope.as_str()).contains(&claim))
}

/// The scopes whose claims are asked for by name although the scope itself may not be. What is asked
/// for by name needs the same consent as the scope that would release it.
pub fn scopes_implied_by(claims: &ClaimsRequest) -> ScopeSet {
    claims.names().filter_map(scope_of_claim).collect()
}

/// Names of claims about the person to release in each place. `sub` and the protocol's own claims
/// (`iss`, `auth_time`, …) are not among them: they do not depend on scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleasedClaims {
    /// In the ID token.
    pub id_token: BTreeSet<String>,
    /// From the userinfo endpoint.
    pub userinfo: BTreeSet<String>,
}

/// What to release for the granted `scopes` and the `claims` parameter. `scope_claims_in_id_token` is
/// the client's registered wish to have the claims of scopes in the ID token as well. Claims asked
/// for by name are released only when `consented` holds the scope they belong to, or they belong to
/// none.
pub fn claims_for(
    scopes: &ScopeSet,
    claims: Option<&ClaimsRequest>,
    consented: &ScopeSet,
    scope_claims_in_id_token: bool,
) -> ReleasedClaims {
    let mut released = ReleasedClaims::default();
    for scope in scopes.iter() {
        let names = claims_of_scope(scope.as_str()).iter().map(|&name| name.to_owned());
        if scope_claims_in_id_token {
            released.id_token.extend(names.clone());
        }
        released.userinfo.extend(names);
    }
    if let Some(claims) = claims {
        let allowed = |name: &&String| scope_of_claim(name).is_none_or(|scope| consented.contains(&scope));
        released.id_token.extend(claims.id_token.keys().filter(allowed).filter(is_about_the_person).cloned());
        released.userinfo.extend(claims.userinfo.keys().filter(allowed).filter(is_about_the_person).cloned());
    }
    released
}

/// Claims that the protocol sets by itself; asking for them by name releases nothing more.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that `Iterator::filter` wants")]
fn is_about_the_person(name: &&String) -> bool {
    !super::id_token::RESERVED_CLAIMS.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> ScopeSet {
        ScopeSet::parse(text).unwrap()
    }

    #[test]
    fn scopes_release_at_userinfo() {
        let scopes = set("openid email offline_access custom");
        let released = claims_for(&scopes, None, &scopes, false);
        assert!(released.id_token.is_empty());
        assert_eq!(released.userinfo.into_iter().collect::<Vec<_>>(), ["email", "email_verified"]);
        let both = claims_for(&set("openid phone"), None, &scopes, true);
        assert_eq!(both.id_token, both.userinfo);
        assert_eq!(claims_for(&set("profile"), None, &scopes, false).userinfo.len(), 14);
    }

    #[test]
    fn claims_by_name_need_the_consent_of_their_scope() {
        let request = ClaimsRequest::parse(
            r#"{"id_token":{"email":null,"phone_number":null,"sub":{"value":"1"},"groups":null},"userinfo":{"address":null}}"#,
        )
        .unwrap();
        assert_eq!(scopes_implied_by(&request), set("email phone address"));
        let released = claims_for(&set("openid"), Some(&request), &set("openid email"), false);
        assert_eq!(released.id_token.into_iter().collect::<Vec<_>>(), ["email", "groups"]);
        assert!(released.userinfo.is_empty());
    }

    #[test]
    fn every_claim_knows_its_scope() {
        for scope in Scope::STANDARD {
            for claim in claims_of_scope(scope.as_str()) {
                assert_eq!(scope_of_claim(claim), Some(scope.clone()));
            }
        }
        assert_eq!(scope_of_claim("sub"), None);
    }
}
