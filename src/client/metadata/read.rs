//! From words to settings.

use serde_json::{Map, Value};

use super::{
    ClientMetadata, MetadataError, Speaker, defaults,
    reader::{Members, Place},
};
use crate::{
    client::{CertificateSubject, ClientSettings, ContentEncryptionAlg, Encryption},
    protocol::{RedirectUri, ResponseType, ScopeSet},
    text::DisplayName,
};

/// The members that only operators are listened to about. They are our own.
pub(super) const TRUST: [&str; 10] = [
    "first_party",
    "security_profile",
    "pkce_optional",
    "lean_id_token",
    "access_token_format",
    "access_token_ttl_secs",
    "audiences",
    "allowed_origins",
    "token_exchange",
    "assertion_issuers",
];

pub(super) fn read(members: &Map<String, Value>, speaker: Speaker) -> Result<ClientMetadata, MetadataError> {
    match speaker {
        Speaker::Operator => read_all(members, defaults(speaker)),
        Speaker::Client => read_own(&Members(members), defaults(speaker)),
    }
}

/// The members of [`TRUST`], too.
pub(super) fn read_all(members: &Map<String, Value>, base: ClientSettings) -> Result<ClientMetadata, MetadataError> {
    let members = &Members(members);
    let mut metadata = read_own(members, base)?;
    trust(&mut metadata.settings, members)?;
    Ok(metadata)
}

fn read_own(members: &Members<'_>, mut settings: ClientSettings) -> Result<ClientMetadata, MetadataError> {
    let name = members.text("client_name")?.map(DisplayName::try_from).transpose();
    let name = name.map_err(|why| MetadataError::new("client_name", why))?;
    basics(&mut settings, members)?;
    authentication(&mut settings, members)?;
    requests(&mut settings, members)?;
    answers(&mut settings, members)?;
    sessions(&mut settings, members)?;
    about(&mut settings, members)?;
    Ok(ClientMetadata { name, settings })
}

fn set<T>(field: &mut T, read: Option<T>) {
    if let Some(value) = read {
        *field = value;
    }
}

/// RFC 7591 §2: where answers go, what may be asked for.
fn basics(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    if let Some(uris) = members.texts("redirect_uris").map_err(|error| MetadataError::redirect(error.why))? {
        let parse =
            |uri: &String| RedirectUri::parse(uri).map_err(|why| MetadataError::redirect(format_args!("{uri}: {why}")));
        to.redirect_uris = uris.iter().map(parse).collect::<Result<_, _>>()?;
    }
    set(&mut to.post_logout_redirect_uris, members.parsed_list("post_logout_redirect_uris")?);
    set(&mut to.grant_types, members.parsed_list("grant_types")?);
    // What is answered follows from the grant types; here it only has to be something that is answered at all.
    members.parsed_list::<ResponseType>("response_types")?;
    if let Some(scope) = members.text("scope")? {
        to.scopes = ScopeSet::parse(scope).map_err(|why| MetadataError::new("scope", why))?;
    }
    set(&mut to.subject_type, members.parsed("subject_type")?);
    to.sector_identifier_uri = members.url("sector_identifier_uri", Place::SecureEndpoint)?;
    Ok(())
}

/// RFC 7591 §2, OIDC Registration §2, RFC 8705 §2.1.2 and §3.4: how it proves itself.
fn authentication(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    set(&mut to.auth_method, members.parsed("token_endpoint_auth_method")?);
    to.token_endpoint_auth_signing_alg = members.parsed("token_endpoint_auth_signing_alg")?;
    to.certificate = CertificateSubject {
        subject_dn: members.owned("tls_client_auth_subject_dn")?,
        san_dns: members.owned("tls_client_auth_san_dns")?,
        san_uri: members.owned("tls_client_auth_san_uri")?,
        san_ip: members.owned("tls_client_auth_san_ip")?,
        san_email: members.owned("tls_client_auth_san_email")?,
    };
    to.jwks = members.object("jwks")?;
    to.jwks_uri = members.url("jwks_uri", Place::Endpoint)?;
    set(&mut to.certificate_bound_access_tokens, members.flag("tls_client_certificate_bound_access_tokens")?);
    set(&mut to.dpop_bound_access_tokens, members.flag("dpop_bound_access_tokens")?);
    Ok(())
}

