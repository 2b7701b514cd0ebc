//! What a client is registered with; the names are those of RFC 7591 §2 where it has them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

mod check;
mod parts;

pub use self::{
    check::SettingsProblem,
    parts::{
        AccessTokenFormat, AssertionIssuer, AssertionSubject, CertificateSubject, ContentEncryptionAlg, Encryption,
        KeyManagementAlg, SecurityProfile, SubjectType, TokenExchangePolicy,
    },
};
pub use crate::settings::{SettingFault, UnreadSetting};
use crate::{
    protocol::{GrantType, RedirectUri, Scope, ScopeSet, SigningAlg, TokenEndpointAuthMethod},
    settings,
};

/// Whether a client can keep a secret (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// It cannot: an application on a device or in a browser.
    Public,
    /// It can: an application on a server.
    Confidential,
}

/// What a client is registered with. Rows written by an older version are read with the defaults of what they lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a registered yes or no of its own")]
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
    /// What its client assertions are signed with, and nothing else (RFC 7591 §2, OIDC Core §9); any we accept when absent.
    pub token_endpoint_auth_signing_alg: Option<SigningAlg>,
    /// What its certificate must say (RFC 8705 §2.1.2), for `tls_client_auth`.
    pub certificate: CertificateSubject,
    /// Its public keys (RFC 7591 §2 `jwks`), as a JWK set.
    pub jwks: Option<serde_json::Value>,
    /// Where its public keys are found (RFC 7591 §2); never beside `jwks`.
    pub jwks_uri: Option<Url>,
    /// Belongs to the house: its consent page is skipped (D10).
    pub first_party: bool,
    /// Turns on everything a security profile asks for; see the methods `requires_…`.
    pub profile: Option<SecurityProfile>,
    /// A confidential client that may leave out PKCE (RFC 9700 §2.1.1, D2).
    pub pkce_optional: bool,
    /// Its authorization requests come through the PAR endpoint only (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Its authorization requests are signed request objects only (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// What its request objects are signed with, and nothing else (OIDC Registration §2).
    pub request_object_signing_alg: Option<SigningAlg>,
    /// Types of `authorization_details` it may ask for (RFC 9396 §10).
    pub authorization_details_types: Vec<String>,
    /// How old an authentication may be when its request does not say, seconds (OIDC Registration §2).
    pub default_max_age: Option<u32>,
    /// Its ID tokens always tell `auth_time` (OIDC Registration §2); ours do for everybody.
    pub require_auth_time: bool,
    /// Authentication contexts it wishes for when its request does not say (OIDC Registration §2).
    pub default_acr_values: Vec<String>,
    /// What its ID tokens are signed with.
    pub id_token_alg: SigningAlg,
    /// How its ID tokens are encrypted; not at all when absent (OIDC Registration §2).
    pub id_token_encryption: Option<Encryption>,
    /// Its ID tokens carry only the protocol's claims and those asked for by name; the claims of scopes come from
    /// userinfo alone (OIDC Core §5.4, D5).
    pub lean_id_token: bool,
    /// Userinfo is a JWT signed with this (OIDC Core §5.3.2); JSON when absent.
    pub userinfo_signed_response_alg: Option<SigningAlg>,
    /// How userinfo is encrypted; not at all when absent.
    pub userinfo_encryption: Option<Encryption>,
    /// Authorization responses in JWT form are signed with this (JARM §3); the default when absent.
    pub authorization_signed_response_alg: Option<SigningAlg>,
    /// How authorization responses in JWT form are encrypted; not at all when absent.
    pub authorization_encryption: Option<Encryption>,
    /// Introspection answers are JWTs signed with this (RFC 9701 §6); as the request asks when absent.
    pub introspection_signed_response_alg: Option<SigningAlg>,
    /// The form of its access tokens, unless the resource says otherwise (D6).
    pub access_token_format: AccessTokenFormat,
    /// Life of its access tokens, seconds; the instance's when absent.
    pub access_token_ttl_secs: Option<u32>,
    /// Its access tokens are bound to a key by DPoP (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Its access tokens are bound to its certificate (RFC 8705 §3.4).
    pub certificate_bound_access_tokens: bool,
    /// Further audiences whose tokens it may introspect, and that its own tokens may name.
    pub audiences: Vec<String>,
    /// How people are named to it (OIDC Core §8).
    pub subject_type: SubjectType,
    /// Where its redirect URIs are listed, and whose host its sector is (OIDC Core §8.1).
    pub sector_identifier_uri: Option<Url>,
    /// Whose tokens it may trade, and for what (RFC 8693); nothing by default.
    pub token_exchange: TokenExchangePolicy,
    /// Whose assertions it may hand in (RFC 7523 §2.1); nobody's by default.
    pub assertion_issuers: Vec<AssertionIssuer>,
    /// What its signed backchannel authentication requests are signed with; unsigned ones are taken when absent
    /// (CIBA §4).
    pub backchannel_request_signing_alg: Option<SigningAlg>,
    /// Where it is told of the end of a session (OIDC Back-Channel Logout §2.2).
    pub backchannel_logout_uri: Option<Url>,
    /// The logout token must name the session (OIDC Back-Channel Logout §2.2); ours does for everybody.
    pub backchannel_logout_session_required: bool,
    /// A page of it that ends its session in the person's browser (OIDC Front-Channel Logout §2).
    pub frontchannel_logout_uri: Option<Url>,
    /// That page is told issuer and session (OIDC Front-Channel Logout §2).
    pub frontchannel_logout_session_required: bool,
    /// Where a sign-in at it can be started by somebody else (OIDC Core §4).
    pub initiate_login_uri: Option<Url>,
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
    /// Whom to write to about it (RFC 7591 §2).
    pub contacts: Vec<String>,
    /// The software it is an instance of (RFC 7591 §2).
    pub software_id: Option<String>,
    /// Its version (RFC 7591 §2).
    pub software_version: Option<String>,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            scopes: Scope::STANDARD.into_iter().collect(),
            auth_method: TokenEndpointAuthMethod::ClientSecretBasic,
            token_endpoint_auth_signing_alg: None,
            certificate: CertificateSubject::default(),
            jwks: None,
            jwks_uri: None,
            first_party: false,
            profile: None,
            pkce_optional: false,
            require_pushed_authorization_requests: false,
            require_signed_request_object: false,
            request_object_signing_alg: None,
            authorization_details_types: Vec::new(),
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            id_token_alg: SigningAlg::Es256,
            id_token_encryption: None,
            lean_id_token: false,
            userinfo_signed_response_alg: None,
            userinfo_encryption: None,
            authorization_signed_response_alg: None,
            authorization_encryption: None,
            introspection_signed_response_alg: None,
            access_token_format: AccessTokenFormat::Jwt,
            access_token_ttl_secs: None,
            dpop_bound_access_tokens: false,
            certificate_bound_access_tokens: false,
            audiences: Vec::new(),
            subject_type: SubjectType::Public,
            sector_identifier_uri: None,
            token_exchange: TokenExchangePolicy::default(),
            assertion_issuers: Vec::new(),
            backchannel_request_signing_alg: None,
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            initiate_login_uri: None,
            allowed_origins: Vec::new(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            contacts: Vec::new(),
            software_id: None,
            software_version: None,
        }
    }
}

