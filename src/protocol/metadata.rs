//! The discovery document (OIDC Discovery 1.0 §3, RFC 8414 §2, RFC 9207 §3, RFC 9701 §7, JARM §4, RFC 8628's and other
//! registered members as they are switched on).
//!
//! One document serves `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`:
//! members of the one are allowed in the other. Every member tells what the program does; a feature
//! that is switched off is left out rather than listed as false where the RFC's default is false.

use serde::Serialize;

use super::dpop::DPOP_ALGS;
use super::grant_type::GrantType;
use super::issuer::Issuer;
use super::jwe::{ContentEncryptionAlg, KeyManagementAlg};
use super::pkce::CodeChallengeMethod;
use super::prompt::Prompt;
use super::response_mode::ResponseMode;
use super::response_type::ResponseType;
use super::scope::{Scope, ScopeSet};
use super::signing_alg::SigningAlg;
use super::standard_claims;
use super::token_endpoint_auth_method::TokenEndpointAuthMethod;

/// Paths of the endpoints, below the issuer.
pub mod path {
    /// OpenID Connect discovery (OIDC Discovery §4).
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// OAuth authorization server metadata (RFC 8414 §3).
    pub const OAUTH_METADATA: &str = "/.well-known/oauth-authorization-server";
    /// Public keys (RFC 7517 §5).
    pub const JWKS: &str = "/.well-known/jwks.json";
    /// What we tell as a resource ourselves (RFC 9728 §3).
    pub const RESOURCE_METADATA: &str = "/.well-known/oauth-protected-resource";
    /// The authorization endpoint (RFC 6749 §3.1).
    pub const AUTHORIZE: &str = "/connect/authorize";
    /// The endpoint for pushed authorization requests (RFC 9126 §2).
    pub const PUSHED_REQUESTS: &str = "/connect/par";
    /// The token endpoint (RFC 6749 §3.2).
    pub const TOKEN: &str = "/connect/token";
    /// The userinfo endpoint (OIDC Core §5.3).
    pub const USERINFO: &str = "/connect/userinfo";
    /// The introspection endpoint (RFC 7662 §2).
    pub const INTROSPECT: &str = "/connect/introspect";
    /// The device authorization endpoint (RFC 8628 §3.1).
    pub const DEVICE_AUTHORIZATION: &str = "/connect/device_authorization";
    /// The backchannel authentication endpoint (CIBA §4).
    pub const BACKCHANNEL_AUTHENTICATION: &str = "/connect/bc-authorize";
    /// Where people type the code of a device (RFC 8628 §3.3).
    pub const DEVICE: &str = "/device";
    /// The registration endpoint (RFC 7591 §3).
    pub const REGISTER: &str = "/connect/register";
    /// The revocation endpoint (RFC 7009 §2).
    pub const REVOCATION: &str = "/connect/revocation";
    /// The logout endpoint (RP-Initiated Logout §2).
    pub const END_SESSION: &str = "/connect/logout";
    /// The page that applications ask whether a session goes on (Session Management §3.3).
    pub const CHECK_SESSION: &str = "/connect/checksession";
}

/// The claims that tokens or userinfo may carry besides those of the standard scopes.
const PROTOCOL_CLAIMS: [&str; 13] =
    ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "acr", "amr", "azp", "at_hash", "c_hash", "sid"];

/// What is switched on, as far as the document tells.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Features<'a> {
    /// Scopes that clients may ask for.
    pub scopes: &'a ScopeSet,
    /// Authentication contexts that can be reached; empty to list none.
    pub acr_values: &'a [String],
    /// Languages of the pages (BCP 47); empty to list none.
    pub ui_locales: &'a [String],
    /// Whether requests may come with a certificate of their client (RFC 8705).
    pub client_certificates: bool,
    /// Whether it is known who issued such a certificate (RFC 8705 §2.1).
    pub client_authorities: bool,
    /// Whether people may register themselves: `prompt=create` is listed.
    pub registration: bool,
    /// Clients may register themselves (RFC 7591 §3).
    pub client_registration: bool,
    /// Clients may be described by a document at their `client_id` (draft-ietf-oauth-client-id-metadata-document §5).
    pub client_id_metadata: bool,
    /// Every authorization request must be pushed (RFC 9126 §5).
    pub require_pushed_requests: bool,
    /// Types of `authorization_details` (RFC 9396 §10); empty to list none.
    pub details_types: &'a [String],
}

impl Features<'_> {
    fn offers(&self, method: TokenEndpointAuthMethod) -> bool {
        match method {
            TokenEndpointAuthMethod::TlsClientAuth => self.client_authorities,
            TokenEndpointAuthMethod::SelfSignedTlsClientAuth => self.client_certificates,
            _ => true,
        }
    }
}

