//! What OpenID's Dynamic certification asks beyond the Basic one and beyond registration itself (see `registration`).

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ostiary::{
    config::RegistrationMode,
    id::OutboxId,
    keys::{RotateKeys, rotate_keys},
    protocol::{RedirectUri, SigningAlg, TokenEndpointAuthMethod},
    testing::{Signer, TestWeb},
};
use serde_json::json;

use super::{
    basic::{code_in, text, tokens, verified},
    client_auth::proof,
};
use crate::harness::{App, Client, EMAIL, ISSUER, REDIRECT_URI, authorize, parameter, redemption};

const TOKEN: &str = "/connect/token";

/// D2, RFC 6749 §3.1.2, RFC 9700 §4.1.3: a registered query is part of the address, kept in the answer and compared like the
/// rest: another query, or one where none is registered, is another address.
#[tokio::test]
async fn a_query_is_part_of_the_redirect_uri() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let with_query = "https://blockyard.example/callback?foo=bar";
    let client = app
        .client_with(|settings| {
            settings.first_party = true;
            settings.redirect_uris = vec![RedirectUri::parse(with_query).unwrap()];
        })
        .await;
    let mut browser = app.signed_in(EMAIL).await;
    let answer = browser.get(&authorize(&client, &[("redirect_uri", with_query)])).await;
    assert!(answer.is(303).location().starts_with("https://blockyard.example/callback?foo=bar&"), "{answer:?}");
    code_in(&answer);
    let plain = app.client_with(|settings| settings.first_party = true).await;
    for (client, other) in [
        (&client, "https://blockyard.example/callback?foo=baz"),
        (&client, "https://blockyard.example/callback?foo=bar&x=y"),
        (&client, "https://blockyard.example/callback"),
        (&plain, with_query),
    ] {
        let refused = browser.get(&authorize(client, &[("redirect_uri", other)])).await;
        assert!(refused.is(400).location().is_empty(), "{other}");
    }
}

/// D7, OIDC Core §10.1.1: a new key signs, the old one stays published, and tokens of both verify.
#[tokio::test]
async fn our_keys_are_replaced_while_tokens_are_out() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let mut browser = app.signed_in(EMAIL).await;
    let published = async || {
        let keys = app.get("/.well-known/jwks.json").await.is(200).json();
        let kids = keys["keys"].as_array().unwrap().iter().map(|key| text(key, "kid").to_owned());
        kids.collect::<BTreeSet<_>>()
    };
    let before = tokens(&app, &mut browser, &client, &[]).await;
    let old = published().await;
    rotate_keys(&app.core.operator(), RotateKeys { alg: SigningAlg::Es256, at_once: true }).await.unwrap();
    let after = tokens(&app, &mut browser, &client, &[]).await;
    let new = published().await;
    assert!(old.is_subset(&new) && new.len() == old.len() + 1, "{old:?} {new:?}");
    let (first, _) = verified(&app, &client, text(&before, "id_token")).await;
    let (second, _) = verified(&app, &client, text(&after, "id_token")).await;
    assert_ne!(first.kid, second.kid);
}

/// D4, OIDC Core §10.1.1, §12: a client replaces its key behind `jwks_uri` and refreshes with the new one; the old one, which
/// is not there any more, opens nothing.
#[tokio::test]
async fn a_client_replaces_its_key_and_refreshes() {
    let web = TestWeb::https().await;
    let app = App::with(|config| web.open(&mut config.fetch)).await;
    app.person(EMAIL).await;
    let (old, new) = (Signer::es256(), Signer::es256());
    let keys = |signer: &Signer, kid: &str| {
        let mut jwk = signer.jwk();
        jwk["kid"] = json!(kid);
        json!({ "keys": [jwk] })
    };
    web.put_json("/jwks.json", &keys(&old, "old"));
    let client = app
        .client_with(|settings| {
            settings.first_party = true;
            settings.auth_method = TokenEndpointAuthMethod::PrivateKeyJwt;
            settings.jwks_uri = Some(web.url("/jwks.json"));
        })
        .await;
    let answer = app.signed_in(EMAIL).await.get(&authorize(&client, &[])).await;
    let code = parameter(answer.is(303).location(), "code").unwrap();
    let exchange = redemption(&code, &[]);
    let signed = |signer: &Signer, kid: &str| {
        let now = app.core.now().as_secs();
        let jti = app.core.new_id::<OutboxId>().as_uuid().to_string();
        let claims = json!({ "iss": client.id, "sub": client.id, "aud": ISSUER, "exp": now + 60, "jti": jti });
        signer.sign(&json!({ "kid": kid }), &claims)
    };
    let issued = app.bare_form(TOKEN, &[&exchange[..], &proof(&signed(&old, "old"))].concat()).await.is(200).json();
    web.put_json("/jwks.json", &keys(&new, "new"));
    app.core.clock.advance(Duration::from_mins(1));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", text(&issued, "refresh_token"))];
    let refreshed = app.bare_form(TOKEN, &[&refresh[..], &proof(&signed(&new, "new"))].concat()).await.is(200).json();
    verified(&app, &client, text(&refreshed, "id_token")).await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", text(&refreshed, "refresh_token"))];
    let refused = app.bare_form(TOKEN, &[&refresh[..], &proof(&signed(&old, "old"))].concat()).await;
    assert_eq!(refused.is(401).error(), "invalid_client");
}

/// D8, D10, RFC 7591 §2: the logo of a client that registered itself is on the consent page, from our own address and nobody
/// else's.
#[tokio::test]
async fn a_registered_logo_is_shown() {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let web = TestWeb::https().await;
    web.put("/logo.png", "image/png", &[], STANDARD.decode(PNG).unwrap());
    let app = App::with(|config| {
        web.open(&mut config.fetch);
        config.client_registration.mode = RegistrationMode::Open;
    })
    .await;
    app.person(EMAIL).await;
    let said = json!({
        "client_name": "Quay", "redirect_uris": [REDIRECT_URI], "logo_uri": web.url("/logo.png"),
        "scope": "openid profile email offline_access",
    });
    let registered = app.post_api("/connect/register", said).await.is(201).json();
    assert_eq!(registered["logo_uri"], web.url("/logo.png").as_str());
    let client = Client { id: text(&registered, "client_id").to_owned(), secret: String::new() };
    let mut browser = app.signed_in(EMAIL).await;
    let to = browser.get(&authorize(&client, &[("scope", "openid")])).await.is(303).location().to_owned();
    let page = browser.get(&to).await.is(200).body.clone();
    let (_, rest) = page.split_once("src=\"/logos/").unwrap_or_else(|| panic!("no logo on {page}"));
    let (name, _) = rest.split_once('"').unwrap();
    assert_eq!(app.get(&format!("/logos/{name}")).await.is(200).header("content-type"), "image/png");
    assert!(!page.contains(web.url("/logo.png").as_str()));
}
