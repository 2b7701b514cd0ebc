//! The answer of the authorization endpoint: which parameters, and how they travel (RFC 6749
//! §4.1.2, RFC 9207 §2, Multiple Response Type Encoding Practices §2.1, Form Post Response Mode §2).
//!
//! The redirect URI is taken over byte for byte; a query it already has is kept (RFC 6749 §3.1.2).
//! Names and values are form-encoded, so nothing in `state` or a description can end a header, start
//! another parameter or leave the query.
//!
//! In the JWT modes (JARM) all of that is inside one signed token. Signing is not for this file: it hands out the claims
//! ([`AuthorizationResponse::claims_to_sign`]) and takes the token back ([`AuthorizationResponse::signed`]).

use std::fmt;

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::authorization_request::AuthorizationTarget;
use super::error::{OAuthError, OAuthErrorCode};
use super::issuer::Issuer;
use super::redirect_uri::RedirectUri;
use super::response_mode::ResponseMode;

/// An answer, ready to be delivered. `Debug` shows the names of its fields, not their values.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    redirect_uri: RedirectUri,
    mode: ResponseMode,
    fields: Vec<(&'static str, String)>,
}

/// What the endpoint does with an answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Answer 303 with this `Location`: visible ASCII only.
    Redirect(String),
    /// Answer a page whose form posts `fields` to `action` (escape both as HTML; allow
    /// `action.csp_source()` in `form-action`).
    FormPost {
        /// Where the form goes.
        action: RedirectUri,
        /// Names and values of its hidden inputs.
        fields: Vec<(&'static str, String)>,
    },
}

impl AuthorizationResponse {
    /// The success of the code flow: `code`, `state`, `iss`.
    pub fn code(target: &AuthorizationTarget, issuer: &Issuer, code: &str) -> Self {
        Self::new(target, issuer, vec![("code", code.to_owned())])
    }

    /// A refusal: `error`, `error_description`, `state`, `iss`.
    pub fn error(target: &AuthorizationTarget, issuer: &Issuer, error: &OAuthError) -> Self {
        let mut fields = vec![("error", error.code().as_str().to_owned())];
        fields.extend(error.description().map(|text| ("error_description", text.to_owned())));
        Self::new(target, issuer, fields)
    }

