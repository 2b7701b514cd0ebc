//! The server under test.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, Method, Request, StatusCode, header, request::Builder};
use ostiary::{
    account::{CreateUser, create_user},
    client::{ClientSettings, CreateClient, create_client},
    config::Config,
    id::UserId,
    protocol::{CodeVerifier, GrantType, RedirectUri, ScopeSet, TokenEndpointAuthMethod},
    secret::SecretString,
    testing::{TestCore, TestDatabase},
    text::{DisplayName, EmailAddress, Username},
};
use ostiary_server::{listen::Peer, router};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::described;

pub const EMAIL: &str = "mara@nordhavn.example";
pub const OTHER_EMAIL: &str = "tove@nordhavn.example";
pub const ADMIN_EMAIL: &str = "keeper@nordhavn.example";
pub const PASSWORD: &str = "Steep-harbour-4481";
pub const REDIRECT_URI: &str = "https://blockyard.example/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const ISSUER: &str = "http://localhost:8080";

/// The server over a fresh database.
pub struct App {
    pub core: TestCore,
    pub router: Router,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON in {self:?}"))
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{} {:?}", self.body, self.headers);
        self
    }

    /// The code of an OAuth error or of a problem, `""` without one.
    pub fn error(&self) -> String {
        let json: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let problem = json["type"].as_str().and_then(|kind| kind.strip_prefix("urn:ostiary:problem:"));
        json["error"].as_str().or(problem).unwrap_or_default().to_owned()
    }
}

/// A client as its developer holds it.
pub struct Client {
    pub id: String,
    pub secret: String,
}

