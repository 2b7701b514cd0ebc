//! D8, RFC 7591 §2: metadata of clients in both directions.

use serde_json::json;

use super::*;
use crate::{
    client::{ContentEncryptionAlg, Encryption, KeyManagementAlg},
    protocol::TokenEndpointAuthMethod,
};

fn object(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

fn minimal() -> Map<String, Value> {
    object(json!({ "redirect_uris": ["https://blockyard.example/callback"] }))
}

fn with(more: Value) -> Result<ClientMetadata, MetadataError> {
    let mut members = minimal();
    members.extend(object(more));
    ClientMetadata::read(&members, Speaker::Client)
}

/// RFC 7591 §2, OIDC Registration §2: the defaults of the specifications for clients, our own for operators.
#[test]
fn defaults_depend_on_who_speaks() {
    let own = ClientMetadata::read(&minimal(), Speaker::Client).unwrap();
    assert_eq!(own.name, None);
    assert_eq!(own.settings.grant_types, [GrantType::AuthorizationCode]);
    assert_eq!(own.settings.id_token_alg, SigningAlg::Rs256);
    assert_eq!(own.settings.auth_method, TokenEndpointAuthMethod::ClientSecretBasic);
    let ours = ClientMetadata::read(&minimal(), Speaker::Operator).unwrap();
    assert_eq!(
        ours.settings,
        ClientSettings { redirect_uris: ours.settings.redirect_uris.clone(), ..Default::default() }
    );
}

fn everything() -> Map<String, Value> {
    // As text: the macro does not go so deep.
    let text = r#"{
        "client_name": "Blockyard",
        "redirect_uris": ["https://blockyard.example/callback", "https://blockyard.example/other?a=b"],
        "post_logout_redirect_uris": ["https://blockyard.example/bye"],
        "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
        "response_types": ["code"],
        "application_type": "web",
        "scope": "openid profile reports:read",
        "subject_type": "pairwise",
        "sector_identifier_uri": "https://blockyard.example/sector.json",
        "token_endpoint_auth_method": "client_secret_post",
        "token_endpoint_auth_signing_alg": "ES256",
        "tls_client_auth_subject_dn": "CN=blockyard",
        "tls_client_auth_san_dns": "blockyard.example",
        "tls_client_auth_san_uri": "https://blockyard.example/",
        "tls_client_auth_san_ip": "192.0.2.1",
        "tls_client_auth_san_email": "blockyard@blockyard.example",
        "tls_client_certificate_bound_access_tokens": true,
        "dpop_bound_access_tokens": true,
        "jwks_uri": "https://blockyard.example/jwks.json",
        "require_pushed_authorization_requests": true,
        "require_signed_request_object": true,
        "request_object_signing_alg": "ES256",
        "authorization_details_types": ["payment"],
        "default_max_age": 600,
        "require_auth_time": true,
        "default_acr_values": ["pwd"],
        "backchannel_authentication_request_signing_alg": "ES256",
        "initiate_login_uri": "https://blockyard.example/start",
        "id_token_signed_response_alg": "ES256",
        "id_token_encrypted_response_alg": "RSA-OAEP-256",
        "id_token_encrypted_response_enc": "A256GCM",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "ECDH-ES",
        "userinfo_encrypted_response_enc": "A128CBC-HS256",
        "authorization_signed_response_alg": "ES256",
        "authorization_encrypted_response_alg": "ECDH-ES",
        "authorization_encrypted_response_enc": "A256GCM",
        "introspection_signed_response_alg": "ES256",
        "backchannel_logout_uri": "https://blockyard.example/logout",
        "backchannel_logout_session_required": true,
        "frontchannel_logout_uri": "https://blockyard.example/front",
        "frontchannel_logout_session_required": true,
        "client_uri": "https://blockyard.example/",
        "logo_uri": "https://blockyard.example/logo.png",
        "policy_uri": "https://blockyard.example/policy#top",
        "tos_uri": "https://blockyard.example/terms",
        "contacts": ["blockyard@blockyard.example"],
        "software_id": "4NRB1-0XZABZI9E6-5SM3R",
        "software_version": "2.1"
    }"#;
    object(serde_json::from_str(text).unwrap())
}

