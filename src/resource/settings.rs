//! What resources and scopes are registered with.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    client::AccessTokenFormat,
    protocol::{Scope, ScopeSet, SigningAlg, resource_indicator},
    settings::{self, UnreadSetting},
};

/// Longest identifier in bytes.
const MAX_IDENTIFIER_BYTES: usize = 512;
/// Longest description of a scope, in characters.
const MAX_DESCRIPTION: usize = 200;

/// What a resource is registered with. Rows written by an older version are read with the defaults of what they lack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceSettings {
    /// The scopes that are its own: a token for this resource carries no others.
    pub scopes: ScopeSet,
    /// The form of its access tokens; as the client is registered when absent (D6).
    pub access_token_format: Option<AccessTokenFormat>,
    /// Life of its access tokens, seconds; as the client is registered when absent.
    pub access_token_ttl_secs: Option<u32>,
    /// What its access tokens are signed with; ES256 when absent (D7).
    pub access_token_alg: Option<SigningAlg>,
    /// Every client may ask for it: for APIs whose callers register themselves.
    pub open: bool,
}

/// What a scope is registered with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScopeSettings {
    /// What it lets an application do, for the consent page (D10).
    pub description: String,
    /// The person may leave it out (D10).
    pub optional: bool,
}

/// What cannot work about a resource or a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceProblem {
    /// Not an absolute URI without a fragment (RFC 8707 §2), and not a plain name either.
    #[error("the identifier must be an absolute URI without fragment, or a name of letters, digits, `-`, `.`, `_`")]
    Identifier,
    /// Out of bounds.
    #[error("the life of access tokens must be between 10 seconds and 24 hours")]
    AccessTokenLife,
    /// A resource cannot verify with a secret that others know.
    #[error("access tokens cannot be signed with a shared secret")]
    SharedSecret,
    /// Scopes that mean something already (OIDC Core §5.4, §11).
    #[error("the scopes of OpenID Connect belong to no resource, and keep their own words")]
    StandardScope,
    /// A description is one line of 1 to 200 characters.
    #[error("a description has 1 to 200 characters on one line")]
    Description,
}

impl ResourceSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed.
    pub fn read(members: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        settings::read(members)
    }

    /// The first thing about a resource that cannot work.
    pub(super) fn check(&self, identifier: &str) -> Result<(), ResourceProblem> {
        let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        let is_uri = resource_indicator::is_absolute_uri(identifier);
        if identifier.is_empty() || identifier.len() > MAX_IDENTIFIER_BYTES || !(is_uri || is_name(identifier)) {
            return Err(ResourceProblem::Identifier);
        }
        if self.access_token_ttl_secs.is_some_and(|secs| !(10..=86_400).contains(&secs)) {
            return Err(ResourceProblem::AccessTokenLife);
        }
        if self.access_token_alg.is_some_and(SigningAlg::is_symmetric) {
            return Err(ResourceProblem::SharedSecret);
        }
        if self.scopes.iter().any(Scope::is_standard) {
            return Err(ResourceProblem::StandardScope);
        }
        Ok(())
    }
}

impl ScopeSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed.
    pub fn read(members: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        settings::read(members)
    }

    /// The first thing about a scope that cannot work.
    pub(super) fn check(&self, name: &Scope) -> Result<(), ResourceProblem> {
        if name.is_standard() {
            return Err(ResourceProblem::StandardScope);
        }
        let length = self.description.trim().chars().count();
        if !(1..=MAX_DESCRIPTION).contains(&length) || self.description.chars().any(char::is_control) {
            return Err(ResourceProblem::Description);
        }
        Ok(())
    }
}
