//! The request came through the PAR endpoint, where this instance, the client's registration or its security profile ask for
//! that (RFC 9126 §5, §6; FAPI 2.0 Security Profile §5.3.2.2).

use crate::{client::Client, core::Core, protocol::OAuthError};

/// Refuses a request that came with the person.
pub(in crate::grant) fn check(core: &Core, client: &Client) -> Result<(), OAuthError> {
    if core.config().authorization.require_pushed_requests || client.settings.requires_pushed_requests() {
        return Err(OAuthError::invalid_request(
            "the request must be pushed first (RFC 9126), and come as a request_uri",
        ));
    }
    Ok(())
}