fn trusted() -> Map<String, Value> {
    object(json!({
        "first_party": true,
        "pkce_optional": true,
        "lean_id_token": true,
        "access_token_format": "opaque",
        "access_token_ttl_secs": 300,
        "audiences": ["https://api.blockyard.example"],
        "allowed_origins": ["https://app.blockyard.example"],
        "security_profile": "fapi2_security",
        "token_exchange": {
            "impersonation": true, "delegation": false, "subject_clients": ["other"], "audiences": []
        },
        "assertion_issuers": [{ "issuer": "https://issuer.example", "jwks_uri": "https://issuer.example/jwks", "subject": "email" }],
    }))
}

/// RFC 7591 §3.2.1: what is registered is what is told, all of it.
#[test]
fn everything_comes_back() {
    let members = everything();
    let read = ClientMetadata::read(&members, Speaker::Client).unwrap();
    let written = ClientMetadata::write("Blockyard", &read.settings, Speaker::Client);
    assert_eq!(Value::Object(written), Value::Object(members));
}

/// D11: an operator's file says the same words and some more.
#[test]
fn operators_say_more() {
    let mut members = everything();
    members.extend(trusted());
    // Whether the two can work together is for the settings' own rules.
    members.remove("security_profile");
    let read = ClientMetadata::read(&members, Speaker::Operator).unwrap();
    let written = ClientMetadata::write("Blockyard", &read.settings, Speaker::Operator);
    assert_eq!(Value::Object(written), Value::Object(members));
    let read = read::read(&trusted(), Speaker::Operator).unwrap();
    assert!(read.settings.profile.is_some());
}

/// D8: nobody makes themselves more trusted than they are.
#[test]
fn clients_cannot_speak_about_trust() {
    let read = with(Value::Object(trusted())).unwrap();
    assert_eq!(read, ClientMetadata::read(&minimal(), Speaker::Client).unwrap());
}

/// RFC 7591 §2 and §2.2, RFC 7592 §2.2: unknown members, localised ones, and null.
#[test]
fn what_is_not_understood_is_ignored() {
    let read = with(json!({
        "client_name": "Blockyard",
        "client_name#de": "Blockhof",
        "tos_uri#fr": 7,
        "unheard_of": { "a": [] },
        "request_uris": ["https://blockyard.example/request"],
        "jwks_uri": null,
        "grant_types": null,
        "response_types": null,
        "application_type": null,
    }));
    let read = read.unwrap();
    assert_eq!(read.name.unwrap().as_str(), "Blockyard");
    assert_eq!(read.settings, ClientMetadata::read(&minimal(), Speaker::Client).unwrap().settings);
}

#[test]
fn encryption_has_a_default() {
    let read = with(json!({
        "id_token_encrypted_response_alg": "RSA-OAEP-256", "jwks_uri": "https://blockyard.example/jwks",
    }))
    .unwrap();
    let expected = Encryption { alg: KeyManagementAlg::RsaOaep256, enc: ContentEncryptionAlg::A128CbcHs256 };
    assert_eq!(read.settings.id_token_encryption, Some(expected));
}

/// I1: what one of the databases could not keep is refused before it comes there.
#[test]
fn no_text_holds_a_nul() {
    for members in [json!({ "contacts": ["a", "b\0"] }), json!({ "software_id": "\0" })] {
        assert!(with(members.clone()).is_err(), "{members}");
    }
    with(json!({ "unheard_of": "\0" })).unwrap();
}

