//! Error codes and error answers (RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6, RFC 6750 §3.1,
//! RFC 7009 §2.2.1, RFC 8707 §2, Initiating User Registration §5).

use std::borrow::Cow;

use serde::Serialize;

use super::params::ParamsError;

text_enum! {
    /// Every registered error code that Ostiary answers with.
    pub enum OAuthErrorCode {
        /// A parameter is missing, repeated, malformed or not allowed here.
        InvalidRequest = "invalid_request",
        /// The client is unknown or its authentication failed.
        InvalidClient = "invalid_client",
        /// The code or refresh token is unknown, used, expired, revoked or another client's.
        InvalidGrant = "invalid_grant",
        /// The client may not use this grant or response type.
        UnauthorizedClient = "unauthorized_client",
        /// The grant type is not offered.
        UnsupportedGrantType = "unsupported_grant_type",
        /// A scope is malformed, unknown or beyond what was granted.
        InvalidScope = "invalid_scope",
        /// The person or the provider said no.
        AccessDenied = "access_denied",
        /// The response type is not offered.
        UnsupportedResponseType = "unsupported_response_type",
        /// Something failed on our side.
        ServerError = "server_error",
        /// Too busy, or under maintenance.
        TemporarilyUnavailable = "temporarily_unavailable",
        /// A page would have been needed, but `prompt=none` forbade it (OIDC Core §3.1.2.6).
        InteractionRequired = "interaction_required",
        /// Nobody is signed in, and `prompt=none` forbade asking.
        LoginRequired = "login_required",
        /// The person would have had to choose an account.
        AccountSelectionRequired = "account_selection_required",
        /// Consent is missing, and `prompt=none` forbade asking.
        ConsentRequired = "consent_required",
        /// `request` is not offered (OIDC Core §6).
        RequestNotSupported = "request_not_supported",
        /// `request_uri` is not offered (OIDC Core §6).
        RequestUriNotSupported = "request_uri_not_supported",
        /// `registration` is not offered (OIDC Core §7.2.1).
        RegistrationNotSupported = "registration_not_supported",
        /// An essential `acr` could not be met (OpenID Connect Core Unmet Authentication Requirements).
        UnmetAuthenticationRequirements = "unmet_authentication_requirements",
        /// The access token is unknown, expired, revoked or malformed (RFC 6750 §3.1).
        InvalidToken = "invalid_token",
        /// The access token lacks a scope (RFC 6750 §3.1).
        InsufficientScope = "insufficient_scope",
        /// The kind of token cannot be revoked here (RFC 7009 §2.2.1).
        UnsupportedTokenType = "unsupported_token_type",
        /// The resource is unknown or not allowed (RFC 8707 §2).
        InvalidTarget = "invalid_target",
        /// The person has not decided yet (RFC 8628 §3.5, CIBA §11).
        AuthorizationPending = "authorization_pending",
        /// Asked too often (RFC 8628 §3.5, CIBA §11).
        SlowDown = "slow_down",
        /// The device code or authentication request has expired (RFC 8628 §3.5, CIBA §11).
        ExpiredToken = "expired_token",
        /// The request object cannot be accepted (RFC 9101 §6).
        InvalidRequestObject = "invalid_request_object",
        /// The `request_uri` is unknown, used, expired or another client's (RFC 9101 §7.1, RFC 9126 §4).
        InvalidRequestUri = "invalid_request_uri",
        /// The `authorization_details` are of an unknown type or malformed (RFC 9396 §5).
        InvalidAuthorizationDetails = "invalid_authorization_details",
        /// The DPoP proof cannot be accepted (RFC 9449 §5).
        InvalidDpopProof = "invalid_dpop_proof",
        /// The DPoP proof must carry the nonce that comes with this answer (RFC 9449 §8).
        UseDpopNonce = "use_dpop_nonce",
        /// A redirect URI cannot be registered (RFC 7591 §3.2.2).
        InvalidRedirectUri = "invalid_redirect_uri",
        /// A member of the client's metadata cannot be accepted (RFC 7591 §3.2.2).
        InvalidClientMetadata = "invalid_client_metadata",
        /// The software statement cannot be accepted (RFC 7591 §3.2.2).
        InvalidSoftwareStatement = "invalid_software_statement",
        /// The software statement is by nobody who may make one here (RFC 7591 §3.2.2).
        UnapprovedSoftwareStatement = "unapproved_software_statement",
        /// The hint names nobody (CIBA §13).
        UnknownUserId = "unknown_user_id",
        /// The `login_hint_token` has expired (CIBA §13).
        ExpiredLoginHintToken = "expired_login_hint_token",
        /// The `binding_message` cannot be shown (CIBA §13).
        InvalidBindingMessage = "invalid_binding_message",
    }
}

