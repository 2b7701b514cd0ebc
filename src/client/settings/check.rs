//! What cannot work about a client's settings.

use url::Url;

use super::{ClientKind, ClientSettings, SubjectType};
use crate::protocol::{ForeignKeys, ForeignKeysError, GrantType, RedirectUri, SigningAlg, TokenEndpointAuthMethod};

/// What cannot work about a client's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// The authorization code grant needs somewhere to go back to.
    #[error("the authorization code grant needs at least one redirect URI")]
    NoRedirectUri,
    /// RFC 6749 §4.4: client credentials are for confidential clients only.
    #[error("a public client cannot use the client credentials grant")]
    PublicClientCredentials,
    /// CIBA §4, RFC 8693 §1: whoever asks for somebody else's tokens must be able to prove who they are.
    #[error("a public client can use neither backchannel authentication nor the token exchange")]
    PublicForOthers,
    /// RFC 7636 and RFC 9700 §2.1.1: public clients always use PKCE.
    #[error("a public client cannot leave out PKCE")]
    PublicWithoutPkce,
    /// Refresh tokens come from another grant.
    #[error(
        "the refresh token grant needs a grant that a person decides about: codes, device codes or backchannel requests"
    )]
    RefreshAlone,
    /// There is nothing it may do.
    #[error("a client needs at least one grant type")]
    NoGrantType,
    /// Not an origin: scheme, host, port, and nothing else (RFC 6454).
    #[error("an allowed origin must be a scheme, a host and perhaps a port")]
    Origin,
    /// D7: HS256 is for ID tokens, and for a client that can keep a secret.
    #[error("HS256 is offered for the ID tokens of confidential clients only")]
    SharedSecret,
    /// Whoever wants something encrypted says to which key.
    #[error("encrypted answers need the client's public keys: jwks or jwks_uri")]
    EncryptionWithoutKeys,
    /// OIDC Core §8.1: redirect URIs on several hosts need a `sector_identifier_uri`.
    #[error("subject_type pairwise needs all redirect_uris on one host, or a sector_identifier_uri with https")]
    Sector,
    /// FAPI 2.0 Security Profile §5.3.2.2: nothing that anybody on the machine can listen to.
    #[error("the security profile asks for redirect_uris with https")]
    ProfileRedirect,
    /// Out of bounds.
    #[error("the life of access tokens must be between 10 seconds and 24 hours")]
    AccessTokenLife,
    /// Links are shown to people, so they must be web pages.
    #[error("client, logo, policy and terms URIs must be http or https")]
    Link,
    /// Its method is judged by keys.
    #[error("this way of authentication needs jwks or jwks_uri")]
    NoKeys,
    /// RFC 7591 §2: one of them.
    #[error("jwks and jwks_uri must not both be there")]
    TwoKeySets,
    /// RFC 7517 §5.
    #[error("jwks: {0}")]
    Keys(ForeignKeysError),
    /// OIDC Core §9: a shared secret goes with HS256, a private key with all others.
    #[error("token_endpoint_auth_signing_alg must be HS256 for client_secret_jwt, and another one for private_key_jwt")]
    AuthAlg,
    /// RFC 8705 §2.1.2: one of the five ways to name whom the certificate is for.
    #[error("tls_client_auth needs exactly one of subject DN (RFC 4514) and alternative name (DNS, URI, IP, e-mail)")]
    CertificateSubject,
    /// FAPI 2.0 Security Profile §5.3.2.1.
    #[error("a client with a security profile proves itself by a private key or a certificate")]
    ProfileAuth,
    /// FAPI 2.0 Security Profile §5.4.
    #[error("a client with a security profile signs, and is signed for, with ES256, PS256 or EdDSA")]
    ProfileAlg,
    /// FAPI 2.0 Security Profile §5.3.2.2.
    #[error("a client with a security profile cannot leave out PKCE")]
    ProfileWithoutPkce,
    /// OIDC Back-Channel Logout §2.2, Front-Channel Logout §2.
    #[error("logout URIs must be http or https, without a fragment")]
    LogoutUri,
    /// OIDC Front-Channel Logout §2.
    #[error("the front-channel logout URI must have scheme, host and port of a redirect URI")]
    FrontChannelOrigin,
}

/// The grants that refresh tokens come from.
const REFRESHABLE: [GrantType; 3] = [GrantType::AuthorizationCode, GrantType::DeviceCode, GrantType::Ciba];

impl SettingsProblem {
    /// The setting that is to be changed.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoRedirectUri | Self::ProfileRedirect => "redirect_uris",
            Self::Sector => "sector_identifier_uri",
            Self::LogoutUri => "backchannel_logout_uri",
            Self::FrontChannelOrigin => "frontchannel_logout_uri",
            Self::PublicClientCredentials | Self::PublicForOthers | Self::RefreshAlone | Self::NoGrantType => {
                "grant_types"
            }
            Self::PublicWithoutPkce | Self::ProfileWithoutPkce => "pkce_optional",
            Self::Origin => "allowed_origins",
            Self::AccessTokenLife => "access_token_ttl_secs",
            Self::Link => "client_uri",
            Self::SharedSecret => "id_token_alg",
            Self::EncryptionWithoutKeys | Self::NoKeys | Self::TwoKeySets | Self::Keys(_) => "jwks",
            Self::AuthAlg => "token_endpoint_auth_signing_alg",
            Self::CertificateSubject => "certificate",
            Self::ProfileAuth => "auth_method",
            Self::ProfileAlg => "profile",
        }
    }
}