/// RFC 7591 §3.2.2: what is wrong is named, with the code for it.
#[test]
fn what_is_wrong_is_named() {
    let redirect = OAuthErrorCode::InvalidRedirectUri;
    let other = OAuthErrorCode::InvalidClientMetadata;
    let long = "x".repeat(2049);
    let many = vec!["https://blockyard.example/"; 101];
    for (member, value, code) in [
        ("redirect_uris", json!([]), redirect),
        ("redirect_uris", json!("https://blockyard.example/"), redirect),
        ("redirect_uris", json!([7]), redirect),
        ("redirect_uris", json!(["https://blockyard.example/#fragment"]), redirect),
        ("redirect_uris", json!(["http://blockyard.example/"]), redirect),
        ("redirect_uris", json!(["javascript:alert(1)"]), redirect),
        ("redirect_uris", json!(many), redirect),
        ("post_logout_redirect_uris", json!(["https://blockyard.example/*"]), other),
        ("grant_types", json!(["implicit"]), other),
        ("grant_types", json!("authorization_code"), other),
        ("response_types", json!(["token"]), other),
        ("response_types", json!(["code id_token"]), other),
        ("scope", json!("openid \u{e9}"), other),
        ("scope", json!(["openid"]), other),
        ("client_name", json!(""), other),
        ("client_name", json!(7), other),
        ("client_name", json!("a\u{202e}b"), other),
        ("application_type", json!("desktop"), other),
        ("token_endpoint_auth_method", json!("magic"), other),
        ("token_endpoint_auth_signing_alg", json!("none"), other),
        ("id_token_signed_response_alg", json!("none"), other),
        ("request_object_signing_alg", json!("none"), other),
        ("id_token_encrypted_response_alg", json!("RSA1_5"), other),
        ("id_token_encrypted_response_enc", json!("A256GCM"), other),
        ("jwks", json!("{}"), other),
        ("jwks", json!({}), other),
        ("jwks", json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] }), other),
        ("jwks_uri", json!("ftp://blockyard.example/"), other),
        ("jwks_uri", json!("https://user@blockyard.example/"), other),
        ("sector_identifier_uri", json!("http://blockyard.example/"), other),
        ("initiate_login_uri", json!("http://blockyard.example/"), other),
        ("backchannel_logout_uri", json!("https://blockyard.example/#a"), other),
        ("frontchannel_logout_uri", json!("https://elsewhere.example/"), other),
        ("frontchannel_logout_uri", json!("https://blockyard.example:8443/"), other),
        ("frontchannel_logout_session_required", json!("true"), other),
        ("default_max_age", json!(-1), other),
        ("default_max_age", json!("600"), other),
        ("logo_uri", json!("javascript:alert(1)"), other),
        ("client_uri", json!("data:text/html,x"), other),
        ("policy_uri", json!("not a url"), other),
        ("tos_uri", json!(long), other),
        ("contacts", json!({}), other),
        ("software_id", json!("a\nb"), other),
        ("subject_type", json!("secret"), other),
        ("backchannel_token_delivery_mode", json!("push"), other),
        ("backchannel_user_code_parameter", json!(true), other),
    ] {
        let refused = with(json!({ member: value })).expect_err(member);
        assert_eq!((refused.member, refused.code), (member, code), "{refused}");
    }
}

/// RFC 7591 §2 and §2.1, OIDC Registration §2, OIDC Core §8.1: what has to fit together.
#[test]
fn members_must_fit_together() {
    let key = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    });
    let both = json!({ "jwks": { "keys": [key] }, "jwks_uri": "https://blockyard.example/jwks" });
    assert_eq!(with(both).unwrap_err().member, "jwks");
    assert!(with(json!({ "jwks": { "keys": [key] } })).is_ok());
    let scheme = json!({ "redirect_uris": ["com.example.app:/cb"], "application_type": "web" });
    assert_eq!(with(scheme).unwrap_err().code, OAuthErrorCode::InvalidRedirectUri);
    assert!(with(json!({ "redirect_uris": ["com.example.app:/cb"], "application_type": "native" })).is_ok());
    let mismatch = json!({ "grant_types": ["client_credentials"], "response_types": ["code"] });
    assert_eq!(with(mismatch).unwrap_err().member, "grant_types");
    let hosts = json!(["https://a.example/cb", "https://b.example/cb"]);
    let pairwise = json!({ "redirect_uris": hosts, "subject_type": "pairwise" });
    assert_eq!(with(pairwise).unwrap_err().member, "sector_identifier_uri");
    let public = json!({ "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"] });
    assert_eq!(with(public).unwrap_err().code, OAuthErrorCode::InvalidClientMetadata);
}

/// D8: what an operator forces upon a client outweighs what it says; what it says about trust counts for nothing.
#[test]
fn operators_have_the_last_word() {
    let mut members = minimal();
    members.extend(object(json!({ "first_party": true, "dpop_bound_access_tokens": false, "audiences": ["x"] })));
    let forced = object(json!({ "dpop_bound_access_tokens": true, "access_token_ttl_secs": 60 }));
    let read = ClientMetadata::read_with(&members, &forced).unwrap().settings;
    assert!(read.dpop_bound_access_tokens && !read.first_party && read.audiences.is_empty());
    assert_eq!(read.access_token_ttl_secs, Some(60));
    assert_eq!(read.id_token_alg, SigningAlg::Rs256);
    assert!(ClientMetadata::check_forced(&forced).is_ok());
    let wrong = object(json!({ "access_token_ttl_secs": "soon" }));
    assert_eq!(ClientMetadata::check_forced(&wrong).unwrap_err().member, "access_token_ttl_secs");
}
