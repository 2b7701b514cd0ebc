//! Who we are to an authenticator (WebAuthn L3 §4, "relying party"): a domain, and the origins whose pages may ask for its
//! keys.

use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use super::ceremony::CEREMONY_LIFE;
use crate::{config::Config, error::Internal};

/// The relying party id: `passkeys.rp_id`, or else the host of the public URL. None where browsers make no passkeys: at
/// an address without a name, and over plain http anywhere but on this machine.
pub fn relying_party_id(config: &Config) -> Option<&str> {
    let host = config.server.public_url.domain()?;
    let is_secure = config.is_https() || host == "localhost" || host.ends_with(".localhost");
    is_secure.then(|| config.passkeys.rp_id.as_deref().unwrap_or(host))
}

/// The origins besides our own whose pages may use our keys (WebAuthn L3 §5.11), for `/.well-known/webauthn`; empty when
/// there are none.
pub fn related_origins(config: &Config) -> Vec<String> {
    config.passkeys.related_origins.iter().map(|url| url.origin().ascii_serialization()).collect()
}

/// What checks ceremonies. None where there are no passkeys.
pub(super) fn open(config: &Config) -> Result<Option<Webauthn>, Internal> {
    let Some(id) = relying_party_id(config) else { return Ok(None) };
    let failed = |cause| Internal::new("set up passkeys", cause);
    let origin: &Url = &config.server.public_url;
    let builder = WebauthnBuilder::new(id, origin).map_err(failed)?;
    let builder = builder.rp_name(&config.instance.name).timeout(CEREMONY_LIFE);
    let builder = config.passkeys.related_origins.iter().fold(builder, WebauthnBuilder::append_allowed_origin);
    builder.build().map(Some).map_err(failed)
}
