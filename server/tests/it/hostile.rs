//! Input that means harm: nothing panics, nothing answers 5xx, nothing is reflected where it could act.

use std::sync::LazyLock;

use axum::body::Body;
use http::{HeaderValue, Request, header};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::harness::{Answer, App, Client, basic};

struct House {
    runtime: Runtime,
    app: App,
    client: Client,
}

/// One house for all cases: they only knock.
static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let (app, client) = runtime.block_on(async {
        let app = App::new().await;
        let client = app.client().await;
        (app, client)
    });
    House { runtime, app, client }
});

fn send(request: Request<Body>) -> Answer {
    HOUSE.runtime.block_on(HOUSE.app.send(request))
}

const FORMS: [&str; 26] = [
    "/connect/token",
    "/connect/introspect",
    "/connect/revocation",
    "/connect/userinfo",
    "/connect/authorize",
    "/do/sign-in",
    "/do/register",
    "/do/verify-code",
    "/do/verify-link",
    "/do/resend-verification",
    "/do/forgot-password",
    "/do/not-me",
    "/do/sign-in-mail",
    "/do/sign-in-code",
    "/do/sign-in-link",
    "/do/reset-password",
    "/do/consent",
    "/do/sign-out",
    "/do/choose-account",
    "/do/leave-account",
    "/do/end-session",
    "/do/end-other-sessions",
    "/do/change-password",
    "/do/setup",
    "/do/nothing",
    "/do/",
];

const JSON: [&str; 10] = [
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/api/v1/auth/login/email",
    "/api/v1/auth/login/email/code",
    "/api/v1/auth/refresh",
    "/api/v1/auth/verify-email",
    "/api/v1/auth/forgot-password",
    "/api/v1/auth/reset-password",
    "/api/v1/auth/change-password",
    "/api/v1/auth/logout",
];

const PAGES: [&str; 12] = [
    "/sign-in",
    "/register",
    "/check-mail",
    "/verify",
    "/reset-password",
    "/consent",
    "/setup",
    "/account/sessions/end",
    "/connect/authorize",
    "/connect/resume",
    "/assets/x",
    "/signed-out",
];

fn check(answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert!(answer.status.as_u16() < 500, "{answer:?}");
    prop_assert!(!answer.header("content-type").is_empty() || answer.body.is_empty(), "{answer:?}");
    let to = answer.location();
    prop_assert!(to.is_empty() || (to.starts_with('/') && !to.starts_with("//")), "an open redirect: {to}");
    Ok(())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "i",
            "t",
            "username",
            "password",
            "again",
            "email",
            "name",
            "code",
            "scope",
            "decision",
            "id",
            "grant_type",
            "client_id",
            "client_secret",
            "redirect_uri",
            "token",
            "access_token",
            "state",
            "claims",
            "prompt",
            "max_age",
            "code_challenge",
            "refresh_token",
            "response_type",
            "response_mode",
            "id_token_hint",
            "scope[]",
            "args",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "\r\nset-cookie: evil=1",
            "//evil.example",
            "https://evil.example",
            "<script>alert(1)</script>",
            "%00",
            "\0",
            "' OR 1=1 --",
            "../../etc/passwd",
            "ost_ix_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "openid",
            "code",
            "none",
            "{\"id_token\":{}}",
            "-1",
            "99999999999999999999",
        ])
        .prop_map(str::to_owned),
    ]
}

fn encoded() -> impl Strategy<Value = Vec<u8>> {
    let pairs = prop::collection::vec((names(), values()), 0..8).prop_map(|pairs| {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
    });
    prop_oneof![3 => pairs, 1 => prop::collection::vec(any::<u8>(), 0..400)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any bytes as a form, with and without a client's credentials.
    #[test]
    fn forms(path in prop::sample::select(FORMS.to_vec()), body in encoded(), known in any::<bool>()) {
        let mut request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if known {
            request = request.header(header::AUTHORIZATION, basic(&HOUSE.client.id, &HOUSE.client.secret));
        }
        check(&send(request.body(Body::from(body)).unwrap()))?;
    }

    /// Any query.
    #[test]
    fn queries(path in prop::sample::select(PAGES.to_vec()), query in encoded()) {
        let query: String = query.iter().filter(|b| b.is_ascii_graphic() && **b != b'#').map(|b| char::from(*b)).collect();
        let Ok(request) = Request::get(format!("{path}?{query}")).body(Body::empty()) else { return Ok(()) };
        let answer = send(request);
        check(&answer)?;
        prop_assert!(!answer.body.contains("<script>alert"));
    }

    /// Any JSON, and any bytes that claim to be JSON.
    #[test]
    fn json(
        path in prop::sample::select(JSON.to_vec()),
        pairs in prop::collection::hash_map(
            prop::sample::select(vec!["email", "username", "password", "confirmPassword", "token", "code", "refreshToken", "stay", "displayName"]),
            prop_oneof![values().prop_map(serde_json::Value::from), any::<i64>().prop_map(serde_json::Value::from), Just(serde_json::Value::Null), Just(serde_json::json!([{}]))],
            0..6,
        ),
        noise in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)),
    ) {
        let body = noise.unwrap_or_else(|| serde_json::to_vec(&pairs).unwrap());
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        check(&send(request.body(Body::from(body)).unwrap()))?;
    }

    /// Any header values.
    #[test]
    fn headers(
        path in prop::sample::select(vec!["/sign-in", "/account", "/connect/userinfo", "/api/v1/auth/me", "/connect/token"]),
        name in prop::sample::select(vec!["cookie", "authorization", "user-agent", "x-forwarded-for", "accept-encoding", "origin", "content-type", "if-none-match", "content-length", "sec-fetch-site"]),
        value in prop::collection::vec(any::<u8>(), 0..200),
        post in any::<bool>(),
    ) {
        let Ok(value) = HeaderValue::from_bytes(&value) else { return Ok(()) };
        let request = if post { Request::post(path) } else { Request::get(path) };
        check(&send(request.header(name, value).body(Body::empty()).unwrap()))?;
    }
}

/// A cookie of ours that was made up or cut short is no cookie.
#[test]
fn made_up_cookies_are_nothing() {
    for cookie in
        ["ostiary=AAAAAAAAAAAAAAAAAAAAAA", "ostiary=", "ostiary-said=AAAA", "ostiary=\"; ostiary=x", "=;;=", "\u{7f}"]
    {
        let Ok(value) = HeaderValue::from_bytes(cookie.as_bytes()) else { continue };
        let answer = send(Request::get("/account").header(header::COOKIE, value).body(Body::empty()).unwrap());
        assert_eq!(answer.status, 303, "{cookie}: {answer:?}");
        assert!(answer.location().starts_with("/sign-in"), "{cookie}");
    }
}

/// A very long address, very many parameters.
#[test]
fn oversized_queries_are_refused() {
    let long = format!("/connect/authorize?client_id={}", "x".repeat(60_000));
    assert_eq!(send(Request::get(long).body(Body::empty()).unwrap()).status, 400);
    let many = format!("/connect/authorize?{}", "a=1&".repeat(1000));
    assert_eq!(send(Request::get(many).body(Body::empty()).unwrap()).status, 400);
}