impl OAuthErrorCode {
    /// The HTTP status of an answer that carries the error in a JSON body or a challenge (RFC 6749
    /// §5.2, RFC 6750 §3.1). Redirected errors have no status of their own.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope | Self::AccessDenied => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// An error as it is answered: a code, and a sentence for the developer of the client.
///
/// The description holds only what RFC 6749 §5.2 allows, `%x20-21 / %x23-5B / %x5D-7E`, which also
/// makes it safe in a header's quoted string. It never repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    #[serde(rename = "error")]
    code: OAuthErrorCode,
    #[serde(rename = "error_description", skip_serializing_if = "str::is_empty")]
    description: Description,
}

type Description = Cow<'static, str>;

impl OAuthError {
    /// The longest description, in bytes; what is beyond it is cut off.
    pub const MAX_DESCRIPTION_BYTES: usize = 512;

    /// An error with a description. Characters that RFC 6749 does not allow there become `?`.
    pub fn new(code: OAuthErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: clean(description.into()) }
    }

    /// An error with its code alone.
    pub const fn bare(code: OAuthErrorCode) -> Self {
        Self { code, description: Cow::Borrowed("") }
    }

    /// `invalid_request` with a description: the error most rules answer with.
    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(OAuthErrorCode::InvalidRequest, description)
    }

    /// The registered code.
    pub const fn code(&self) -> OAuthErrorCode {
        self.code
    }

    /// The sentence for the developer, if there is one.
    pub fn description(&self) -> Option<&str> {
        (!self.description.is_empty()).then_some(self.description.as_ref())
    }

    /// See [`OAuthErrorCode::http_status`].
    pub const fn http_status(&self) -> u16 {
        self.code.http_status()
    }
}

fn clean(text: Description) -> Description {
    let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    if text.len() <= OAuthError::MAX_DESCRIPTION_BYTES && text.chars().all(allowed) {
        return text;
    }
    let cleaned = text.chars().take(OAuthError::MAX_DESCRIPTION_BYTES);
    Cow::Owned(cleaned.map(|c| if allowed(c) { c } else { '?' }).collect())
}

impl From<ParamsError> for OAuthError {
    fn from(error: ParamsError) -> Self {
        Self::invalid_request(error.to_string())
    }
}

impl From<OAuthErrorCode> for OAuthError {
    fn from(code: OAuthErrorCode) -> Self {
        Self::bare(code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_as_the_token_endpoint_answers() {
        let error = OAuthError::new(OAuthErrorCode::InvalidGrant, "the code was used before");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"error":"invalid_grant","error_description":"the code was used before"}"#
        );
        let bare = OAuthError::bare(OAuthErrorCode::InvalidClient);
        assert_eq!(serde_json::to_string(&bare).unwrap(), r#"{"error":"invalid_client"}"#);
        assert_eq!((bare.http_status(), error.http_status()), (401, 400));
    }

    #[test]
    fn a_parameter_name_cannot_break_out_of_the_description() {
        let error = OAuthError::from(ParamsError::Duplicated("a\"\r\nSet-Cookie: x\\é".to_owned()));
        assert_eq!(error.description(), Some("the parameter a???Set-Cookie: x?? is sent more than once"));
    }

    proptest! {
        #[test]
        fn descriptions_keep_to_their_characters(text in any::<String>()) {
            let error = OAuthError::invalid_request(text);
            let description = error.description().unwrap_or_default();
            prop_assert!(description.len() <= OAuthError::MAX_DESCRIPTION_BYTES);
            prop_assert!(description.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)));
        }
    }
}
