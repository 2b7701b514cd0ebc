//! What an access token is bound to: `cnf` (RFC 7800 §3.1, RFC 8705 §3.1, RFC 9449 §6.1).

use serde::{Deserialize, Serialize};

/// The binding of a token; empty for a bearer token. SHA-256 thumbprints in base64url.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Confirmation {
    /// The key that signs the proofs (RFC 9449 §6.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// The certificate of the connection (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256", default, skip_serializing_if = "Option::is_none")]
    pub x5t_s256: Option<String>,
}

impl Confirmation {
    /// Bound to nothing.
    pub const NONE: Self = Self { jkt: None, x5t_s256: None };

    /// Bound to nothing: whoever bears the token may use it.
    pub fn is_bearer(&self) -> bool {
        self.jkt.is_none() && self.x5t_s256.is_none()
    }
}
