//! Requests to the logout endpoint (RP-Initiated Logout §2), and the way back from it (§3).

use url::form_urlencoded;

use super::error::OAuthError;
use super::params::Params;
use super::redirect_uri::RedirectUri;

/// A request to sign somebody out, as far as its text tells. Every parameter is optional (§2).
///
/// Two more are allowed and not followed: `logout_hint`, because who is signed in in the browser decides whom it is about,
/// and `ui_locales`, because our pages speak one language.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LogoutRequest {
    /// An ID token that we issued: whose session, and at whose wish.
    pub id_token_hint: Option<String>,
    /// Who asks; needed for a redirect where there is no hint.
    pub client_id: Option<String>,
    /// Where to send the person afterwards.
    pub post_logout_redirect_uri: Option<RedirectUri>,
    /// Repeated there.
    pub state: Option<String>,
}

impl LogoutRequest {
    /// Reads a query or form.
    ///
    /// # Errors
    /// `invalid_request`, naming the parameter: one that is there twice, or a `post_logout_redirect_uri` that could not
    /// be registered.
    pub fn parse(params: &Params) -> Result<Self, OAuthError> {
        params.refuse_duplicates().map_err(OAuthError::from)?;
        let text = |name| params.get(name).map(str::to_owned);
        let redirect = params.get("post_logout_redirect_uri").map(RedirectUri::parse).transpose();
        let redirect =
            redirect.map_err(|cause| OAuthError::invalid_request(format!("post_logout_redirect_uri: {cause}")))?;
        Ok(Self {
            id_token_hint: text("id_token_hint"),
            client_id: text("client_id"),
            post_logout_redirect_uri: redirect,
            state: text("state"),
        })
    }

    /// The address of §3: the registered one, byte for byte, with `state` added to its query.
    pub fn way_back(uri: &RedirectUri, state: Option<&str>) -> String {
        let uri = uri.as_str();
        let Some(state) = state else { return uri.to_owned() };
        let separator = match uri.split_once('?') {
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let encoded = form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
        [uri, separator, &encoded].concat()
    }
}

impl std::fmt::Debug for LogoutRequest {
    /// An ID token tells of a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogoutRequest")
            .field("client_id", &self.client_id)
            .field("post_logout_redirect_uri", &self.post_logout_redirect_uri)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<LogoutRequest, OAuthError> {
        LogoutRequest::parse(&Params::parse(query.as_bytes()).unwrap())
    }

    /// D9, RP-Initiated Logout §2: nothing is required, and nothing may be there twice.
    #[test]
    fn what_may_be_asked() {
        assert_eq!(parse("").unwrap(), LogoutRequest::default());
        let full = "id_token_hint=a.b.c&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s\
                    &logout_hint=mara&ui_locales=sv+en&other=1";
        let request = parse(full).unwrap();
        assert_eq!(request.post_logout_redirect_uri.unwrap().as_str(), "https://app.example/bye");
        assert_eq!((request.state.as_deref(), request.client_id.as_deref()), (Some("s"), Some("app")));
        for name in ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "logout_hint"] {
            let error = parse(&format!("{name}=https://a.example/x&{name}=https://a.example/y")).unwrap_err();
            assert!(error.description().unwrap().contains(name), "{error:?}");
        }
        for uri in ["/bye", "javascript:alert(1)", "https://app.example/bye%23x#f", "http://app.example/"] {
            let encoded = form_urlencoded::byte_serialize(uri.as_bytes()).collect::<String>();
            let error = parse(&format!("post_logout_redirect_uri={encoded}")).unwrap_err();
            assert!(error.description().unwrap().starts_with("post_logout_redirect_uri: "), "{uri}");
        }
    }

    /// D9, RP-Initiated Logout §3: `state` comes back as it was, and cannot leave its place.
    #[test]
    fn the_way_back() {
        let back = |uri, state| LogoutRequest::way_back(&RedirectUri::parse(uri).unwrap(), state);
        assert_eq!(back("https://a.example/bye", None), "https://a.example/bye");
        assert_eq!(back("https://a.example/bye", Some("s")), "https://a.example/bye?state=s");
        assert_eq!(
            back("https://a.example/bye?x=1", Some("a&b=#c\r\n")),
            "https://a.example/bye?x=1&state=a%26b%3D%23c%0D%0A"
        );
        assert_eq!(back("https://a.example/bye?", Some("é")), "https://a.example/bye?state=%C3%A9");
    }
}
