//! Requests to the token, introspection and revocation endpoints (RFC 6749 §4.1.3, §4.4.2, §6; RFC 8628 §3.4;
//! RFC 8693 §2.1; RFC 7523 §2.1; CIBA §10.1;
//! RFC 7662 §2.1; RFC 7009 §2.1), without their client authentication: see
//! [`client_auth`](super::client_auth).

use super::authorization_details;
use super::error::{OAuthError, OAuthErrorCode};
use super::grant_type::GrantType;
use super::params::Params;
use super::pkce::CodeVerifier;
use super::resource_indicator;
use super::scope::ScopeSet;
use crate::secret::SecretString;

/// What the client hands in for tokens.
#[derive(Debug)]
pub enum TokenRequest {
    /// A code (RFC 6749 §4.1.3).
    AuthorizationCode {
        /// The code.
        code: SecretString,
        /// The redirect URI of the authorization request, repeated: compare it byte for byte.
        redirect_uri: Option<String>,
        /// The PKCE verifier (RFC 7636 §4.5).
        code_verifier: Option<CodeVerifier>,
    },
    /// A refresh token (RFC 6749 §6).
    RefreshToken {
        /// The token.
        refresh_token: SecretString,
        /// A narrower scope; none to keep what was granted.
        scope: Option<ScopeSet>,
    },
    /// A device code (RFC 8628 §3.4).
    DeviceCode {
        /// The code.
        device_code: SecretString,
    },
    /// A backchannel authentication request (CIBA §10.1).
    Ciba {
        /// Its identifier.
        auth_req_id: SecretString,
    },
    /// A token, for another one (RFC 8693 §2.1).
    TokenExchange(Box<TokenExchangeRequest>),
    /// Somebody's assertion about a person (RFC 7523 §2.1).
    JwtBearer {
        /// The assertion.
        assertion: SecretString,
        /// The scope asked for.
        scope: Option<ScopeSet>,
    },
    /// The client's own credentials (RFC 6749 §4.4.2).
    ClientCredentials {
        /// The scope asked for; none for the client's default.
        scope: Option<ScopeSet>,
    },
}

/// What tokens are to be for (RFC 8707 §2, RFC 9396 §2): asked for where a device or a backchannel request begins, and
/// narrowed by a token request for its access token (RFC 8707 §2.2, RFC 9396 §6).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TokenAim {
    /// The resources they are to be for; empty for all that were granted, or that the client is registered with.
    pub resources: Vec<String>,
    /// The details they are to carry; empty for all that were granted.
    pub authorization_details: Vec<serde_json::Value>,
}

impl TokenAim {
    /// Reads `resource` and `authorization_details`.
    ///
    /// # Errors
    /// `invalid_target`, `invalid_authorization_details`
    pub fn parse(body: &Params) -> Result<Self, OAuthError> {
        Ok(Self {
            resources: resource_indicator::parse_all(body)?,
            authorization_details: authorization_details::parse(body)?,
        })
    }
}

impl TokenRequest {
    /// Reads the body of a token request.
    ///
    /// # Errors
    /// The error to answer (RFC 6749 §5.2): a parameter is there twice, missing or malformed, or the
    /// grant type is not offered.
    pub fn parse(body: &Params) -> Result<Self, OAuthError> {
        body.refuse_duplicates()?;
        let grant_type = required(body, "grant_type")?.parse();
        match grant_type.map_err(|_| OAuthError::bare(OAuthErrorCode::UnsupportedGrantType))? {
            GrantType::AuthorizationCode => Ok(Self::AuthorizationCode {
                code: secret(required(body, "code")?),
                redirect_uri: body.get("redirect_uri").map(str::to_owned),
                code_verifier: read_code_verifier(body)?,
            }),
            GrantType::RefreshToken => Ok(Self::RefreshToken {
                refresh_token: secret(required(body, "refresh_token")?),
                scope: read_scope(body)?,
            }),
            GrantType::DeviceCode => Ok(Self::DeviceCode { device_code: secret(required(body, "device_code")?) }),
            GrantType::Ciba => Ok(Self::Ciba { auth_req_id: secret(required(body, "auth_req_id")?) }),
            GrantType::TokenExchange => Ok(Self::TokenExchange(Box::new(TokenExchangeRequest::parse(body)?))),
            GrantType::JwtBearer => {
                Ok(Self::JwtBearer { assertion: secret(required(body, "assertion")?), scope: read_scope(body)? })
            }
            GrantType::ClientCredentials => Ok(Self::ClientCredentials { scope: read_scope(body)? }),
        }
    }

