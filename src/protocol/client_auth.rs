//! Client authentication at the endpoints for programs (RFC 6749 §2.3, RFC 7521 §4.2, OIDC Core §9):
//! which credentials a request carries. Whether they are right is for the caller.
//!
//! Exactly one method may be used (RFC 6749 §2.3). In `Authorization: Basic` the id and the secret are
//! form-encoded before they are joined with a colon (§2.3.1), so that either may hold any character.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroize as _;

use super::authorization_request::MAX_CLIENT_ID_BYTES;
use super::error::{OAuthError, OAuthErrorCode};
use super::foreign::ForeignJws;
use super::params::{Params, ParamsError, escapes_are_whole};
use super::token_endpoint_auth_method::TokenEndpointAuthMethod;
use crate::secret::SecretString;

/// Longest secret taken, in bytes.
const MAX_SECRET_BYTES: usize = 512;

/// `client_assertion_type` of the one kind of assertion there is (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Why a request's client authentication cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientAuthError {
    /// Neither a header nor a `client_id`.
    #[error("the request carries no client authentication")]
    Missing,
    /// An `Authorization` header that is not Basic credentials.
    #[error("the Authorization header is not well-formed Basic credentials")]
    Malformed,
    /// A header and a secret in the body (RFC 6749 §2.3).
    #[error("the request uses two methods of client authentication")]
    TwoMethods,
    /// A `client_id` in the body that is not the one in the header.
    #[error("client_id differs from the one in the Authorization header")]
    ClientIdMismatch,
    /// `client_assertion` and `client_assertion_type` without each other, or another type (RFC 7521 §4.2).
    #[error("client_assertion_type must be {JWT_BEARER}, beside a client_assertion")]
    AssertionType,
    /// Not a signed JWT whose `sub` is a client (RFC 7523 §3).
    #[error("client_assertion is not a signed JWT with the client as its sub")]
    AssertionMalformed,
    /// The `client_id` beside an assertion names another client (RFC 7521 §4.2).
    #[error("client_id is not the sub of the client_assertion")]
    AssertionOfAnother,
    /// `client_id` or `client_secret` there twice.
    #[error(transparent)]
    Params(#[from] ParamsError),
}

impl ClientAuthError {
    /// The answer (RFC 6749 §5.2). With `invalid_client` the endpoint sends 401 and a `Basic`
    /// challenge, see [`super::bearer::basic_challenge`].
    pub fn to_oauth_error(&self) -> OAuthError {
        let code = match self {
            Self::Missing
            | Self::Malformed
            | Self::AssertionType
            | Self::AssertionMalformed
            | Self::AssertionOfAnother => OAuthErrorCode::InvalidClient,
            Self::TwoMethods | Self::ClientIdMismatch | Self::Params(_) => OAuthErrorCode::InvalidRequest,
        };
        OAuthError::new(code, self.to_string())
    }
}

/// The credentials of a request, not yet verified. `Debug` shows no secret.
pub enum ClientCredentials {
    /// `Authorization: Basic`.
    Basic {
        /// The client's identifier.
        client_id: String,
        /// What it offers as its secret.
        secret: SecretString,
    },
    /// `client_id` and `client_secret` in the body.
    Post {
        /// The client's identifier.
        client_id: String,
        /// What it offers as its secret.
        secret: SecretString,
    },
    /// `client_assertion` in the body (RFC 7523 §2.2).
    Assertion {
        /// The client's identifier: the assertion's `sub`.
        client_id: String,
        /// The assertion, not yet verified.
        assertion: Box<ForeignJws>,
    },
    /// A `client_id` alone: a public client, or one that the certificate of its connection proves (RFC 8705 §2).
    None {
        /// The client's identifier.
        client_id: String,
    },
}

impl ClientCredentials {
    /// Finds the credentials in the `Authorization` header's value and the body.
    ///
    /// # Errors
    /// None, malformed, or more than one method.
    pub fn parse(authorization: Option<&str>, body: &Params) -> Result<Self, ClientAuthError> {
        let client_id = body.single("client_id")?;
        let secret = body.single("client_secret")?;
        let assertion = body.single("client_assertion")?;
        let assertion_type = body.single("client_assertion_type")?;
        if assertion.is_some() || assertion_type.is_some() {
            if authorization.is_some() || secret.is_some() {
                return Err(ClientAuthError::TwoMethods);
            }
            let assertion = assertion.filter(|_| assertion_type == Some(JWT_BEARER));
            return parse_assertion(client_id, assertion.ok_or(ClientAuthError::AssertionType)?);
        }
        if let Some(header) = authorization {
            let (header_id, header_secret) = parse_basic(header).ok_or(ClientAuthError::Malformed)?;
            if secret.is_some() {
                return Err(ClientAuthError::TwoMethods);
            }
            if client_id.is_some_and(|client_id| client_id != header_id) {
                return Err(ClientAuthError::ClientIdMismatch);
            }
            return Ok(Self::Basic { client_id: header_id, secret: header_secret });
        }
        let client_id = client_id.filter(|id| id.len() <= MAX_CLIENT_ID_BYTES).ok_or(ClientAuthError::Missing)?;
        let client_id = client_id.to_owned();
        match secret {
            None => Ok(Self::None { client_id }),
            Some(secret) if secret.len() > MAX_SECRET_BYTES => Err(ClientAuthError::Malformed),
            Some(secret) => Ok(Self::Post { client_id, secret: SecretString::new(secret.to_owned()) }),
        }
    }

