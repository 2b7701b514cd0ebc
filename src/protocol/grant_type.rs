//! `grant_type` of the token endpoint (RFC 6749 §4.1.3, §4.4.2, §6, RFC 8628 §3.4, RFC 8693
//! §2.1, RFC 7523 §2.1; CIBA §10.1).

text_enum! {
    /// What a client hands in for tokens.
    pub enum GrantType {
        /// An authorization code (RFC 6749 §4.1.3).
        AuthorizationCode = "authorization_code",
        /// A refresh token (RFC 6749 §6).
        RefreshToken = "refresh_token",
        /// Its own credentials (RFC 6749 §4.4).
        ClientCredentials = "client_credentials",
        /// A device code (RFC 8628 §3.4).
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// A backchannel authentication request (CIBA §10.1).
        Ciba = "urn:openid:params:grant-type:ciba",
        /// A token, for another one (RFC 8693 §2.1).
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
        /// Somebody's assertion about a person (RFC 7523 §2.1).
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
    }
}