    /// The grant type, which the client must be registered for.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
            Self::DeviceCode { .. } => GrantType::DeviceCode,
            Self::Ciba { .. } => GrantType::Ciba,
            Self::TokenExchange(_) => GrantType::TokenExchange,
            Self::JwtBearer { .. } => GrantType::JwtBearer,
        }
    }
}

text_enum! {
    /// What the client believes a token to be. Only a hint: a wrong one may not hide the token
    /// (RFC 7009 §2.1, RFC 7662 §2.1).
    pub enum TokenTypeHint {
        /// An access token.
        AccessToken = "access_token",
        /// A refresh token.
        RefreshToken = "refresh_token",
    }
}

/// The request of the introspection and the revocation endpoint.
#[derive(Debug)]
pub struct TokenLookup {
    /// The token that is asked about.
    pub token: SecretString,
    /// What the client believes it to be; an unknown hint counts as none.
    pub hint: Option<TokenTypeHint>,
}

impl TokenLookup {
    /// Reads the body of an introspection or revocation request.
    ///
    /// # Errors
    /// `invalid_request` when a parameter is there twice or `token` is missing.
    pub fn parse(body: &Params) -> Result<Self, OAuthError> {
        body.refuse_duplicates()?;
        let hint = body.get("token_type_hint").and_then(|hint| hint.parse().ok());
        Ok(Self { token: secret(required(body, "token")?), hint })
    }
}

text_enum! {
    /// The kinds of tokens that are taken or given at the token exchange (RFC 8693 §3).
    pub enum ExchangeTokenType {
        /// An access token of ours.
        AccessToken = "urn:ietf:params:oauth:token-type:access_token",
        /// An ID token of ours.
        IdToken = "urn:ietf:params:oauth:token-type:id_token",
        /// A JWT: an access token or, handed in, also an ID token.
        Jwt = "urn:ietf:params:oauth:token-type:jwt",
    }
}

/// A request for a token exchange (RFC 8693 §2.1), but for its targets.
#[derive(Debug)]
pub struct TokenExchangeRequest {
    /// About whom the new token is.
    pub subject_token: SecretString,
    /// What it is.
    pub subject_token_type: ExchangeTokenType,
    /// Who acts, and what that token is.
    pub actor: Option<(SecretString, ExchangeTokenType)>,
    /// What is asked for; none for an access token in the client's form.
    pub requested_token_type: Option<ExchangeTokenType>,
    /// Other names of targets (`audience`), beside `resource`.
    pub audience: Vec<String>,
    /// The scope asked for; none for all that can be had.
    pub scope: Option<ScopeSet>,
}

impl TokenExchangeRequest {
    fn parse(body: &Params) -> Result<Self, OAuthError> {
        let kind = |name: &'static str, text: &str| {
            text.parse().map_err(|_| OAuthError::invalid_request(format!("{name} is not a type of token taken here")))
        };
        let actor = match (body.get("actor_token"), body.get("actor_token_type")) {
            (None, None) => None,
            (Some(token), Some(text)) => Some((secret(token), kind("actor_token_type", text)?)),
            (Some(_), None) => return Err(OAuthError::invalid_request("actor_token_type is missing")),
            (None, Some(_)) => return Err(OAuthError::invalid_request("actor_token_type without actor_token")),
        };
        let requested = body.get("requested_token_type").map(|text| kind("requested_token_type", text)).transpose()?;
        if requested == Some(ExchangeTokenType::IdToken) {
            return Err(OAuthError::invalid_request("requested_token_type must be that of an access token"));
        }
        Ok(Self {
            subject_token: secret(required(body, "subject_token")?),
            subject_token_type: kind("subject_token_type", required(body, "subject_token_type")?)?,
            actor,
            requested_token_type: requested,
            audience: body.all("audience").map(str::to_owned).collect(),
            scope: read_scope(body)?,
        })
    }
}

