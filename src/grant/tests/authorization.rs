//! D2, D13: which requests are answered, where, and with what.

use super::*;
use crate::testing::on_both_engines;

/// D13: while client or redirect URI are in doubt nothing is redirected; the page learns the code and the name.
#[tokio::test]
async fn what_cannot_be_trusted_is_shown_and_not_followed() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        for (changes, expected, name) in [
            (&[("client_id", "nobody")][..], OAuthErrorCode::InvalidClient, None),
            (&[("client_id", "ostiary")], OAuthErrorCode::InvalidClient, None),
            (&[("client_id", "")], OAuthErrorCode::InvalidRequest, None),
            (&[("redirect_uri", "")], OAuthErrorCode::InvalidRequest, Some("Name of app")),
            (&[("redirect_uri", "https://app.example/cb/")], OAuthErrorCode::InvalidRequest, Some("Name of app")),
            (&[("redirect_uri", "https://app.example/CB")], OAuthErrorCode::InvalidRequest, Some("Name of app")),
            (&[("redirect_uri", "https://app.example/cb?x=1")], OAuthErrorCode::InvalidRequest, Some("Name of app")),
            (
                &[("redirect_uri", "https://app.example@evil.example/cb")],
                OAuthErrorCode::InvalidRequest,
                Some("Name of app"),
            ),
            (&[("redirect_uri", "javascript:alert(1)")], OAuthErrorCode::InvalidRequest, Some("Name of app")),
        ] {
            match begin(&core.anonymous(), changes).await {
                Err(AuthorizationRefused::Untrusted { error, description, client_name }) => {
                    assert_eq!((error, client_name.as_deref()), (expected, name), "{changes:?}");
                    assert!(description.is_ascii() && !description.contains("evil"), "{description}");
                    let named = changes[0].0;
                    assert!(description.contains(named), "{description}");
                }
                other => panic!("{changes:?}: {other:?}"),
            }
        }
        // Twice: which one counts is anybody's guess.
        let twice = format!("client_id=app&client_id=b&redirect_uri={REDIRECT}");
        let params = Params::parse(twice.as_bytes()).unwrap();
        let answer = begin_authorization(&core.anonymous(), BeginAuthorization { params }).await;
        assert!(matches!(answer, Err(AuthorizationRefused::Untrusted { .. })));
        assert_eq!(count(&core, "SELECT COUNT(*) FROM interactions").await, 0);
    })
    .await;
}

/// D2, D13: what the application did wrong is told to it, with `state` and `iss`, before anybody sees a page.
#[tokio::test]
async fn wrong_requests_are_answered_as_the_rfcs_say() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["urn:x"]}}}"#;
        for (changes, expected) in [
            (&[("response_type", "token")][..], "unsupported_response_type"),
            (&[("response_type", "")], "invalid_request"),
            (&[("response_mode", "pigeon")], "invalid_request"),
            (&[("request", "a.b.c")], "invalid_request_object"),
            (&[("request_uri", "https://app.example/r")], "request_uri_not_supported"),
            (&[("scope", "")], "invalid_scope"),
            (&[("scope", "openid admin:all")], "invalid_scope"),
            (&[("scope", "email")], "invalid_scope"),
            (&[("scope", "openid \"")], "invalid_scope"),
            (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
            (&[("code_challenge_method", "plain")], "invalid_request"),
            (&[("code_challenge_method", "")], "invalid_request"),
            (&[("code_challenge", "short")], "invalid_request"),
            (&[("prompt", "none login")], "invalid_request"),
            (&[("prompt", "maybe")], "invalid_request"),
            (&[("max_age", "-1")], "invalid_request"),
            (&[("claims", "{")], "invalid_request"),
            (&[("claims", essential)], "unmet_authentication_requirements"),
            (&[("id_token_hint", "a.b.c")], "invalid_request"),
            (&[("prompt", "none")], "login_required"),
        ] {
            let step = begin(&core.anonymous(), changes).await.unwrap();
            assert_eq!(word(&step), expected, "{changes:?}");
            let AuthorizationStep::Respond(response) = step else { panic!() };
            assert_eq!(field(&response, "state").as_deref(), Some("st"), "{changes:?}");
            assert_eq!(field(&response, "iss"), Some(core.config().issuer()), "RFC 9207");
            assert!(field(&response, "code").is_none());
        }
        assert_eq!(count(&core, "SELECT COUNT(*) FROM interactions").await, 0);
    })
    .await;
}

/// D2: PKCE is for everybody, unless an administrator makes it optional for one confidential client.
#[tokio::test]
async fn pkce_can_be_optional_for_a_confidential_client_only() {
    on_both_engines(async |core: TestCore| {
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let lax = client(&core, "app", |settings| {
            settings.pkce_optional = true;
            settings.first_party = true;
        })
        .await;
        let without = [("code_challenge", ""), ("code_challenge_method", "")];
        let code = authorize(&ctx, &without).await;
        // RFC 9700 §4.8.2: a verifier where no challenge was is refused.
        assert_eq!(refusal(exchange(&core, &lax, &code).await), OAuthErrorCode::InvalidGrant);
        let cmd = ExchangeCode { code_verifier: None, ..exchange_of(&lax, &code) };
        assert!(exchange_code(&core.anonymous(), cmd).await.is_ok());
        // Who sends a challenge is held to it.
        let code = authorize(&ctx, &[]).await;
        let cmd = ExchangeCode { code_verifier: None, ..exchange_of(&lax, &code) };
        assert_eq!(refusal(exchange_code(&core.anonymous(), cmd).await), OAuthErrorCode::InvalidGrant);
        // A public client with the same setting (written past the check of settings) is still held to PKCE.
        reconfigure(&core, "app", |settings| settings.auth_method = TokenEndpointAuthMethod::None).await;
        assert_eq!(word(&begin(&ctx, &without).await.unwrap()), "invalid_request");
    })
    .await;
}

