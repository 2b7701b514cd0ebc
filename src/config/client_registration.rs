//! How clients may be registered by others than operators (D8).

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::protocol::{GrantType, Scope, ScopeSet};

/// Who may register clients over the network (RFC 7591 §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationMode {
    /// Nobody.
    Off,
    /// Whoever holds an initial access token.
    #[default]
    Token,
    /// Everybody.
    Open,
}

/// `[client_registration]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientRegistration {
    /// Who may register clients.
    pub mode: RegistrationMode,
    /// A client that was registered without a token, or by its document, and was not used for so long is removed.
    #[serde(with = "humantime_serde")]
    pub forget_unused_after: Duration,
    /// What such clients may be, unless their token names a policy.
    pub policy: RegistrationPolicy,
    /// Further policies, by name, for initial access tokens.
    pub policies: BTreeMap<String, RegistrationPolicy>,
    /// Whose software statements are believed (RFC 7591 §2.3).
    pub software_statement_issuers: Vec<StatementIssuer>,
}

impl Default for ClientRegistration {
    fn default() -> Self {
        Self {
            mode: RegistrationMode::default(),
            forget_unused_after: Duration::from_hours(30 * 24),
            policy: RegistrationPolicy::default(),
            policies: BTreeMap::new(),
            software_statement_issuers: Vec::new(),
        }
    }
}

/// What clients that register themselves may be.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrationPolicy {
    /// Hosts that redirect URIs may have, `.example.org` for all below it; any when empty.
    pub redirect_hosts: Vec<String>,
    /// Scopes they may get; what else they ask for is left out.
    pub scopes: ScopeSet,
    /// Grant types they may use.
    pub grant_types: Vec<GrantType>,
    /// Members of the metadata that outweigh what they say, by the names of the client's file.
    pub force: Map<String, Value>,
    /// How many clients one token may have at a time.
    pub max_clients: Option<u32>,
}

impl Default for RegistrationPolicy {
    fn default() -> Self {
        Self {
            redirect_hosts: Vec::new(),
            scopes: Scope::STANDARD.into_iter().collect(),
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            force: Map::new(),
            max_clients: None,
        }
    }
}

/// Somebody whose software statements are believed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementIssuer {
    /// `iss`, compared exactly.
    pub issuer: String,
    /// Its public keys, as a JWK set; or else `jwks_uri`.
    pub jwks: Option<Value>,
    /// Where its public keys are found.
    pub jwks_uri: Option<Url>,
}

/// `[client_id_metadata]`: clients that are described by a document at the URL that is their `client_id`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientIdMetadata {
    /// Such clients are let in.
    pub enabled: bool,
    /// Hosts such a URL may have; any when empty.
    pub allowed_hosts: Vec<String>,
    /// What such clients may be.
    pub policy: RegistrationPolicy,
}

impl ClientRegistration {
    /// Everything about these settings that cannot work.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        problems.extend(self.policy.problem("client_registration.policy"));
        for (name, policy) in &self.policies {
            problems.extend(policy.problem(&format!("client_registration.policies.{name}")));
        }
        for issuer in &self.software_statement_issuers {
            if issuer.jwks.is_some() == issuer.jwks_uri.is_some() {
                let name = &issuer.issuer;
                problems.push(format!("client_registration.software_statement_issuers: {name} needs jwks or jwks_uri"));
            }
        }
        problems
    }
}

impl RegistrationPolicy {
    /// What cannot work about the policy called `name`.
    pub(super) fn problem(&self, name: &str) -> Option<String> {
        let wrong = crate::client::ClientMetadata::check_forced(&self.force).err()?;
        Some(format!("{name}.force.{wrong}"))
    }
}
