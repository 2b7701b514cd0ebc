//! What is told about somebody: by scope, by name, and where.

use super::*;

/// D6, OIDC Core §5.3.1, RFC 6750 §2: userinfo by GET, and by POST with the token in the header or in the body.
#[tokio::test]
async fn userinfo_is_asked_in_three_ways() {
    let (app, client) = house().await;
    let issued = tokens(&app, &mut app.signed_in(EMAIL).await, &client, &[]).await;
    let token = text(&issued, "access_token");
    let by_get = userinfo(&app, &issued).await;
    assert_eq!(by_get["email"], EMAIL);
    let request = Request::post("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let by_header = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(by_header.is(200).json(), by_get);
    let by_body = app.bare_form("/connect/userinfo", &[("access_token", token)]).await;
    assert_eq!(by_body.is(200).json(), by_get);
    assert!(by_body.header("content-type").starts_with("application/json"));
}

/// D5, OIDC Core §5.4: each scope brings its claims and no other's; `sub` is always there.
#[tokio::test]
async fn scopes_bring_their_claims() {
    let (app, client) = house().await;
    let profile = json!({
        "given_name": "Mara", "family_name": "Lindqvist", "zoneinfo": "Europe/Stockholm", "locale": "sv-SE",
        "phone_number": "+46 70 174 06 05", "phone_number_verified": true,
        "address": { "locality": "Nordhavn", "country": "SE" },
    });
    let mut conn = sqlx::SqliteConnection::connect(app.core.config().database.url.expose()).await.unwrap();
    sqlx::query("UPDATE users SET profile = $1").bind(profile.to_string()).execute(&mut conn).await.unwrap();
    let mut browser = app.signed_in(EMAIL).await;
    let of_profile =
        ["family_name", "given_name", "locale", "name", "preferred_username", "sub", "updated_at", "zoneinfo"];
    for (scope, expected) in [
        ("openid", &["sub"][..]),
        ("openid profile", &of_profile),
        ("openid email", &["email", "email_verified", "sub"]),
        ("openid address", &["address", "sub"]),
        ("openid phone", &["phone_number", "phone_number_verified", "sub"]),
    ] {
        let issued = tokens(&app, &mut browser, &client, &[("scope", scope)]).await;
        let info = userinfo(&app, &issued).await;
        assert_eq!(names(&info), expected, "{scope}");
        assert_eq!(issued.get("refresh_token"), None, "{scope}");
    }
    let all = tokens(&app, &mut browser, &client, &[("scope", "openid profile email address phone")]).await;
    let info = userinfo(&app, &all).await;
    assert_eq!(names(&info).len(), of_profile.len() + 2 + 1 + 2);
    assert_eq!(info["address"], profile["address"]);
    // A client may want the ID token without them.
    let lean = app.client_with(|settings| (settings.first_party, settings.lean_id_token) = (true, true)).await;
    let issued = tokens(&app, &mut browser, &lean, &[("scope", "openid email")]).await;
    assert!(claims(&app, &lean, &issued).await.get("email").is_none());
    assert_eq!(userinfo(&app, &issued).await["email"], EMAIL);
}

/// D5, OIDC Core §5.5: a claim that is asked for by name comes where it was asked for, without its scope.
#[tokio::test]
async fn claims_come_by_name() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let wanted = json!({ "userinfo": { "name": { "essential": true } } }).to_string();
    let issued = tokens(&app, &mut browser, &client, &[("scope", "openid"), ("claims", &wanted)]).await;
    assert_eq!(names(&userinfo(&app, &issued).await), ["name", "sub"]);
    assert!(claims(&app, &client, &issued).await.get("name").is_none());
    let wanted = json!({ "id_token": { "name": { "essential": true } } }).to_string();
    let issued = tokens(&app, &mut browser, &client, &[("scope", "openid"), ("claims", &wanted)]).await;
    assert_eq!(names(&userinfo(&app, &issued).await), ["sub"]);
    assert_eq!(claims(&app, &client, &issued).await["name"], "Mara Lindqvist");
}