fn required<'a>(body: &'a Params, name: &'static str) -> Result<&'a str, OAuthError> {
    body.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
}

fn secret(text: &str) -> SecretString {
    SecretString::new(text.to_owned())
}

fn read_scope(body: &Params) -> Result<Option<ScopeSet>, OAuthError> {
    let scope = body.get("scope").map(ScopeSet::parse).transpose();
    scope.map_err(|error| OAuthError::new(OAuthErrorCode::InvalidScope, error.to_string()))
}

/// A verifier that could not have made any challenge does not fit this one: RFC 7636 §4.6 answers
/// `invalid_grant` for that; its form is the request's fault.
fn read_code_verifier(body: &Params) -> Result<Option<CodeVerifier>, OAuthError> {
    let verifier = body.get("code_verifier").map(CodeVerifier::parse).transpose();
    verifier.map_err(|error| OAuthError::new(OAuthErrorCode::InvalidGrant, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<TokenRequest, OAuthErrorCode> {
        TokenRequest::parse(&Params::parse(text.as_bytes()).unwrap()).map_err(|error| error.code())
    }

    #[test]
    fn each_grant_reads_its_parameters() {
        let verifier = "v".repeat(43);
        let code = parse(&format!(
            "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fa.example%2F&code_verifier={verifier}"
        ));
        let TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier } = code.unwrap() else { panic!() };
        assert_eq!((code.expose(), redirect_uri.as_deref()), ("c", Some("https://a.example/")));
        assert!(code_verifier.is_some());

        let refresh = parse("grant_type=refresh_token&refresh_token=r&scope=openid").unwrap();
        assert_eq!(refresh.grant_type(), GrantType::RefreshToken);
        let TokenRequest::RefreshToken { refresh_token, scope } = refresh else { panic!() };
        assert_eq!((refresh_token.expose(), scope), ("r", Some(ScopeSet::parse("openid").unwrap())));

        let client = parse("grant_type=client_credentials&scope=").unwrap();
        assert!(matches!(client, TokenRequest::ClientCredentials { scope: None }));
    }

    #[test]
    fn wrong_requests_answer_as_the_rfc_says() {
        use OAuthErrorCode as C;
        for (text, code) in [
            ("", C::InvalidRequest),
            ("code=c", C::InvalidRequest),
            ("grant_type=password&username=a&password=b", C::UnsupportedGrantType),
            ("grant_type=Refresh_Token&refresh_token=r", C::UnsupportedGrantType),
            ("grant_type=authorization_code", C::InvalidRequest),
            ("grant_type=authorization_code&code=c&code_verifier=short", C::InvalidGrant),
            ("grant_type=refresh_token", C::InvalidRequest),
            ("grant_type=refresh_token&refresh_token=r&refresh_token=r", C::InvalidRequest),
            ("grant_type=client_credentials&scope=%22", C::InvalidScope),
        ] {
            assert_eq!(parse(text).unwrap_err(), code, "{text}");
        }
    }

    #[test]
    fn a_hint_is_only_a_hint() {
        let lookup = |text: &str| TokenLookup::parse(&Params::parse(text.as_bytes()).unwrap());
        assert_eq!(lookup("token=t&token_type_hint=refresh_token").unwrap().hint, Some(TokenTypeHint::RefreshToken));
        assert_eq!(lookup("token=t&token_type_hint=pdf").unwrap().hint, None);
        assert_eq!(lookup("token_type_hint=pdf").unwrap_err().code(), OAuthErrorCode::InvalidRequest);
        assert!(!format!("{:?}", lookup("token=hush").unwrap()).contains("hush"));
    }
}
