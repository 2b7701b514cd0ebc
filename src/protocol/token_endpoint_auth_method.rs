//! How a client authenticates (OIDC Core §9; RFC 7591 §2 `token_endpoint_auth_method`).

text_enum! {
    /// The one method a client is registered with; another is refused even with the right secret.
    pub enum TokenEndpointAuthMethod {
        /// HTTP Basic with the form-encoded id and secret (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// `client_id` and `client_secret` in the body (RFC 6749 §2.3.1).
        ClientSecretPost = "client_secret_post",
        /// A public client: only its `client_id` (RFC 6749 §2.1).
        None = "none",
    }
}

impl TokenEndpointAuthMethod {
    /// Whether the client proves itself by signing with its secret.
    pub const fn signs_with_secret(self) -> bool {
        false
    }

    /// Whether the client holds a secret that it proves.
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::None)
    }
}
