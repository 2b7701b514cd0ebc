//! What people see and change of their own account: pages and REST side by side.

use http::Method;

use crate::harness::{App, EMAIL, OTHER_EMAIL};

/// C4: an application is in the list with all it may do, and taking it back ends what it holds; on the page and by REST.
#[tokio::test]
async fn applications_are_looked_at_and_taken_back() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let list =
        async |token: &str| app.api(Method::GET, "/api/v1/me/applications", Some(token), None).await.is(200).json();
    assert!(browser.get("/account/applications").await.is(200).body.contains("No application uses your account"));
    assert_eq!(list(&token).await["applications"], serde_json::json!([]));

    let code = app.code(&mut browser, &client, &[]).await;
    let tokens = app.redeem(&client, &code, &[]).await.is(200).json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let found = &list(&token).await["applications"][0];
    assert_eq!((&found["clientId"], &found["holdsTokens"]), (&client.id.as_str().into(), &true.into()));
    assert_eq!(found["scopes"], serde_json::json!(["openid", "profile", "email", "offline_access"]));
    assert_eq!(list(&stranger).await["applications"], serde_json::json!([]));
    let page = browser.get("/account/applications").await;
    let link = format!("/account/applications/revoke?id={}", client.id);
    assert!(page.is(200).body.contains(&link) && page.body.contains("Keep working while you are away"));

    let path = format!("/api/v1/me/applications/{}", client.id);
    app.api(Method::DELETE, &path, Some(&stranger), None).await.is(404);
    let mut other = app.signed_in(OTHER_EMAIL).await;
    other.get(&link).await.is(404);
    other.post("/do/revoke-application", &[("id", &client.id)]).await.is(404);
    for id in ["", "x", "ostiary", "\0"] {
        browser.post("/do/revoke-application", &[("id", id)]).await.is(404);
    }
    app.api(Method::DELETE, "/api/v1/me/applications/a%00b", Some(&token), None).await.is(404);

    browser.get(&link).await.is(200);
    let done = browser.post("/do/revoke-application", &[("id", &client.id)]).await;
    assert_eq!(done.is(303).location(), "/account/applications");
    let page = browser.get("/account/applications").await;
    assert!(page.body.contains("may do nothing more") && page.body.contains("No application uses your account"));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(app.form("/connect/token", &client, &fields).await.is(400).json()["error"], "invalid_grant");
    app.api(Method::DELETE, &path, Some(&token), None).await.is(404);

    app.code(&mut browser, &client, &[]).await;
    app.api(Method::DELETE, &path, Some(&token), None).await.is(204);
    assert_eq!(list(&token).await["applications"], serde_json::json!([]));
}
