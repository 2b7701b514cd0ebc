//! What a client is registered with; the names are those of RFC 7591 §2 where it has them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::protocol::{GrantType, RedirectUri, Scope, ScopeSet, SigningAlg, TokenEndpointAuthMethod};

/// Whether a client can keep a secret (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// It cannot: an application on a device or in a browser.
    Public,
    /// It can: an application on a server.
    Confidential,
}

/// What a client is registered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSettings {
    /// Addresses that people may be sent back to, compared exactly.
    pub redirect_uris: Vec<RedirectUri>,
    /// Addresses that people may be sent to after they sign out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// What it may hand in for tokens.
    pub grant_types: Vec<GrantType>,
    /// What it may ask for.
    pub scopes: ScopeSet,
    /// How it proves itself.
    pub auth_method: TokenEndpointAuthMethod,
    /// Belongs to the house: its consent page is skipped (D10).
    pub first_party: bool,
    /// A confidential client that may leave out PKCE (RFC 9700 §2.1.1, D2).
    pub pkce_optional: bool,
    /// What its ID tokens are signed with.
    pub id_token_alg: SigningAlg,
    /// Its ID tokens carry only the protocol's claims and those asked for by name; the claims of scopes come from
    /// userinfo alone (OIDC Core §5.4, D5).
    pub lean_id_token: bool,
    /// Life of its access tokens, seconds; the instance's when absent.
    pub access_token_ttl_secs: Option<u32>,
    /// Further audiences whose tokens it may introspect, and that its own tokens may name.
    pub audiences: Vec<String>,
    /// Web origins of it that may call us from scripts (I6).
    pub allowed_origins: Vec<String>,
    /// Its home page.
    pub client_uri: Option<Url>,
    /// Its logo.
    pub logo_uri: Option<Url>,
    /// Its privacy policy.
    pub policy_uri: Option<Url>,
    /// Its terms of service.
    pub tos_uri: Option<Url>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            scopes: Scope::STANDARD.into_iter().collect(),
            auth_method: TokenEndpointAuthMethod::ClientSecretBasic,
            first_party: false,
            pkce_optional: false,
            id_token_alg: SigningAlg::Es256,
            lean_id_token: false,
            access_token_ttl_secs: None,
            audiences: Vec::new(),
            allowed_origins: Vec::new(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
        }
    }
}

/// What cannot work about a client's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// The authorization code grant needs somewhere to go back to.
    #[error("the authorization code grant needs at least one redirect URI")]
    NoRedirectUri,
    /// RFC 6749 §4.4: client credentials are for confidential clients only.
    #[error("a public client cannot use the client credentials grant")]
    PublicClientCredentials,
    /// RFC 7636 and RFC 9700 §2.1.1: public clients always use PKCE.
    #[error("a public client cannot leave out PKCE")]
    PublicWithoutPkce,
    /// Refresh tokens come from another grant.
    #[error("the refresh token grant needs the authorization code grant")]
    RefreshAlone,
    /// There is nothing it may do.
    #[error("a client needs at least one grant type")]
    NoGrantType,
    /// Not an origin: scheme, host, port, and nothing else (RFC 6454).
    #[error("an allowed origin must be a scheme, a host and perhaps a port")]
    Origin,
    /// Out of bounds.
    #[error("the life of access tokens must be between 10 seconds and 24 hours")]
    AccessTokenLife,
    /// Links are shown to people, so they must be web pages.
    #[error("client, logo, policy and terms URIs must be http or https")]
    Link,
}

impl ClientSettings {
    /// Whether the client can keep a secret.
    pub fn kind(&self) -> ClientKind {
        if self.auth_method.is_confidential() { ClientKind::Confidential } else { ClientKind::Public }
    }

    /// Whether it may use this grant.
    pub fn allows(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// Whether its authorization requests must carry a code challenge (D2).
    pub fn requires_pkce(&self) -> bool {
        self.kind() == ClientKind::Public || !self.pkce_optional
    }

    /// Life of its access tokens; `default` is the instance's.
    pub fn access_token_ttl(&self, default: Duration) -> Duration {
        self.access_token_ttl_secs.map_or(default, |secs| Duration::from_secs(secs.into()))
    }

    /// The host that people are shown: of its home page, or else of where it sends them back to.
    pub fn domain(&self) -> Option<String> {
        let home = self.client_uri.as_ref().and_then(|url| url.host_str().map(str::to_owned));
        home.or_else(|| self.redirect_uris.first().and_then(|uri| uri.host().map(str::to_owned)))
    }

    /// The first thing about these settings that cannot work.
    ///
    /// # Errors
    /// [`SettingsProblem`]
    pub fn check(&self) -> Result<(), SettingsProblem> {
        let is_public = self.kind() == ClientKind::Public;
        if self.grant_types.is_empty() {
            return Err(SettingsProblem::NoGrantType);
        }
        if self.allows(GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            return Err(SettingsProblem::NoRedirectUri);
        }
        if self.allows(GrantType::RefreshToken) && !self.allows(GrantType::AuthorizationCode) {
            return Err(SettingsProblem::RefreshAlone);
        }
        if is_public && self.allows(GrantType::ClientCredentials) {
            return Err(SettingsProblem::PublicClientCredentials);
        }
        if is_public && self.pkce_optional {
            return Err(SettingsProblem::PublicWithoutPkce);
        }
        if self.access_token_ttl_secs.is_some_and(|secs| !(10..=86_400).contains(&secs)) {
            return Err(SettingsProblem::AccessTokenLife);
        }
        let is_origin = |text: &String| {
            Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == *text
            })
        };
        if !self.allowed_origins.iter().all(is_origin) {
            return Err(SettingsProblem::Origin);
        }
        let links = [&self.client_uri, &self.logo_uri, &self.policy_uri, &self.tos_uri];
        if links.into_iter().flatten().any(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(SettingsProblem::Link);
        }
        Ok(())
    }
}