impl ClientSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed, at any depth.
    pub fn read(members: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        settings::read(members)
    }

    /// Every setting by its name.
    pub fn members(&self) -> Map<String, Value> {
        settings::members(self)
    }

    /// The names of the settings in which these two differ.
    pub fn differing(&self, other: &Self) -> Vec<String> {
        settings::differing(self, other)
    }

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
        self.kind() == ClientKind::Public || !self.pkce_optional || self.profile.is_some()
    }

    /// Life of its access tokens; `default` is the instance's.
    pub fn access_token_ttl(&self, default: Duration) -> Duration {
        self.access_token_ttl_secs.map_or(default, |secs| Duration::from_secs(secs.into()))
    }

    /// Life of its authorization codes; `default` is the instance's (FAPI 2.0 Security Profile §5.3.2.1: 60 seconds at most).
    pub fn code_ttl(&self, default: Duration) -> Duration {
        if self.profile.is_some() { default.min(Duration::from_mins(1)) } else { default }
    }

    /// The sector that people are named for (OIDC Core §8.1): the host of `sector_identifier_uri`, or else of the redirect
    /// URIs. A client with neither is a sector of its own.
    pub fn sector(&self) -> Option<&str> {
        match &self.sector_identifier_uri {
            Some(uri) => uri.host_str(),
            None => self.redirect_uris.first().and_then(RedirectUri::host),
        }
    }

    /// The host that people are shown: of its home page, or else of where it sends them back to.
    pub fn domain(&self) -> Option<String> {
        let home = self.client_uri.as_ref().and_then(|url| url.host_str().map(str::to_owned));
        home.or_else(|| self.redirect_uris.first().and_then(|uri| uri.host().map(str::to_owned)))
    }

    /// Its requests come through the PAR endpoint only (RFC 9126 §6, FAPI 2.0 Security Profile §5.3.2.2).
    pub fn requires_pushed_requests(&self) -> bool {
        self.require_pushed_authorization_requests || self.profile.is_some()
    }

    /// Its requests are signed request objects only (RFC 9101 §10.5, FAPI 2.0 Message Signing §5.3).
    pub fn requires_signed_requests(&self) -> bool {
        self.require_signed_request_object || self.signs_messages()
    }

    /// Its authorization responses are signed (FAPI 2.0 Message Signing §5.4).
    pub fn requires_signed_responses(&self) -> bool {
        self.signs_messages()
    }

    /// Its access tokens are bound to something only it holds, by whichever way it uses (FAPI 2.0 Security Profile
    /// §5.3.2.1).
    pub fn requires_bound_tokens(&self) -> bool {
        self.dpop_bound_access_tokens || self.certificate_bound_access_tokens || self.profile.is_some()
    }

    /// What it may sign for us with, when nothing narrower is registered: FAPI 2.0 Security Profile §5.4 leaves out RS256
    /// and every shared secret.
    pub fn accepts_alg(&self, alg: SigningAlg) -> bool {
        self.profile.is_none() || (alg != SigningAlg::Rs256 && !alg.is_symmetric())
    }

    /// Whether we give it a secret: to prove itself with, or to be signed with.
    pub fn has_secret(&self) -> bool {
        self.auth_method.uses_secret() || self.shares_secret()
    }

    /// Its secret is also a key that both sides sign with, so we have to keep it (OIDC Core §10.1).
    pub fn shares_secret(&self) -> bool {
        self.auth_method.signs_with_secret() || self.registered_algs().any(SigningAlg::is_symmetric)
    }

    /// Every algorithm that something of it or for it is signed with.
    fn registered_algs(&self) -> impl Iterator<Item = SigningAlg> {
        let algs = [
            Some(self.id_token_alg),
            self.token_endpoint_auth_signing_alg,
            self.request_object_signing_alg,
            self.userinfo_signed_response_alg,
            self.authorization_signed_response_alg,
            self.introspection_signed_response_alg,
            self.backchannel_request_signing_alg,
        ];
        algs.into_iter().flatten()
    }

    fn signs_messages(&self) -> bool {
        self.profile == Some(SecurityProfile::Fapi2MessageSigning)
    }
}
