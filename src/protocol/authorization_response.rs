//! The answer of the authorization endpoint: which parameters, and how they travel (RFC 6749
//! §4.1.2, RFC 9207 §2, Multiple Response Type Encoding Practices §2.1, Form Post Response Mode §2).
//!
//! The redirect URI is taken over byte for byte; a query it already has is kept (RFC 6749 §3.1.2).
//! Names and values are form-encoded, so nothing in `state` or a description can end a header, start
//! another parameter or leave the query.

use std::fmt;

use url::form_urlencoded;

use super::authorization_request::AuthorizationTarget;
use super::error::OAuthError;
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

    /// The names and values of the answer.
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.fields
    }

    /// Puts the answer into the form its response mode asks for.
    pub fn into_delivery(self) -> Delivery {
        let uri = self.redirect_uri.as_str();
        let separator = match self.mode {
            ResponseMode::FormPost => return Delivery::FormPost { action: self.redirect_uri, fields: self.fields },
            ResponseMode::Fragment => "#",
            ResponseMode::Query => match uri.split_once('?') {
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
    use crate::protocol::OAuthErrorCode;

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
