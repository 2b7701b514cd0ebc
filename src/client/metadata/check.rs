//! What has to fit together.

use serde_json::{Map, Value};

use super::MetadataError;
use crate::{
    client::{ClientSettings, SettingsProblem, SubjectType},
    protocol::{ForeignKeys, GrantType, RedirectUri},
    settings::holds_nul,
};

pub(super) fn check(settings: &ClientSettings, members: &Map<String, Value>) -> Result<(), MetadataError> {
    if let Some((setting, _)) = settings.members().iter().find(|(_, value)| holds_nul(value)) {
        return Err(MetadataError::new("client metadata", format!("{setting} holds a NUL character")));
    }
    keys(settings)?;
    application_type(settings, members)?;
    response_types(settings, members)?;
    sector(settings)?;
    logout(settings)?;
    settings.check().map_err(|problem| match problem {
        SettingsProblem::NoRedirectUri => MetadataError::redirect(problem),
        // The text names what is wrong.
        _ => MetadataError::new("client metadata", problem),
    })
}

/// RFC 7591 §2: `jwks` or `jwks_uri`, public keys only, and there where the method needs them.
fn keys(settings: &ClientSettings) -> Result<(), MetadataError> {
    if settings.jwks.is_some() && settings.jwks_uri.is_some() {
        return Err(MetadataError::new("jwks", "must not be there together with jwks_uri (RFC 7591 §2)"));
    }
    if let Some(jwks) = &settings.jwks {
        ForeignKeys::parse(jwks).map_err(|why| MetadataError::new("jwks", why))?;
    }
    let has_keys = settings.jwks.is_some() || settings.jwks_uri.is_some();
    let needs_keys = matches!(settings.auth_method.as_str(), "private_key_jwt" | "self_signed_tls_client_auth");
    if needs_keys && !has_keys {
        let why = format_args!("{} needs jwks or jwks_uri", settings.auth_method).to_string();
        return Err(MetadataError::new("token_endpoint_auth_method", why));
    }
    Ok(())
}

/// OIDC Registration §2: what a web application may not, and that there are only two kinds.
fn application_type(settings: &ClientSettings, members: &Map<String, Value>) -> Result<(), MetadataError> {
    match members.get("application_type").filter(|kind| !kind.is_null()).map(Value::as_str) {
        Some(Some("web")) if settings.redirect_uris.iter().any(RedirectUri::is_private_use) => {
            Err(MetadataError::redirect("an application of type web cannot use a scheme of its own"))
        }
        None | Some(Some("web" | "native")) => Ok(()),
        Some(_) => Err(MetadataError::new("application_type", "must be web or native")),
    }
}

/// RFC 7591 §2.1: response types need their grant type.
fn response_types(settings: &ClientSettings, members: &Map<String, Value>) -> Result<(), MetadataError> {
    let asks_for_code = members.get("response_types").and_then(Value::as_array).is_some_and(|types| !types.is_empty());
    if asks_for_code && !settings.allows(GrantType::AuthorizationCode) {
        return Err(MetadataError::new("grant_types", "response_types needs authorization_code (RFC 7591 §2.1)"));
    }
    Ok(())
}

/// OIDC Core §8.1: with several hosts, only a list that one of them keeps can tell that they belong together.
fn sector(settings: &ClientSettings) -> Result<(), MetadataError> {
    let mut hosts: Vec<_> = settings.redirect_uris.iter().map(RedirectUri::host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let needs_list = settings.subject_type == SubjectType::Pairwise && hosts.len() > 1;
    if needs_list && settings.sector_identifier_uri.is_none() {
        let why = "is needed for pairwise subjects when redirect_uris have several hosts (OIDC Core §8.1)";
        return Err(MetadataError::new("sector_identifier_uri", why));
    }
    Ok(())
}

/// OIDC Front-Channel Logout §2: a page of the site that people are sent back to.
fn logout(settings: &ClientSettings) -> Result<(), MetadataError> {
    let Some(uri) = &settings.frontchannel_logout_uri else { return Ok(()) };
    let origin = uri.origin().ascii_serialization();
    if settings.redirect_uris.iter().any(|redirect| redirect.csp_source() == origin) {
        return Ok(());
    }
    let why = "must have scheme, host and port of one of redirect_uris (OIDC Front-Channel Logout §2)";
    Err(MetadataError::new("frontchannel_logout_uri", why))
}
