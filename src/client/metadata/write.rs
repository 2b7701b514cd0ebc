//! From settings to words.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Speaker, defaults};
use crate::{
    client::{ClientSettings, Encryption},
    protocol::{GrantType, RedirectUri},
};

struct Writer(Map<String, Value>);

impl Writer {
    fn put(&mut self, name: &str, value: impl Serialize) {
        // Text, numbers and lists of them always serialise.
        self.0.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
    }

    fn some(&mut self, name: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn unlike<T: Serialize + PartialEq>(&mut self, name: &str, value: &T, default: &T) {
        if value != default {
            self.put(name, value);
        }
    }

    fn encryption(&mut self, what: &str, encryption: Option<Encryption>) {
        if let Some(Encryption { alg, enc }) = encryption {
            self.put(&format!("{what}_encrypted_response_alg"), alg);
            self.put(&format!("{what}_encrypted_response_enc"), enc);
        }
    }
}

pub(super) fn write(name: &str, settings: &ClientSettings, speaker: Speaker) -> Map<String, Value> {
    let mut to = Writer(Map::new());
    to.put("client_name", name);
    basics(&mut to, settings);
    authentication(&mut to, settings, speaker);
    protocol(&mut to, settings, speaker);
    about(&mut to, settings, speaker);
    if speaker == Speaker::Operator {
        trust(&mut to, settings);
    }
    to.0
}

/// What is always said: whoever registers must see what it became (RFC 7591 §3.2.1).
fn basics(to: &mut Writer, from: &ClientSettings) {
    let uses_codes = from.allows(GrantType::AuthorizationCode);
    let is_native = from.redirect_uris.iter().any(|uri| uri.is_private_use() || uri.is_loopback());
    to.put("redirect_uris", &from.redirect_uris);
    to.put("grant_types", &from.grant_types);
    to.put("response_types", if uses_codes { &["code"][..] } else { &[] });
    to.put("application_type", if is_native { "native" } else { "web" });
    to.put("scope", from.scopes.to_string());
    to.put("token_endpoint_auth_method", from.auth_method);
    to.put("id_token_signed_response_alg", from.id_token_alg);
    to.put("subject_type", from.subject_type);
    to.some("sector_identifier_uri", from.sector_identifier_uri.as_ref());
    to.unlike("post_logout_redirect_uris", &from.post_logout_redirect_uris, &Vec::<RedirectUri>::new());
}

fn authentication(to: &mut Writer, from: &ClientSettings, speaker: Speaker) {
    let default = defaults(speaker);
    let certificate = &from.certificate;
    to.some("token_endpoint_auth_signing_alg", from.token_endpoint_auth_signing_alg);
    to.some("tls_client_auth_subject_dn", certificate.subject_dn.as_ref());
    to.some("tls_client_auth_san_dns", certificate.san_dns.as_ref());
    to.some("tls_client_auth_san_uri", certificate.san_uri.as_ref());
    to.some("tls_client_auth_san_ip", certificate.san_ip.as_ref());
    to.some("tls_client_auth_san_email", certificate.san_email.as_ref());
    to.some("jwks", from.jwks.as_ref());
    to.some("jwks_uri", from.jwks_uri.as_ref());
    let bound = ("tls_client_certificate_bound_access_tokens", &from.certificate_bound_access_tokens);
    to.unlike(bound.0, bound.1, &default.certificate_bound_access_tokens);
    to.unlike("dpop_bound_access_tokens", &from.dpop_bound_access_tokens, &default.dpop_bound_access_tokens);
}

fn protocol(to: &mut Writer, from: &ClientSettings, speaker: Speaker) {
    let default = defaults(speaker);
    let pushed = ("require_pushed_authorization_requests", &from.require_pushed_authorization_requests);
    to.unlike(pushed.0, pushed.1, &default.require_pushed_authorization_requests);
    let signed = ("require_signed_request_object", &from.require_signed_request_object);
    to.unlike(signed.0, signed.1, &default.require_signed_request_object);
    to.some("request_object_signing_alg", from.request_object_signing_alg);
    to.unlike("authorization_details_types", &from.authorization_details_types, &default.authorization_details_types);
    to.some("default_max_age", from.default_max_age);
    to.unlike("require_auth_time", &from.require_auth_time, &default.require_auth_time);
    to.unlike("default_acr_values", &from.default_acr_values, &default.default_acr_values);
    to.encryption("id_token", from.id_token_encryption);
    to.some("userinfo_signed_response_alg", from.userinfo_signed_response_alg);
    to.encryption("userinfo", from.userinfo_encryption);
    to.some("authorization_signed_response_alg", from.authorization_signed_response_alg);
    to.encryption("authorization", from.authorization_encryption);
    to.some("introspection_signed_response_alg", from.introspection_signed_response_alg);
    to.some("backchannel_authentication_request_signing_alg", from.backchannel_request_signing_alg);
    if from.grant_types.iter().any(|grant| grant.as_str() == "urn:openid:params:grant-type:ciba") {
        to.put("backchannel_token_delivery_mode", "poll");
    }
    to.some("initiate_login_uri", from.initiate_login_uri.as_ref());
    to.some("backchannel_logout_uri", from.backchannel_logout_uri.as_ref());
    let session = ("backchannel_logout_session_required", &from.backchannel_logout_session_required);
    to.unlike(session.0, session.1, &default.backchannel_logout_session_required);
    to.some("frontchannel_logout_uri", from.frontchannel_logout_uri.as_ref());
    let session = ("frontchannel_logout_session_required", &from.frontchannel_logout_session_required);
    to.unlike(session.0, session.1, &default.frontchannel_logout_session_required);
}

fn about(to: &mut Writer, from: &ClientSettings, speaker: Speaker) {
    to.some("client_uri", from.client_uri.as_ref());
    to.some("logo_uri", from.logo_uri.as_ref());
    to.some("policy_uri", from.policy_uri.as_ref());
    to.some("tos_uri", from.tos_uri.as_ref());
    to.unlike("contacts", &from.contacts, &defaults(speaker).contacts);
    to.some("software_id", from.software_id.as_ref());
    to.some("software_version", from.software_version.as_ref());
}

fn trust(to: &mut Writer, from: &ClientSettings) {
    let default = defaults(Speaker::Operator);
    to.unlike("first_party", &from.first_party, &default.first_party);
    to.some("security_profile", from.profile);
    to.unlike("pkce_optional", &from.pkce_optional, &default.pkce_optional);
    to.unlike("lean_id_token", &from.lean_id_token, &default.lean_id_token);
    to.unlike("access_token_format", &from.access_token_format, &default.access_token_format);
    to.some("access_token_ttl_secs", from.access_token_ttl_secs);
    to.unlike("audiences", &from.audiences, &default.audiences);
    to.unlike("allowed_origins", &from.allowed_origins, &default.allowed_origins);
    to.unlike("token_exchange", &from.token_exchange, &default.token_exchange);
    to.unlike("assertion_issuers", &from.assertion_issuers, &default.assertion_issuers);
}