    /// The client's identifier, as claimed.
    pub fn client_id(&self) -> &str {
        match self {
            Self::Basic { client_id, .. }
            | Self::Post { client_id, .. }
            | Self::Assertion { client_id, .. }
            | Self::None { client_id } => client_id,
        }
    }

    /// The method used, as far as the request itself tells; it must be the one the client is registered with.
    pub const fn method(&self) -> TokenEndpointAuthMethod {
        match self {
            Self::Basic { .. } => TokenEndpointAuthMethod::ClientSecretBasic,
            Self::Post { .. } => TokenEndpointAuthMethod::ClientSecretPost,
            Self::Assertion { assertion, .. } if assertion.alg().is_symmetric() => {
                TokenEndpointAuthMethod::ClientSecretJwt
            }
            Self::Assertion { .. } => TokenEndpointAuthMethod::PrivateKeyJwt,
            Self::None { .. } => TokenEndpointAuthMethod::None,
        }
    }

    /// The secret offered, if the method has one.
    pub const fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::Basic { secret, .. } | Self::Post { secret, .. } => Some(secret),
            Self::Assertion { .. } | Self::None { .. } => None,
        }
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("client_id", &self.client_id())
            .field("method", &self.method())
            .finish()
    }
}

/// Who the assertion claims to speak for (RFC 7521 §4.2: a `client_id` beside it is unnecessary, but must agree).
fn parse_assertion(client_id: Option<&str>, assertion: &str) -> Result<ClientCredentials, ClientAuthError> {
    let assertion = ForeignJws::parse(assertion).map_err(|_| ClientAuthError::AssertionMalformed)?;
    let sub = assertion.unverified().get("sub").and_then(serde_json::Value::as_str);
    let sub = sub.filter(|sub| (1..=MAX_CLIENT_ID_BYTES).contains(&sub.len()));
    let sub = sub.ok_or(ClientAuthError::AssertionMalformed)?.to_owned();
    if client_id.is_some_and(|client_id| client_id != sub) {
        return Err(ClientAuthError::AssertionOfAnother);
    }
    Ok(ClientCredentials::Assertion { client_id: sub, assertion: Box::new(assertion) })
}

/// The credentials of RFC 7617 §2 with the encoding of RFC 6749 §2.3.1.
fn parse_basic(header: &str) -> Option<(String, SecretString)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || credentials.len() > 4096 {
        return None;
    }
    let decoded = STANDARD.decode(credentials.trim_matches(' ')).ok()?;
    let mut text = String::from_utf8(decoded).ok()?;
    let found = text.split_once(':').and_then(|(id, secret)| {
        let (id, secret) = (form_decode(id)?, form_decode(secret)?);
        let sizes = (1..=MAX_CLIENT_ID_BYTES).contains(&id.len()) && secret.len() <= MAX_SECRET_BYTES;
        sizes.then(|| (id, SecretString::new(secret)))
    });
    text.zeroize();
    found
}