/// D2: a client that may not use codes is told so.
#[tokio::test]
async fn a_client_without_the_grant_is_told_so() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.grant_types = vec![GrantType::ClientCredentials]).await;
        assert_eq!(word(&begin(&core.anonymous(), &[]).await.unwrap()), "unauthorized_client");
    })
    .await;
}

/// D2: the port of a loopback address is free (RFC 8252 §7.3), and the code is bound to the one that was used.
#[tokio::test]
async fn a_native_application_may_listen_on_any_port() {
    on_both_engines(async |core: TestCore| {
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let native = client(&core, "app", |settings| {
            settings.redirect_uris = vec![RedirectUri::parse("http://127.0.0.1/cb").unwrap()];
            settings.auth_method = TokenEndpointAuthMethod::None;
        })
        .await;
        let code = authorize(&ctx, &[("redirect_uri", "http://127.0.0.1:49152/cb")]).await;
        let at = |uri: &str| ExchangeCode { redirect_uri: Some(uri.to_owned()), ..exchange_of(&native, &code) };
        let other = exchange_code(&core.anonymous(), at("http://127.0.0.1:49153/cb")).await;
        assert_eq!(refusal(other), OAuthErrorCode::InvalidGrant);
        assert!(exchange_code(&core.anonymous(), at("http://127.0.0.1:49152/cb")).await.is_ok());
    })
    .await;
}

/// D13: an interaction is answered once, ends after an hour, and dies with its client or redirect URI.
#[tokio::test]
async fn an_interaction_ends() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let handle = interaction(begin(&core.anonymous(), &[]).await.unwrap());
        let view = find_interaction(&core.anonymous(), &handle).await.unwrap().unwrap();
        assert_eq!((view.client_name.as_str(), view.signed_in, view.reauthenticate), ("Name of app", false, false));
        assert_eq!(view.redirect_origin, "https://app.example");

        let ctx = sign_in(&core, &mara).await;
        assert!(find_interaction(&ctx, &handle).await.unwrap().unwrap().signed_in);
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "consent");
        decide_consent(&ctx, allow(&handle)).await.unwrap();
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "code");
        assert!(matches!(resume(&ctx, &handle).await, Err(AuthorizationRefused::Gone)));
        assert!(find_interaction(&ctx, &handle).await.unwrap().is_none());
        assert!(matches!(decide_consent(&ctx, allow(&handle)).await, Err(DecideConsentError::Gone)));
        assert!(matches!(get_consent(&ctx, &handle).await, Err(GetConsentError::Gone)));

        let late = interaction(begin(&ctx, &[]).await.unwrap());
        let changed = interaction(begin(&ctx, &[]).await.unwrap());
        core.clock.advance(59 * MINUTE + 59 * SECOND);
        assert_eq!(word(&resume(&ctx, &late).await.unwrap()), "consent");
        reconfigure(&core, "app", |settings| settings.redirect_uris.clear()).await;
        assert!(matches!(resume(&ctx, &changed).await, Err(AuthorizationRefused::Untrusted { .. })));
        core.clock.advance(SECOND);
        assert!(matches!(resume(&ctx, &late).await, Err(AuthorizationRefused::Gone)));
        let unknown = PlainToken::generate(TokenKind::Interaction, core.entropy());
        assert!(matches!(resume(&ctx, &unknown).await, Err(AuthorizationRefused::Gone)));
    })
    .await;
}

/// D2: of 100 tabs that come back with one interaction exactly one gets a code.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_interaction_is_answered_once() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[]).await.unwrap());
        decide_consent(&ctx, allow(&handle)).await.unwrap();
        let tasks = (0..100).map(|_| {
            let (ctx, handle) = (ctx.clone(), handle.clone());
            tokio::spawn(async move { resume(&ctx, &handle).await.is_ok() })
        });
        let mut answered = 0;
        for task in tasks.collect::<Vec<_>>() {
            answered += i32::from(task.await.unwrap());
        }
        assert_eq!(answered, 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authorization_codes").await, 1);
    })
    .await;
}

/// A8, C3: a session that has ended, or is bound to an older stamp, signs nobody in here.
#[tokio::test]
async fn a_session_that_ended_counts_for_nothing() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.first_party = true).await;
        let mara = person(&core, "mara@x.example").await;
        for sql in [
            "UPDATE sessions SET ended_at = 1 WHERE user_id = $1",
            "UPDATE sessions SET security_stamp = user_id WHERE user_id = $1",
            "UPDATE sessions SET expires_at = 1 WHERE user_id = $1",
            "UPDATE users SET deleted_at = 1 WHERE id = $1",
        ] {
            let ctx = sign_in(&core, &mara).await;
            assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "code");
            execute_about(&core, sql, mara.id).await.unwrap();
            assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "sign-in", "{sql}");
        }
    })
    .await;
}