impl ClientSettings {
    /// The first thing about these settings that cannot work.
    ///
    /// # Errors
    /// [`SettingsProblem`]
    pub fn check(&self) -> Result<(), SettingsProblem> {
        let is_public = self.kind() == ClientKind::Public;
        if self.grant_types.is_empty() {
            return Err(SettingsProblem::NoGrantType);
        }
        if self.allows(GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            return Err(SettingsProblem::NoRedirectUri);
        }
        if self.allows(GrantType::RefreshToken) && !REFRESHABLE.iter().any(|grant| self.allows(*grant)) {
            return Err(SettingsProblem::RefreshAlone);
        }
        if is_public && self.allows(GrantType::ClientCredentials) {
            return Err(SettingsProblem::PublicClientCredentials);
        }
        if is_public && (self.allows(GrantType::Ciba) || self.allows(GrantType::TokenExchange)) {
            return Err(SettingsProblem::PublicForOthers);
        }
        if is_public && self.pkce_optional {
            return Err(SettingsProblem::PublicWithoutPkce);
        }
        let messages = [
            self.userinfo_signed_response_alg,
            self.authorization_signed_response_alg,
            self.introspection_signed_response_alg,
        ];
        let shares_secret = self.id_token_alg.is_symmetric() && is_public;
        if shares_secret || messages.into_iter().flatten().any(SigningAlg::is_symmetric) {
            return Err(SettingsProblem::SharedSecret);
        }
        let encryption = [self.id_token_encryption, self.userinfo_encryption, self.authorization_encryption];
        if encryption.iter().any(Option::is_some) && self.jwks.is_none() && self.jwks_uri.is_none() {
            return Err(SettingsProblem::EncryptionWithoutKeys);
        }
        if self.subject_type == SubjectType::Pairwise && !self.has_one_sector() {
            return Err(SettingsProblem::Sector);
        }
        if self.access_token_ttl_secs.is_some_and(|secs| !(10..=86_400).contains(&secs)) {
            return Err(SettingsProblem::AccessTokenLife);
        }
        let is_origin = |text: &String| {
            Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == *text
            })
        };
        if !self.allowed_origins.iter().all(is_origin) {
            return Err(SettingsProblem::Origin);
        }
        let links = [&self.client_uri, &self.logo_uri, &self.policy_uri, &self.tos_uri];
        if links.into_iter().flatten().any(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(SettingsProblem::Link);
        }
        self.check_proof()?;
        self.check_profile()?;
        self.check_logout()
    }

    /// What it proves itself with must be there (D4).
    fn check_proof(&self) -> Result<(), SettingsProblem> {
        use TokenEndpointAuthMethod as Method;

        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return Err(SettingsProblem::TwoKeySets);
        }
        if let Some(jwks) = &self.jwks {
            ForeignKeys::parse(jwks).map_err(SettingsProblem::Keys)?;
        }
        match self.auth_method {
            Method::PrivateKeyJwt | Method::SelfSignedTlsClientAuth
                if self.jwks.is_none() && self.jwks_uri.is_none() =>
            {
                return Err(SettingsProblem::NoKeys);
            }
            Method::TlsClientAuth if !self.certificate.is_complete() => {
                return Err(SettingsProblem::CertificateSubject);
            }
            _ => {}
        }
        let by_secret = self.auth_method.signs_with_secret();
        let misfits = |alg: SigningAlg| alg.is_symmetric() != by_secret;
        if self.auth_method.uses_assertion() && self.token_endpoint_auth_signing_alg.is_some_and(misfits) {
            return Err(SettingsProblem::AuthAlg);
        }
        Ok(())
    }

    /// What a security profile forbids (FAPI 2.0 Security Profile §5.3.2, §5.4).
    fn check_profile(&self) -> Result<(), SettingsProblem> {
        if self.profile.is_none() {
            return Ok(());
        }
        if self.auth_method != TokenEndpointAuthMethod::PrivateKeyJwt && !self.auth_method.uses_certificate() {
            return Err(SettingsProblem::ProfileAuth);
        }
        if !self.registered_algs().all(|alg| self.accepts_alg(alg)) {
            return Err(SettingsProblem::ProfileAlg);
        }
        if self.pkce_optional {
            return Err(SettingsProblem::ProfileWithoutPkce);
        }
        if !self.redirect_uris.iter().all(|uri| uri.as_str().starts_with("https:")) {
            return Err(SettingsProblem::ProfileRedirect);
        }
        Ok(())
    }

    /// OIDC Core §8.1. What `sector_identifier_uri` holds is looked at where a client registers itself.
    fn has_one_sector(&self) -> bool {
        if let Some(uri) = &self.sector_identifier_uri {
            return uri.scheme() == "https" && uri.host_str().is_some();
        }
        let mut hosts = self.redirect_uris.iter().map(RedirectUri::host);
        let first = hosts.next();
        hosts.all(|host| Some(host) == first)
    }

    /// Where it is told of the end of a session (D9).
    fn check_logout(&self) -> Result<(), SettingsProblem> {
        let uris = [&self.backchannel_logout_uri, &self.frontchannel_logout_uri];
        let is_page = |url: &Url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none();
        if !uris.into_iter().flatten().all(is_page) {
            return Err(SettingsProblem::LogoutUri);
        }
        let Some(page) = &self.frontchannel_logout_uri else { return Ok(()) };
        let mut own = self.redirect_uris.iter().filter_map(|uri| Url::parse(uri.as_str()).ok());
        if own.any(|uri| uri.origin() == page.origin()) { Ok(()) } else { Err(SettingsProblem::FrontChannelOrigin) }
    }
}
