//! RFC 6749 §5.2: every way a token request can be wrong, and its answer.

use axum::body::Body;
use http::{Request, header};

use crate::harness::{Answer, App, Client, basic, form_body};

const TOKEN: &str = "/connect/token";

/// What is wrong, the fields, status and error.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str);

#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, case: &str) {
    assert_eq!((answer.status.as_u16(), answer.error().as_str()), (status, error), "{case}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json", "{case}");
    assert_eq!(answer.header("cache-control"), "no-store", "{case}");
    assert_eq!(answer.header("www-authenticate").starts_with("Basic "), status == 401, "{case}");
}

/// D4, D13: the table of wrong requests.
#[tokio::test]
async fn wrong_requests_are_answered_as_the_rfc_says() {
    let app = App::new().await;
    let client = app.client().await;
    let public = app.public_client().await;
    let id = client.id.as_str();
    let (cc, code, rt) =
        (("grant_type", "client_credentials"), ("grant_type", "authorization_code"), ("grant_type", "refresh_token"));
    let table: &[Case<'_>] = &[
        ("no grant type", &[], 400, "invalid_request"),
        ("an unknown grant type", &[("grant_type", "password")], 400, "unsupported_grant_type"),
        ("a grant type sent twice", &[cc, cc], 400, "invalid_request"),
        ("an unknown parameter sent twice", &[cc, ("x", "1"), ("x", "2")], 400, "invalid_request"),
        ("no code", &[code], 400, "invalid_request"),
        ("an unknown code", &[code, ("code", "ost_ac_x"), ("redirect_uri", "https://x.example")], 400, "invalid_grant"),
        ("no refresh token", &[rt], 400, "invalid_request"),
        ("an unknown refresh token", &[rt, ("refresh_token", "ost_rt_x")], 400, "invalid_grant"),
        ("a broken scope", &[cc, ("scope", "a\"b")], 400, "invalid_scope"),
        ("a scope that is not registered", &[cc, ("scope", "servers:read")], 400, "invalid_scope"),
        ("a scope about people", &[cc, ("scope", "email")], 400, "invalid_scope"),
        ("an audience that is not registered", &[cc, ("resource", "https://api.example")], 400, "invalid_target"),
        ("another client's id", &[cc, ("client_id", "other")], 400, "invalid_request"),
        (
            "two ways to prove itself",
            &[cc, ("client_id", id), ("client_secret", &client.secret)],
            400,
            "invalid_request",
        ),
        ("an assertion besides", &[cc, ("client_assertion", "x.y.z")], 400, "invalid_request"),
    ];
    for (case, fields, status, error) in table {
        refused(&app.form(TOKEN, &client, fields).await, *status, error, case);
    }
    let wrong = |secret: &str| Client { id: id.to_owned(), secret: secret.to_owned() };
    refused(&app.form(TOKEN, &wrong("wrong"), &[cc]).await, 401, "invalid_client", "a wrong secret");
    refused(&app.form(TOKEN, &wrong(""), &[cc]).await, 401, "invalid_client", "an empty secret");
    refused(&app.bare_form(TOKEN, &[cc]).await, 401, "invalid_client", "no client");
    refused(&app.bare_form(TOKEN, &[cc, ("client_id", id)]).await, 401, "invalid_client", "a secret left out");
    let fields = [cc, ("client_id", public.id.as_str())];
    refused(&app.bare_form(TOKEN, &fields).await, 400, "unauthorized_client", "a grant it is not registered for");
    let system = [rt, ("client_id", "ostiary"), ("refresh_token", "ost_rt_x")];
    refused(&app.bare_form(TOKEN, &system).await, 401, "invalid_client", "our own client");
}

/// RFC 6749 §3.2: a form, or nothing.
#[tokio::test]
async fn only_forms_are_read() {
    let app = App::new().await;
    let client = app.client().await;
    let send = async |kind: Option<&str>, body: &[u8]| {
        let mut request = Request::post(TOKEN).header(header::AUTHORIZATION, basic(&client.id, &client.secret));
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        app.send(request.body(Body::from(body.to_vec())).unwrap()).await
    };
    let body = b"grant_type=client_credentials";
    let form = "application/x-www-form-urlencoded";
    send(Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"), body).await.is(200);
    refused(&send(None, body).await, 400, "invalid_request", "no type");
    refused(
        &send(Some("application/json"), br#"{"grant_type":"client_credentials"}"#).await,
        400,
        "invalid_request",
        "JSON",
    );
    refused(&send(Some(form), b"grant_type=%ff").await, 400, "invalid_request", "no UTF-8");
    refused(&send(Some(form), b"grant_type=client_credentials&scope=%00").await, 400, "invalid_request", "a NUL");
    let large = [b"grant_type=client_credentials&x=".to_vec(), vec![b'x'; 70_000]].concat();
    refused(&send(Some(form), &large).await, 413, "invalid_request", "too large");
}

/// RFC 7235 §2: two credentials are none.
#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let app = App::new().await;
    let client = app.client().await;
    let request = Request::post(TOKEN)
        .header(header::AUTHORIZATION, basic(&client.id, &client.secret))
        .header(header::AUTHORIZATION, "Bearer x");
    let answer = app.send(form_body(request, &[("grant_type", "client_credentials")])).await;
    refused(&answer, 400, "invalid_request", "two headers");
}

/// D4, D6: the client credentials grant, for the scopes and audiences of the client.
#[tokio::test]
async fn a_client_gets_a_token_of_its_own() {
    let app = App::new().await;
    let client = app.client_with(|settings| settings.audiences = vec!["https://api.example".to_owned()]).await;
    let fields = [("grant_type", "client_credentials"), ("scope", "reports:read"), ("resource", "https://api.example")];
    let json = app.form(TOKEN, &client, &fields).await.is(200).json();
    assert_eq!((&json["scope"], &json["expires_in"]), (&"reports:read".into(), &600.into()));
    assert!(json["refresh_token"].is_null() && json["id_token"].is_null());
    let looked = app.form("/connect/introspect", &client, &[("token", json["access_token"].as_str().unwrap())]).await;
    let looked = looked.is(200).json();
    assert_eq!((&looked["active"], &looked["client_id"]), (&true.into(), &client.id.as_str().into()));
}