impl App {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let core = TestCore::on(TestDatabase::sqlite(), configure).await;
        let router = router::build(&core.core).unwrap();
        Self { core, router }
    }

    /// A person with a confirmed address.
    pub async fn person(&self, email: &str) -> UserId {
        self.make_person(email, false).await
    }

    pub async fn admin(&self) -> UserId {
        self.make_person(ADMIN_EMAIL, true).await
    }

    async fn make_person(&self, email: &str, is_admin: bool) -> UserId {
        let cmd = CreateUser {
            email: EmailAddress::try_from(email).unwrap(),
            username: Some(Username::try_from(email.split_once('@').unwrap().0).unwrap()),
            display_name: Some(DisplayName::try_from("Mara Lindqvist").unwrap()),
            password: Some(SecretString::from(PASSWORD)),
            is_verified: true,
            is_admin,
        };
        create_user(&self.core.operator(), cmd).await.unwrap().user_id
    }

    /// A confidential client that may use every grant.
    pub async fn client(&self) -> Client {
        self.client_with(|_| {}).await
    }

    pub async fn client_with(&self, change: impl FnOnce(&mut ClientSettings)) -> Client {
        let mut settings = ClientSettings {
            redirect_uris: vec![RedirectUri::parse(REDIRECT_URI).unwrap()],
            grant_types: GrantType::ALL.to_vec(),
            scopes: ScopeSet::parse("openid profile email offline_access reports:read").unwrap(),
            ..ClientSettings::default()
        };
        change(&mut settings);
        let name = DisplayName::try_from("Blockyard").unwrap();
        let made = create_client(&self.core.operator(), CreateClient { id: None, name, settings }).await.unwrap();
        Client { id: made.client_id, secret: made.client_secret.map_or(String::new(), |s| s.expose().to_owned()) }
    }

    /// A client on a device, without a secret.
    pub async fn public_client(&self) -> Client {
        self.client_with(|settings| {
            settings.auth_method = TokenEndpointAuthMethod::None;
            settings.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        })
        .await
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        browser.post("/do/sign-in", &[("username", email), ("password", PASSWORD)]).await.is(303);
        browser
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form to a protocol endpoint, with the client's id and secret in the header.
    pub async fn form(&self, path: &str, client: &Client, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header(header::AUTHORIZATION, basic(&client.id, &client.secret));
        self.send(form_body(request, fields)).await
    }

    /// A form to a protocol endpoint, with nothing in the header.
    pub async fn bare_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form_body(Request::post(path), fields)).await
    }

    /// JSON to the REST API.
    pub async fn api(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub async fn post_api(&self, path: &str, body: Value) -> Answer {
        self.api(Method::POST, path, None, Some(body)).await
    }

    /// Signs in through the REST API: `(token, refresh token)`.
    pub async fn login(&self, email: &str) -> (String, String) {
        let body = serde_json::json!({ "email": email, "password": PASSWORD });
        let answer = self.post_api("/api/v1/auth/login", body).await;
        let json = answer.is(200).json();
        (json["token"].as_str().unwrap().to_owned(), json["refreshToken"].as_str().unwrap().to_owned())
    }

    /// A code for `client`, allowed by the person who is signed in in `browser`.
    pub async fn code(&self, browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> String {
        let answer = self.allow(browser, client, extra).await;
        parameter(answer.location(), "code").unwrap_or_else(|| panic!("no code in {answer:?}"))
    }

    /// Trades a code at the token endpoint; `more` adds parameters, or replaces them.
    pub async fn redeem(&self, client: &Client, code: &str, more: &[(&str, &str)]) -> Answer {
        self.form("/connect/token", client, &redemption(code, more)).await
    }

    /// Goes from the authorization endpoint over consent to the answer for the client.
    pub async fn allow(&self, browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> Answer {
        let answer = browser.get(&authorize(client, extra)).await;
        let to = answer.location().to_owned();
        if !to.starts_with("/consent") {
            return answer;
        }
        browser.get(&to).await.is(200);
        let interaction = parameter(&to, "i").unwrap();
        let decided = browser
            .post("/do/consent", &[("i", &interaction), ("decision", "allow"), ("scope", "offline_access")])
            .await;
        browser.get(decided.is(303).location()).await
    }
}

/// The form that trades a code; `more` adds parameters, or replaces them, and takes one out with an empty value.
pub fn redemption<'a>(code: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    fields.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

/// The address of an authorization request; `extra` adds parameters, or replaces them.
pub fn authorize(client: &Client, extra: &[(&str, &str)]) -> String {
    let challenge = CodeVerifier::parse(VERIFIER).unwrap().challenge();
    let mut fields = vec![
        ("client_id", client.id.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid profile email offline_access"),
        ("state", "st4te"),
        ("nonce", "n0nce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    format!("/connect/authorize?{}", encode(&fields))
}

/// A query or form body of these fields.
pub fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The value of a parameter in an address's query or fragment.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once(['?', '#'])?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
}

/// What a token says, whoever signed it.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

pub fn form_body(request: Builder, fields: &[(&str, &str)]) -> Request<Body> {
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(Body::from(encode(fields))).unwrap()
}

/// Sends it. What the REST API answers has to be what its description says (I8).
async fn send(router: &Router, request: Request<Body>) -> Answer {
    if !request.uri().path().starts_with("/api/v1/") {
        return send_undescribed(router, request).await;
    }
    let document = described::document(router).await;
    let (sent, request) = described::read(request).await;
    let answer = send_undescribed(router, request).await;
    described::check(document, &sent, &answer);
    answer
}

/// Sends it, whatever is answered.
pub async fn send_undescribed(router: &Router, mut request: Request<Body>) -> Answer {
    if request.extensions().get::<Peer>().is_none() {
        request.extensions_mut().insert(Peer(SocketAddr::from(([192, 0, 2, 44], 50_000))));
    }
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

/// A browser without scripts: cookies, links, forms.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A form of one of our own pages.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form_body(Request::post(path).header("sec-fetch-site", "same-origin"), fields)).await
    }

    /// The cookies as they are sent.
    pub fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        }
        let answer = send(&self.router, request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}
