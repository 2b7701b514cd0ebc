//! A browser of the simplest kind, over the router: cookies, links, forms.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeMap;

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use ostiary::{
    account::{CreateUser, create_user},
    core::Core,
    secret::SecretString,
    testing::TestCore,
    text::{DisplayName, EmailAddress, Username},
};
use ostiary_app::{routes, ssr::House};
use tower::ServiceExt as _;

pub(crate) const EMAIL: &str = "mara@nordhavn.example";
pub(crate) const PASSWORD: &str = "Steep-harbour-4481";

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    #[track_caller]
    pub(crate) fn redirects_to(&self, to: &str) {
        assert_eq!((self.status, self.location()), (StatusCode::SEE_OTHER, to), "{}", self.html);
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        assert!(self.html.contains(text), "no {text:?} in {} {}", self.status, self.html);
    }
}

/// One browser.
#[derive(Clone)]
pub(crate) struct Visitor {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub(crate) fn new(core: &TestCore) -> Self {
        Self {
            router: routes::router(&House::new(core.core.clone())).layer(Extension(core.meta())),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::builder().uri(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_raw(path, serde_html_form::to_string(fields).unwrap()).await
    }

    pub(crate) async fn post_raw(&mut self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, "https://elsewhere.example/page");
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let html = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, html };
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Signs in and expects the account.
    pub(crate) async fn sign_in(&mut self) -> Answer {
        let answer = self.post("/do/sign-in", &[("username", EMAIL), ("password", PASSWORD)]).await;
        answer.redirects_to("/account");
        answer
    }

    /// Where `/account` leads: `None` for the account itself.
    pub(crate) async fn turned_away_to(&mut self) -> Option<String> {
        let answer = self.get("/account").await;
        (answer.status != StatusCode::OK).then(|| answer.location().to_owned())
    }
}

/// A person with a confirmed address.
pub(crate) async fn person(core: &Core) {
    person_called(core, EMAIL, "mara").await;
}

/// The same with another address.
pub(crate) async fn person_called(core: &Core, email: &str, username: &str) {
    make(core, email, username, false).await;
}

/// Makes an administrator of the instance, and signs them in.
pub(crate) async fn administrator(core: &Core, visitor: &mut Visitor) {
    make(core, "ada@nordhavn.example", "ada", true).await;
    visitor.post("/do/sign-in", &[("username", "ada"), ("password", PASSWORD)]).await.redirects_to("/account");
}

async fn make(core: &Core, email: &str, username: &str, is_admin: bool) {
    let cmd = CreateUser {
        email: EmailAddress::try_from(email).unwrap(),
        username: Some(Username::try_from(username).unwrap()),
        display_name: Some(DisplayName::try_from("Mara Lindqvist").unwrap()),
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin,
    };
    create_user(&core.operator(), cmd).await.unwrap();
}