/// The discovery document. Serialise it once and serve it from memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the document says yes or no to each of them")]
pub struct Metadata {
    issuer: Issuer,
    authorization_endpoint: String,
    pushed_authorization_request_endpoint: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    require_pushed_authorization_requests: bool,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    device_authorization_endpoint: String,
    end_session_endpoint: String,
    check_session_iframe: String,
    backchannel_authentication_endpoint: String,
    backchannel_token_delivery_modes_supported: [&'static str; 1],
    backchannel_authentication_request_signing_alg_values_supported: &'static [SigningAlg],
    backchannel_user_code_parameter_supported: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_endpoint: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    client_id_metadata_document_supported: bool,
    scopes_supported: Vec<Scope>,
    response_types_supported: &'static [ResponseType],
    response_modes_supported: &'static [ResponseMode],
    grant_types_supported: &'static [GrantType],
    subject_types_supported: [&'static str; 2],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acr_values_supported: Vec<String>,
    id_token_signing_alg_values_supported: &'static [SigningAlg],
    id_token_encryption_alg_values_supported: &'static [KeyManagementAlg],
    id_token_encryption_enc_values_supported: &'static [ContentEncryptionAlg],
    userinfo_signing_alg_values_supported: &'static [SigningAlg],
    userinfo_encryption_alg_values_supported: &'static [KeyManagementAlg],
    userinfo_encryption_enc_values_supported: &'static [ContentEncryptionAlg],
    introspection_signing_alg_values_supported: &'static [SigningAlg],
    authorization_signing_alg_values_supported: &'static [SigningAlg],
    authorization_encryption_alg_values_supported: &'static [KeyManagementAlg],
    authorization_encryption_enc_values_supported: &'static [ContentEncryptionAlg],
    token_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    token_endpoint_auth_signing_alg_values_supported: &'static [SigningAlg],
    introspection_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    introspection_endpoint_auth_signing_alg_values_supported: &'static [SigningAlg],
    revocation_endpoint_auth_methods_supported: Vec<TokenEndpointAuthMethod>,
    revocation_endpoint_auth_signing_alg_values_supported: &'static [SigningAlg],
    code_challenge_methods_supported: &'static [CodeChallengeMethod],
    dpop_signing_alg_values_supported: &'static [SigningAlg],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tls_client_certificate_bound_access_tokens: bool,
    prompt_values_supported: Vec<Prompt>,
    claim_types_supported: [&'static str; 1],
    claims_supported: Vec<&'static str>,
    claims_parameter_supported: bool,
    request_parameter_supported: bool,
    request_object_signing_alg_values_supported: &'static [SigningAlg],
    request_uri_parameter_supported: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details_types_supported: Vec<String>,
    authorization_response_iss_parameter_supported: bool,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    frontchannel_logout_supported: bool,
    frontchannel_logout_session_supported: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ui_locales_supported: Vec<String>,
}

impl Metadata {
    /// The document of `issuer` with `features` switched on.
    pub fn new(issuer: &Issuer, features: &Features<'_>) -> Self {
        let methods: Vec<_> = TokenEndpointAuthMethod::ALL.iter().copied().filter(|&m| features.offers(m)).collect();
        let prompts = Prompt::ALL.iter().copied().filter(|&prompt| prompt != Prompt::Create || features.registration);
        Self {
            issuer: issuer.clone(),
            authorization_endpoint: issuer.endpoint(path::AUTHORIZE),
            pushed_authorization_request_endpoint: issuer.endpoint(path::PUSHED_REQUESTS),
            require_pushed_authorization_requests: features.require_pushed_requests,
            token_endpoint: issuer.endpoint(path::TOKEN),
            userinfo_endpoint: issuer.endpoint(path::USERINFO),
            jwks_uri: issuer.endpoint(path::JWKS),
            introspection_endpoint: issuer.endpoint(path::INTROSPECT),
            revocation_endpoint: issuer.endpoint(path::REVOCATION),
            device_authorization_endpoint: issuer.endpoint(path::DEVICE_AUTHORIZATION),
            end_session_endpoint: issuer.endpoint(path::END_SESSION),
            check_session_iframe: issuer.endpoint(path::CHECK_SESSION),
            backchannel_authentication_endpoint: issuer.endpoint(path::BACKCHANNEL_AUTHENTICATION),
            backchannel_token_delivery_modes_supported: ["poll"],
            backchannel_authentication_request_signing_alg_values_supported: SigningAlg::ASYMMETRIC,
            backchannel_user_code_parameter_supported: false,
            registration_endpoint: features.client_registration.then(|| issuer.endpoint(path::REGISTER)),
            client_id_metadata_document_supported: features.client_id_metadata,
            scopes_supported: features.scopes.iter().cloned().collect(),
            response_types_supported: ResponseType::ALL,
            response_modes_supported: ResponseMode::ALL,
            grant_types_supported: GrantType::ALL,
            subject_types_supported: ["public", "pairwise"],
            acr_values_supported: features.acr_values.to_vec(),
            // HS256 for clients that ask (D7).
            id_token_signing_alg_values_supported: SigningAlg::ALL,
            id_token_encryption_alg_values_supported: KeyManagementAlg::ALL,
            id_token_encryption_enc_values_supported: ContentEncryptionAlg::ALL,
            userinfo_signing_alg_values_supported: SigningAlg::ASYMMETRIC,
            userinfo_encryption_alg_values_supported: KeyManagementAlg::ALL,
            userinfo_encryption_enc_values_supported: ContentEncryptionAlg::ALL,
            introspection_signing_alg_values_supported: SigningAlg::ASYMMETRIC,
            authorization_signing_alg_values_supported: SigningAlg::ASYMMETRIC,
            authorization_encryption_alg_values_supported: KeyManagementAlg::ALL,
            authorization_encryption_enc_values_supported: ContentEncryptionAlg::ALL,
            token_endpoint_auth_methods_supported: methods.clone(),
            // RFC 8414 §2: told wherever assertions are taken.
            token_endpoint_auth_signing_alg_values_supported: SigningAlg::ALL,
            // Whoever may look into tokens must prove who they are (RFC 7662 §2.1).
            introspection_endpoint_auth_methods_supported: methods
                .iter()
                .copied()
                .filter(|m| m.is_confidential())
                .collect(),
            introspection_endpoint_auth_signing_alg_values_supported: SigningAlg::ALL,
            revocation_endpoint_auth_methods_supported: methods,
            revocation_endpoint_auth_signing_alg_values_supported: SigningAlg::ALL,
            code_challenge_methods_supported: CodeChallengeMethod::ALL,
            dpop_signing_alg_values_supported: DPOP_ALGS,
            tls_client_certificate_bound_access_tokens: features.client_certificates,
            prompt_values_supported: prompts.collect(),
            claim_types_supported: ["normal"],
            claims_supported: claims_supported(features.scopes),
            claims_parameter_supported: true,
            request_parameter_supported: true,
            request_object_signing_alg_values_supported: SigningAlg::ALL,
            authorization_details_types_supported: features.details_types.to_vec(),
            // Its default is true (OIDC Discovery §3), so it must be said.
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
            backchannel_logout_supported: true,
            backchannel_logout_session_supported: true,
            frontchannel_logout_supported: true,
            frontchannel_logout_session_supported: true,
            ui_locales_supported: features.ui_locales.to_vec(),
        }
    }
}

fn claims_supported(scopes: &ScopeSet) -> Vec<&'static str> {
    let released = scopes.iter().flat_map(|scope| standard_claims::claims_of_scope(scope.as_str()));
    PROTOCOL_CLAIMS.iter().chain(released).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(issuer: &str, registration: bool) -> serde_json::Value {
        let scopes = ScopeSet::parse("openid profile email offline_access").unwrap();
        let features = Features {
            scopes: &scopes,
            acr_values: &[],
            ui_locales: &["en".to_owned()],
            client_certificates: false,
            client_authorities: false,
            registration,
            client_registration: true,
            client_id_metadata: true,
            require_pushed_requests: false,
            details_types: &[],
        };
        serde_json::to_value(Metadata::new(&Issuer::parse(issuer).unwrap(), &features)).unwrap()
    }

    /// D1: the whole document, as clients see it.
    #[test]
    fn the_document() {
        insta::with_settings!({ sort_maps => true }, {
            insta::assert_json_snapshot!(document("https://id.example/tenant", true));
        });
    }

    #[test]
    fn registration_switches_its_prompt() {
        let values = |registration| document("https://id.example", registration)["prompt_values_supported"].to_string();
        assert!(values(true).contains("create"));
        assert!(!values(false).contains("create"));
    }

    /// D4, RFC 8705 §2, §3.3: certificates are offered where they are asked for, and their authorities where they are known.
    #[test]
    fn certificates_switch_their_methods() {
        let told = |client_certificates, client_authorities| {
            let scopes = ScopeSet::empty();
            let features = Features {
                scopes: &scopes,
                acr_values: &[],
                ui_locales: &[],
                client_certificates,
                client_authorities,
                registration: false,
                client_registration: false,
                client_id_metadata: false,
                require_pushed_requests: false,
                details_types: &[],
            };
            let issuer = Issuer::parse("https://id.example").unwrap();
            let document = serde_json::to_value(Metadata::new(&issuer, &features)).unwrap();
            let methods = document["token_endpoint_auth_methods_supported"].as_array().unwrap().clone();
            let bound = document["tls_client_certificate_bound_access_tokens"].as_bool();
            (
                methods.contains(&"self_signed_tls_client_auth".into()),
                methods.contains(&"tls_client_auth".into()),
                bound,
            )
        };
        assert_eq!(told(false, false), (false, false, None));
        assert_eq!(told(true, false), (true, false, Some(true)));
        assert_eq!(told(true, true), (true, true, Some(true)));
    }

    /// OIDC Discovery §3 and RFC 8414 §2: required members, and RS256 among the algorithms.
    #[test]
    fn required_members() {
        let document = document("https://id.example", false);
        for name in [
            "issuer",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "response_types_supported",
            "subject_types_supported",
            "id_token_signing_alg_values_supported",
        ] {
            assert!(!document[name].is_null(), "{name}");
        }
        assert_eq!(document["issuer"], "https://id.example");
        assert_eq!(document["token_endpoint"], "https://id.example/connect/token");
        assert!(document["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&"RS256".into()));
    }
}
