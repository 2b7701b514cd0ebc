//! What an authorization request may say, and what it may leave out.

use super::*;

/// RFC 6749 §3.1.1: a request without `response_type` is told so, at the redirect URI.
#[tokio::test]
async fn a_missing_response_type_is_an_error() {
    let (app, client) = house().await;
    let answer = app.signed_in(EMAIL).await.get(&authorize(&client, &[("response_type", "")])).await;
    assert_eq!(parameter(answer.is(303).location(), "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(answer.location(), "state").as_deref(), Some("st4te"));
    assert_eq!(parameter(answer.location(), "code"), None);
}

/// OIDC Core §3.1.2.1: in the code flow `nonce` may be left out, and then it is not in the ID token either.
#[tokio::test]
async fn nonce_and_state_may_be_left_out() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let answer = browser.get(&authorize(&client, &[("nonce", ""), ("state", "")])).await;
    assert_eq!(parameter(answer.location(), "state"), None);
    let issued = app.redeem(&client, &code_in(&answer), &[]).await.is(200).json();
    let claims = claims(&app, &client, &issued).await;
    assert!(claims.get("nonce").is_none(), "{claims}");
}

/// RFC 6749 §3.1, §3.3: neither the order of the parameters nor that of the scopes means anything.
#[tokio::test]
async fn order_means_nothing() {
    let (app, client) = house().await;
    let request = authorize(&client, &[("scope", "email openid")]);
    let (path, query) = request.split_once('?').unwrap();
    let backwards: Vec<&str> = query.rsplit('&').collect();
    let answer = app.signed_in(EMAIL).await.get(&format!("{path}?{}", backwards.join("&"))).await;
    let issued = app.redeem(&client, &code_in(&answer), &[]).await.is(200).json();
    assert_eq!(claims(&app, &client, &issued).await["email"], EMAIL);
}

/// OIDC Core §3.1.2.1, RFC 6749 §3.1: wishes that we do not follow, or do not know at all, change nothing.
#[tokio::test]
async fn wishes_and_unknown_parameters_do_no_harm() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for wish in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("login_hint", EMAIL),
        ("extra", "foobar"),
    ] {
        let issued = tokens(&app, &mut browser, &client, &[wish]).await;
        let claims = claims(&app, &client, &issued).await;
        assert_eq!(claims["acr"], "urn:ostiary:acr:pwd", "{wish:?}: never one that was not reached");
    }
}

/// B6, OIDC Core §3.1.2.1: `prompt=login` asks although somebody is signed in, and `auth_time` is that of the answer.
#[tokio::test]
async fn prompt_login_asks_again() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let before = tokens(&app, &mut browser, &client, &[]).await;
    app.core.clock.advance(Duration::from_secs(2));
    let page = browser.get(&authorize(&client, &[("prompt", "login")])).await;
    let answer = sign_in(&mut browser, &page, EMAIL).await;
    let after = app.redeem(&client, &code_in(&answer), &[]).await.is(200).json();
    let (before, after) = (claims(&app, &client, &before).await, claims(&app, &client, &after).await);
    assert_eq!(before["sub"], after["sub"]);
    assert_eq!(after["auth_time"].as_i64().unwrap() - before["auth_time"].as_i64().unwrap(), 2);
}

/// OIDC Core §3.1.2.1, §3.1.2.6: `prompt=none` is an answer at once, whoever is there.
#[tokio::test]
async fn prompt_none_shows_no_page() {
    let (app, client) = house().await;
    let nobody = app.browser().get(&authorize(&client, &[("prompt", "none")])).await;
    assert_eq!(parameter(nobody.is(303).location(), "error").as_deref(), Some("login_required"));
    let mut browser = app.signed_in(EMAIL).await;
    let first = tokens(&app, &mut browser, &client, &[]).await;
    app.core.clock.advance(Duration::from_secs(2));
    let second = tokens(&app, &mut browser, &client, &[("prompt", "none")]).await;
    let (first, second) = (claims(&app, &client, &first).await, claims(&app, &client, &second).await);
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

/// B6, OIDC Core §3.1.2.1: `max_age` asks again when the sign-in is older, and only then.
#[tokio::test]
async fn max_age_asks_again_when_it_is_over() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    app.core.clock.advance(Duration::from_secs(2));
    let young = tokens(&app, &mut browser, &client, &[("max_age", "10000")]).await;
    let young = claims(&app, &client, &young).await;
    assert_eq!(young["auth_time"], app.core.now().as_secs() - 2);
    let page = browser.get(&authorize(&client, &[("max_age", "1")])).await;
    assert!(page.is(303).location().starts_with("/sign-in"));
    let answer = sign_in(&mut browser, &page, EMAIL).await;
    let issued = app.redeem(&client, &code_in(&answer), &[]).await.is(200).json();
    assert_eq!(claims(&app, &client, &issued).await["auth_time"], app.core.now().as_secs());
}

/// OIDC Core §3.1.2.1, §3.1.2.2: with an `id_token_hint` the answer is about that person or an error.
#[tokio::test]
async fn an_id_token_hint_names_the_person() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    let issued = tokens(&app, &mut browser, &client, &[]).await;
    let hint = text(&issued, "id_token");
    let silent = [("prompt", "none"), ("id_token_hint", hint)];
    let again = tokens(&app, &mut browser, &client, &silent).await;
    assert_eq!(claims(&app, &client, &again).await["sub"], claims(&app, &client, &issued).await["sub"]);
    let other = app.signed_in(OTHER_EMAIL).await.get(&authorize(&client, &silent)).await;
    assert_eq!(parameter(other.is(303).location(), "error").as_deref(), Some("login_required"));
}

/// OIDC Core §3.1.2.1: `login_hint` is in the field already, and text there.
#[tokio::test]
async fn a_login_hint_is_filled_in() {
    let (app, client) = house().await;
    let mut browser = app.browser();
    let page = browser.get(&authorize(&client, &[("login_hint", "\"><b>tove")])).await;
    let body = browser.get(page.is(303).location()).await.is(200).body.clone();
    assert!(body.contains("&quot;&gt;&lt;b&gt;tove") && !body.contains("<b>tove"), "{body}");
}

/// OIDC Core §3.1.2.1, RFC 6749 §3.1: the request may be a form.
#[tokio::test]
async fn the_request_may_be_a_form() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let address = authorize(&client, &[]);
    let (_, query) = address.split_once('?').unwrap();
    let request = Request::post("/connect/authorize").header("sec-fetch-site", "cross-site");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(request.body(Body::from(query.to_owned())).unwrap()).await;
    app.redeem(&client, &code_in(&answer), &[]).await.is(200);
}
