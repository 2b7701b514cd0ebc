//! D6: opaque access tokens: the same life as JWTs, nothing to read in them.

use http::{Request, header};

use crate::harness::{App, Client, EMAIL};

async fn opaque_client(app: &App) -> Client {
    app.client_with(|settings| settings.access_token_format = ostiary::client::AccessTokenFormat::Opaque).await
}

async fn tokens(app: &App, client: &Client) -> serde_json::Value {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[]).await;
    app.redeem(client, &code, &[]).await.is(200).json()
}

async fn looked(app: &App, client: &Client, token: &str) -> serde_json::Value {
    app.form("/connect/introspect", client, &[("token", token)]).await.is(200).json()
}

/// D6, RFC 7662 §2.2: a handle is introspected as a JWT would be, opens userinfo, and dies with a revocation.
#[tokio::test]
async fn a_handle_stands_for_what_a_jwt_would_say() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let client = opaque_client(&app).await;
    let issued = tokens(&app, &client).await;
    let token = issued["access_token"].as_str().unwrap();
    assert!(token.starts_with("ost_at_") && !token.contains('.'));
    let told = looked(&app, &client, token).await;
    assert_eq!((&told["active"], &told["sub"]), (&true.into(), &person.to_string().into()));
    let request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let info = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(info.is(200).json()["sub"], person.to_string());
    app.form("/connect/revocation", &client, &[("token", token)]).await.is(200);
    assert_eq!(looked(&app, &client, token).await, serde_json::json!({ "active": false }));
}

/// D3, D6: the same refresh token brings the same handle again; a client's own token is a handle, too.
#[tokio::test]
async fn a_repeated_refresh_brings_the_same_handle() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = opaque_client(&app).await;
    let issued = tokens(&app, &client).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", issued["refresh_token"].as_str().unwrap())];
    let first = app.form("/connect/token", &client, &fields).await.is(200).json();
    let again = app.form("/connect/token", &client, &fields).await.is(200).json();
    assert_eq!(first["access_token"], again["access_token"]);
    assert_eq!(first["refresh_token"], again["refresh_token"]);
    assert_ne!(first["access_token"], issued["access_token"]);
    assert_eq!(looked(&app, &client, first["access_token"].as_str().unwrap()).await["active"], true);

    let own = app.form("/connect/token", &client, &[("grant_type", "client_credentials")]).await.is(200).json();
    assert_eq!(looked(&app, &client, own["access_token"].as_str().unwrap()).await["sub"], client.id);
    let other = opaque_client(&app).await;
    assert_eq!(looked(&app, &other, own["access_token"].as_str().unwrap()).await["active"], false);
}
