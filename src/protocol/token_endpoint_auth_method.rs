//! How a client authenticates (OIDC Core §9, RFC 8705 §2; RFC 7591 §2 `token_endpoint_auth_method`).

text_enum! {
    /// The one method a client is registered with; another is refused even with the right secret.
    pub enum TokenEndpointAuthMethod {
        /// HTTP Basic with the form-encoded id and secret (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// `client_id` and `client_secret` in the body (RFC 6749 §2.3.1).
        ClientSecretPost = "client_secret_post",
        /// An assertion signed with the client's private key (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
        /// An assertion authenticated with the client's secret (OIDC Core §9).
        ClientSecretJwt = "client_secret_jwt",
        /// A certificate that an authority issued for the registered subject (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// A certificate that is registered itself (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
        /// A public client: only its `client_id` (RFC 6749 §2.1).
        None = "none",
    }
}

impl TokenEndpointAuthMethod {
    /// Whether the client holds a secret that we gave it, and proves it one way or the other.
    pub const fn uses_secret(self) -> bool {
        match self {
            Self::ClientSecretBasic | Self::ClientSecretPost | Self::ClientSecretJwt => true,
            Self::PrivateKeyJwt | Self::TlsClientAuth | Self::SelfSignedTlsClientAuth | Self::None => false,
        }
    }

    /// Whether the client proves itself by signing with its secret.
    pub const fn signs_with_secret(self) -> bool {
        matches!(self, Self::ClientSecretJwt)
    }

    /// Whether the client signs an assertion, whatever it signs it with.
    pub const fn uses_assertion(self) -> bool {
        matches!(self, Self::PrivateKeyJwt | Self::ClientSecretJwt)
    }

    /// Whether the client shows a certificate.
    pub const fn uses_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// Whether the client can prove who it is.
    pub const fn is_confidential(self) -> bool {
        !matches!(self, Self::None)
    }
}
