//! D2, D13: where answers go: to registered redirect URIs, compared exactly (RFC 9700 §4.1.3), and to no look-alike.

use crate::harness::{App, EMAIL, VERIFIER, authorize, parameter};

/// D13, RFC 9700 §4.1: each trick ends on the error page, at the authorization endpoint and at the PAR endpoint.
/// `oidcc-ensure-registered-redirect-uri`, `fapi2-sp-…ensure-registered-redirect-uri`
#[tokio::test]
async fn look_alikes_are_not_followed() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    for uri in [
        "https://blockyard.example@evil.example/callback",
        "https://blockyard.example:password@evil.example/callback",
        "https://blockyard.example%2Fcallback@evil.example/",
        "https://blockyard.example%2fcallback",
        "https://blockyard.example\\@evil.example/callback",
        "https://evil.example\\.blockyard.example/callback",
        "https://evil.example#https://blockyard.example/callback",
        "https://blockyard.example/callback#",
        "https://blockyard.example/callback#fragment",
        "https://blockyard.example/callback/",
        "https://blockyard.example/callback/..",
        "https://blockyard.example/x/../callback",
        "https://blockyard.example/%63allback",
        "https://blockyard.example//callback",
        "https://blockyard.example/callback?",
        "https://blockyard.example/callback?next=https://evil.example",
        "https://blockyard.example:443/callback",
        "https://blockyard.example:8443/callback",
        "https://blockyard.example./callback",
        "https://BLOCKYARD.example/callback",
        "https://sub.blockyard.example/callback",
        "https://blockyard.example.evil.example/callback",
        "https://[::1]/callback",
        "https://[::ffff:127.0.0.1]/callback",
        "http://blockyard.example/callback",
        "HTTPS://blockyard.example/callback",
        "//blockyard.example/callback",
        "/callback",
        "javascript:alert(1)//blockyard.example/callback",
        "data:text/html,x",
        " https://blockyard.example/callback",
        "https://blockyard.example/callback\t",
    ] {
        let shown = browser.get(&authorize(&client, &[("redirect_uri", uri)])).await;
        assert!(shown.is(400).location().is_empty(), "{uri}");
        let pushed = super::par::push(&app, &client, &[("redirect_uri", uri)]).await;
        assert_eq!(pushed.is(400).error(), "invalid_request", "{uri}");
    }
}

/// D2, RFC 6749 §4.1.3, RFC 9700 §4.5, §4.8: a code that was stolen and injected fits neither another redirect URI, nor
/// another client, nor another verifier; and a request whose challenge was taken out gets no code to be redeemed without.
#[tokio::test]
async fn an_injected_code_is_of_no_use() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let victim = app.client().await;
    let attacker = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &victim, &[]).await;
    let other = "A".repeat(43);
    let redirect = crate::harness::REDIRECT_URI;
    for (client, redirect, verifier) in [
        (&attacker, redirect, Some(VERIFIER)),
        (&victim, "https://blockyard.example/other", Some(VERIFIER)),
        (&victim, redirect, Some(other.as_str())),
        (&victim, redirect, None),
    ] {
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", redirect)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        assert_eq!(app.form("/connect/token", client, &fields).await.is(400).error(), "invalid_grant");
    }
    let downgraded = browser.get(&authorize(&victim, &[("code_challenge", ""), ("code_challenge_method", "")])).await;
    assert_eq!(parameter(downgraded.is(303).location(), "error").as_deref(), Some("invalid_request"));
    // RFC 9207: the answer names who gave it, so a client that speaks to several cannot be confused about it.
    assert_eq!(parameter(downgraded.location(), "iss").as_deref(), Some(crate::harness::ISSUER));
}