    fn new(target: &AuthorizationTarget, issuer: &Issuer, mut fields: Vec<(&'static str, String)>) -> Self {
        fields.extend(target.state.clone().map(|state| ("state", state)));
        fields.push(("iss", issuer.as_str().to_owned()));
        Self { redirect_uri: target.redirect_uri.clone(), mode: target.response_mode, fields }
    }

    /// The same with `session_state` (OpenID Connect Session Management §3).
    #[must_use]
    pub fn with_session_state(mut self, session_state: Option<String>) -> Self {
        self.fields.extend(session_state.map(|state| ("session_state", state)));
        self
    }

    /// The names and values of the answer.
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// The claims of the token that this answer must become (JARM §2.1): its fields, the client as audience, and its end.
    /// None when it travels in the open.
    pub fn claims_to_sign(&self, client_id: &str, exp: i64) -> Option<Map<String, Value>> {
        if !self.mode.is_signed() {
            return None;
        }
        let mut claims: Map<_, _> =
            self.fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        claims.insert("aud".to_owned(), client_id.into());
        claims.insert("exp".to_owned(), exp.into());
        Some(claims)
    }

    /// The answer as that token, in its one parameter (JARM §2.3).
    #[must_use]
    pub fn signed(self, token: String) -> Self {
        Self { mode: self.mode.unsigned(), fields: vec![("response", token)], ..self }
    }

    /// Puts the answer into the form its response mode asks for. One that should have been signed and was not tells
    /// nothing: that is our fault.
    pub fn into_delivery(mut self) -> Delivery {
        if self.mode.is_signed() {
            self.fields = vec![("error", OAuthErrorCode::ServerError.as_str().to_owned())];
        }
        let uri = self.redirect_uri.as_str();
        let separator = match self.mode.unsigned() {
            ResponseMode::FormPost => return Delivery::FormPost { action: self.redirect_uri, fields: self.fields },
            ResponseMode::Fragment => "#",
            _ => match uri.split_once('?') {
                None => "?",
                Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
                Some(_) => "&",
            },
        };
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        Delivery::Redirect([uri, separator, &encoded].concat())
    }
}

impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("AuthorizationResponse")
            .field("redirect_uri", &self.redirect_uri)
            .field("mode", &self.mode)
            .field("fields", &names)
            .finish()
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redirect(_) => "Redirect(…)",
            Self::FormPost { .. } => "FormPost(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn target(uri: &str, mode: ResponseMode, state: Option<&str>) -> AuthorizationTarget {
        AuthorizationTarget {
            client_id: "app".to_owned(),
            redirect_uri: RedirectUri::parse(uri).unwrap(),
            response_mode: mode,
            state: state.map(str::to_owned),
        }
    }

    fn issuer() -> Issuer {
        Issuer::parse("https://id.example").unwrap()
    }

    fn location(response: AuthorizationResponse) -> String {
        match response.into_delivery() {
            Delivery::Redirect(url) => url,
            Delivery::FormPost { .. } => panic!("a form"),
        }
    }

    #[test]
    fn the_query_is_added_to() {
        for (uri, expected) in [
            ("https://a.example/cb", "https://a.example/cb?code=c&state=s+%26&iss=https%3A%2F%2Fid.example"),
            ("https://a.example/cb?x=1", "https://a.example/cb?x=1&code=c&state=s+%26&iss=https%3A%2F%2Fid.example"),
            ("https://a.example/cb?", "https://a.example/cb?code=c&state=s+%26&iss=https%3A%2F%2Fid.example"),
            ("com.example.app:/cb", "com.example.app:/cb?code=c&state=s+%26&iss=https%3A%2F%2Fid.example"),
        ] {
            let target = target(uri, ResponseMode::Query, Some("s &"));
            assert_eq!(location(AuthorizationResponse::code(&target, &issuer(), "c")), expected);
        }
    }

    #[test]
    fn a_fragment_and_a_form() {
        let target_fragment = target("https://a.example/cb?x=1", ResponseMode::Fragment, None);
        let error = OAuthError::new(OAuthErrorCode::LoginRequired, "nobody is signed in");
        assert_eq!(
            location(AuthorizationResponse::error(&target_fragment, &issuer(), &error)),
            "https://a.example/cb?x=1#error=login_required&error_description=nobody+is+signed+in&iss=https%3A%2F%2Fid.example"
        );
        let target_form = target("https://a.example/cb", ResponseMode::FormPost, Some("<\"&"));
        let Delivery::FormPost { action, fields } =
            AuthorizationResponse::code(&target_form, &issuer(), "c").into_delivery()
        else {
            panic!("a redirect")
        };
        assert_eq!(action.as_str(), "https://a.example/cb");
        assert_eq!(fields[1], ("state", "<\"&".to_owned()));
    }

    /// JARM §2.1, §2.3: everything is in the token, and nothing beside it.
    #[test]
    fn a_signed_answer() {
        for (mode, start) in [
            (ResponseMode::QueryJwt, "https://a.example/cb?response=x.y.z"),
            (ResponseMode::FragmentJwt, "https://a.example/cb#response=x.y.z"),
        ] {
            let target = target("https://a.example/cb", mode, Some("st"));
            let response = AuthorizationResponse::code(&target, &issuer(), "c");
            let claims = response.claims_to_sign("app", 600).unwrap();
            let expected =
                serde_json::json!({"iss": "https://id.example", "aud": "app", "exp": 600, "code": "c", "state": "st"});
            assert_eq!(Value::Object(claims), expected);
            assert_eq!(location(response.clone().signed("x.y.z".to_owned())), start);
            // What was not signed does not leave.
            assert!(location(response).ends_with("error=server_error"));
        }
        let error = OAuthError::new(OAuthErrorCode::LoginRequired, "why");
        let refused = AuthorizationResponse::error(
            &target("https://a.example/", ResponseMode::FormPostJwt, None),
            &issuer(),
            &error,
        );
        let claims = refused.claims_to_sign("app", 600).unwrap();
        assert_eq!((&claims["error"], &claims["error_description"]), (&"login_required".into(), &"why".into()));
        let Delivery::FormPost { fields, .. } = refused.signed("t".to_owned()).into_delivery() else {
            panic!("a redirect")
        };
        assert_eq!(fields, [("response", "t".to_owned())]);
        let open =
            AuthorizationResponse::code(&target("https://a.example/", ResponseMode::Query, None), &issuer(), "c");
        assert_eq!(open.claims_to_sign("app", 600), None);
    }

    #[test]
    fn codes_stay_out_of_debug() {
        let response =
            AuthorizationResponse::code(&target("https://a.example/", ResponseMode::Query, None), &issuer(), "hush");
        assert!(!format!("{response:?}").contains("hush"));
        assert!(!format!("{:?}", response.into_delivery()).contains("hush"));
    }

    proptest! {
        /// Whatever `state` says, the answer goes to the registered place and carries it unchanged.
        #[test]
        fn answers_stay_at_the_registered_place(
            state in any::<String>(), code in "[ -~]{1,60}", path in "/[a-z/]{0,10}", query in "(\\?[a-b0-9=&]{0,10})?", fragment in any::<bool>(),
        ) {
            let uri = format!("https://a.example:8443{path}{query}");
            prop_assume!(RedirectUri::parse(&uri).is_ok());
            let mode = if fragment { ResponseMode::Fragment } else { ResponseMode::Query };
            let url = location(AuthorizationResponse::code(&target(&uri, mode, Some(&state)), &issuer(), &code));
            prop_assert!(url.bytes().all(|b| b.is_ascii_graphic()));
            prop_assert!(url.starts_with(&uri));
            let (parsed, registered) = (Url::parse(&url).unwrap(), Url::parse(&uri).unwrap());
            prop_assert_eq!(parsed.origin(), registered.origin());
            prop_assert_eq!(parsed.path(), registered.path());
            let answer = if fragment { parsed.fragment() } else { parsed.query() }.unwrap();
            let found = |name: &str| form_urlencoded::parse(answer.as_bytes()).filter(|(n, _)| n == name).map(|(_, v)| v.into_owned()).collect::<Vec<_>>();
            prop_assert_eq!(found("state"), vec![state]);
            prop_assert_eq!(found("code"), vec![code]);
        }
    }
}