fn form_decode(text: &str) -> Option<String> {
    if !escapes_are_whole(text.as_bytes()) {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?.into_owned();
    (!decoded.contains('\0')).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn body(text: &str) -> Params {
        Params::parse(text.as_bytes()).unwrap()
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    fn error(header: Option<&str>, text: &str) -> ClientAuthError {
        ClientCredentials::parse(header, &body(text)).unwrap_err()
    }

    #[test]
    fn the_header_is_form_decoded() {
        let header = basic("my%3Aapp:s%2B+%25:x");
        let found = ClientCredentials::parse(Some(&header), &body("grant_type=x")).unwrap();
        assert_eq!(found.client_id(), "my:app");
        assert_eq!(found.secret().unwrap().expose(), "s+ %:x");
        assert_eq!(found.method(), TokenEndpointAuthMethod::ClientSecretBasic);
        let lower = header.replace("Basic ", "bAsIc  ");
        assert!(ClientCredentials::parse(Some(&lower), &body("client_id=my%3Aapp")).is_ok());
    }

    #[test]
    fn the_body() {
        let post = ClientCredentials::parse(None, &body("client_id=a&client_secret=s")).unwrap();
        assert_eq!((post.client_id(), post.method()), ("a", TokenEndpointAuthMethod::ClientSecretPost));
        let none = ClientCredentials::parse(None, &body("client_id=a&client_secret=")).unwrap();
        assert_eq!((none.method(), none.secret().is_none()), (TokenEndpointAuthMethod::None, true));
    }

    #[test]
    fn one_method_only() {
        let header = basic("a:s");
        assert_eq!(error(Some(&header), "client_id=a&client_secret=s"), ClientAuthError::TwoMethods);
        assert_eq!(error(Some(&header), "client_secret=s"), ClientAuthError::TwoMethods);
        assert_eq!(error(Some(&header), "client_id=b"), ClientAuthError::ClientIdMismatch);
        assert_eq!(
            error(None, "client_id=a&client_id=a"),
            ClientAuthError::Params(ParamsError::Duplicated("client_id".to_owned()))
        );
        assert_eq!(error(Some(&header), "client_assertion=x"), ClientAuthError::TwoMethods);
        assert_eq!(error(None, "client_id=a&client_secret=s&client_assertion=x"), ClientAuthError::TwoMethods);
        assert_eq!(error(None, "client_secret=s"), ClientAuthError::Missing);
        assert_eq!(error(None, ""), ClientAuthError::Missing);
        assert_eq!(ClientAuthError::TwoMethods.to_oauth_error().code(), OAuthErrorCode::InvalidRequest);
        assert_eq!(ClientAuthError::Missing.to_oauth_error().http_status(), 401);
    }

    fn jws(header: &str, claims: &str) -> String {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    /// D4, RFC 7521 §4.2, RFC 7523 §2.2: what an assertion needs before anybody looks at its signature.
    #[test]
    fn assertions() {
        let jwt = jws(r#"{"alg":"ES256"}"#, r#"{"sub":"a"}"#);
        let kind = format!("client_assertion_type={}", JWT_BEARER.replace(':', "%3A"));
        let found = ClientCredentials::parse(None, &body(&format!("{kind}&client_assertion={jwt}"))).unwrap();
        assert_eq!((found.client_id(), found.method()), ("a", TokenEndpointAuthMethod::PrivateKeyJwt));
        assert!(found.secret().is_none());
        assert!(ClientCredentials::parse(None, &body(&format!("client_id=a&{kind}&client_assertion={jwt}"))).is_ok());
        let hmac = jws(r#"{"alg":"HS256"}"#, r#"{"sub":"a"}"#);
        let found = ClientCredentials::parse(None, &body(&format!("{kind}&client_assertion={hmac}"))).unwrap();
        assert_eq!(found.method(), TokenEndpointAuthMethod::ClientSecretJwt);

        let other = error(None, &format!("client_id=b&{kind}&client_assertion={jwt}"));
        assert_eq!((&other, other.to_oauth_error().http_status()), (&ClientAuthError::AssertionOfAnother, 401));
        let saml = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Asaml2-bearer";
        for wrong in [
            format!("client_assertion={jwt}"),
            kind.clone(),
            format!("{saml}&client_assertion={jwt}"),
            format!("client_id=a&client_assertion_type=x&client_assertion={jwt}"),
        ] {
            assert_eq!(error(None, &wrong), ClientAuthError::AssertionType, "{wrong}");
        }
        let unsigned = jws(r#"{"alg":"none"}"#, r#"{"sub":"a"}"#);
        let nobody = jws(r#"{"alg":"ES256"}"#, r#"{"iss":"a"}"#);
        let number = jws(r#"{"alg":"ES256"}"#, r#"{"sub":1}"#);
        let long = jws(r#"{"alg":"ES256"}"#, &format!(r#"{{"sub":"{}"}}"#, "a".repeat(256)));
        for wrong in ["x", "x.y.z", &unsigned, &nobody, &number, &long] {
            assert_eq!(error(None, &format!("{kind}&client_assertion={wrong}")), ClientAuthError::AssertionMalformed);
        }
        assert_eq!(
            error(None, &format!("{kind}&client_assertion={jwt}&client_assertion={jwt}")),
            ClientAuthError::Params(ParamsError::Duplicated("client_assertion".to_owned()))
        );
    }

    #[test]
    fn malformed_headers() {
        let not_utf8 = format!("Basic {}", STANDARD.encode(b"a:\xff"));
        let long = basic(&format!("a:{}", "s".repeat(513)));
        for header in [
            "",
            "Basic",
            "Basic ",
            "Basic !!!!",
            "Bearer x",
            &basic("nocolon"),
            &basic(":s"),
            &basic("a%zz:s"),
            &basic("a:%00"),
            &not_utf8,
            &long,
        ] {
            assert_eq!(error(Some(header), "client_id=a"), ClientAuthError::Malformed, "{header}");
        }
    }

    #[test]
    fn secrets_stay_out_of_debug() {
        let found = ClientCredentials::parse(None, &body("client_id=a&client_secret=hush")).unwrap();
        assert!(!format!("{found:?}").contains("hush"));
    }

    proptest! {
        #[test]
        fn any_id_and_secret_travel_in_the_header(id in "[^\0]{1,40}", secret in "[^\0]{0,60}") {
            let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let header = basic(&format!("{}:{}", encode(&id), encode(&secret)));
            let found = ClientCredentials::parse(Some(&header), &Params::default()).unwrap();
            prop_assert_eq!(found.client_id(), id);
            prop_assert_eq!(found.secret().unwrap().expose(), secret);
        }

        #[test]
        fn arbitrary_headers_never_panic(header in any::<String>(), inside in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = ClientCredentials::parse(Some(&header), &Params::default());
            let _ = ClientCredentials::parse(Some(&format!("Basic {}", STANDARD.encode(inside))), &Params::default());
        }
    }
}
