//! What an API tells of itself at `/.well-known/oauth-protected-resource` (RFC 9728 §2), so that a client that knows only
//! its address finds out where to get tokens for it.

use serde::Serialize;

use super::issuer::Issuer;
use super::metadata::path;
use super::scope::ScopeSet;

/// The document. Serve it, as JSON, where RFC 9728 §3.1 says: the well-known path between host and path of `resource`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceMetadata {
    resource: String,
    authorization_servers: [Issuer; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes_supported: Vec<String>,
    bearer_methods_supported: Vec<&'static str>,
    resource_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details_types_supported: Vec<String>,
}

impl ResourceMetadata {
    /// The document of an API whose tokens come from `issuer`. Its keys are its own, so it has no `jwks_uri`: what its tokens
    /// are signed with is told by the issuer.
    pub fn of_api(issuer: &Issuer, identifier: &str, name: &str, scopes: &ScopeSet) -> Self {
        Self {
            resource: identifier.to_owned(),
            authorization_servers: [issuer.clone()],
            jwks_uri: None,
            scopes_supported: scopes.iter().map(ToString::to_string).collect(),
            bearer_methods_supported: vec!["header"],
            resource_name: name.to_owned(),
            authorization_details_types_supported: Vec::new(),
        }
    }

    /// Our own document: the userinfo endpoint takes tokens in the header and in a form (RFC 6750 §2).
    pub fn of_ourselves(issuer: &Issuer, name: &str, scopes: &ScopeSet) -> Self {
        Self {
            jwks_uri: Some(issuer.endpoint(path::JWKS)),
            bearer_methods_supported: vec!["header", "body"],
            ..Self::of_api(issuer, issuer.as_str(), name, scopes)
        }
    }

    /// The same with the types of `authorization_details` that it understands (RFC 9728 §2).
    #[must_use]
    pub fn with_details_types(mut self, types: Vec<String>) -> Self {
        self.authorization_details_types_supported = types;
        self
    }
}