/// How it asks: OIDC Registration §2, RFC 9126 §6, RFC 9101 §10.5, RFC 9396 §10, CIBA §4.
fn requests(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    set(&mut to.require_pushed_authorization_requests, members.flag("require_pushed_authorization_requests")?);
    set(&mut to.require_signed_request_object, members.flag("require_signed_request_object")?);
    to.request_object_signing_alg = members.parsed("request_object_signing_alg")?;
    set(&mut to.authorization_details_types, members.texts("authorization_details_types")?);
    to.default_max_age = members.number("default_max_age")?;
    set(&mut to.require_auth_time, members.flag("require_auth_time")?);
    set(&mut to.default_acr_values, members.texts("default_acr_values")?);
    to.backchannel_request_signing_alg = members.parsed("backchannel_authentication_request_signing_alg")?;
    if members.text("backchannel_token_delivery_mode")?.is_some_and(|mode| mode != "poll") {
        return Err(MetadataError::new("backchannel_token_delivery_mode", "only poll is offered"));
    }
    if members.flag("backchannel_user_code_parameter")? == Some(true) {
        return Err(MetadataError::new("backchannel_user_code_parameter", "user codes are not offered"));
    }
    to.initiate_login_uri = members.url("initiate_login_uri", Place::SecureEndpoint)?;
    Ok(())
}

/// How it is answered: OIDC Registration §2, JARM §3, RFC 9701 §6.
fn answers(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    set(&mut to.id_token_alg, members.parsed("id_token_signed_response_alg")?);
    to.id_token_encryption = encryption(members, "id_token_encrypted_response_alg", "id_token_encrypted_response_enc")?;
    to.userinfo_signed_response_alg = members.parsed("userinfo_signed_response_alg")?;
    to.userinfo_encryption = encryption(members, "userinfo_encrypted_response_alg", "userinfo_encrypted_response_enc")?;
    to.authorization_signed_response_alg = members.parsed("authorization_signed_response_alg")?;
    to.authorization_encryption =
        encryption(members, "authorization_encrypted_response_alg", "authorization_encrypted_response_enc")?;
    to.introspection_signed_response_alg = members.parsed("introspection_signed_response_alg")?;
    Ok(())
}

fn encryption(
    members: &Members<'_>,
    alg: &'static str,
    enc: &'static str,
) -> Result<Option<Encryption>, MetadataError> {
    match (members.parsed(alg)?, members.parsed(enc)?) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(MetadataError::new(enc, format_args!("{alg} is missing"))),
        (Some(alg), enc) => Ok(Some(Encryption { alg, enc: enc.unwrap_or(ContentEncryptionAlg::A128CbcHs256) })),
    }
}

/// How it hears of the end of sessions: OIDC Back-Channel Logout §2.2, Front-Channel Logout §2.
fn sessions(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    to.backchannel_logout_uri = members.url("backchannel_logout_uri", Place::Endpoint)?;
    set(&mut to.backchannel_logout_session_required, members.flag("backchannel_logout_session_required")?);
    to.frontchannel_logout_uri = members.url("frontchannel_logout_uri", Place::Endpoint)?;
    set(&mut to.frontchannel_logout_session_required, members.flag("frontchannel_logout_session_required")?);
    Ok(())
}

/// What people and operators are told: RFC 7591 §2.
fn about(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    to.client_uri = members.url("client_uri", Place::Page)?;
    to.logo_uri = members.url("logo_uri", Place::Page)?;
    to.policy_uri = members.url("policy_uri", Place::Page)?;
    to.tos_uri = members.url("tos_uri", Place::Page)?;
    set(&mut to.contacts, members.texts("contacts")?);
    to.software_id = members.owned("software_id")?;
    to.software_version = members.owned("software_version")?;
    Ok(())
}

/// How far it is trusted: the members of [`TRUST`].
fn trust(to: &mut ClientSettings, members: &Members<'_>) -> Result<(), MetadataError> {
    set(&mut to.first_party, members.flag("first_party")?);
    to.profile = members.parsed("security_profile")?;
    set(&mut to.pkce_optional, members.flag("pkce_optional")?);
    set(&mut to.lean_id_token, members.flag("lean_id_token")?);
    set(&mut to.access_token_format, members.parsed("access_token_format")?);
    to.access_token_ttl_secs = members.number("access_token_ttl_secs")?;
    set(&mut to.audiences, members.texts("audiences")?);
    set(&mut to.allowed_origins, members.texts("allowed_origins")?);
    set(&mut to.token_exchange, members.structure("token_exchange")?);
    set(&mut to.assertion_issuers, members.structure("assertion_issuers")?);
    Ok(())
}
