//! D2, D5: a code becomes tokens, once.

use super::*;
use crate::testing::on_both_engines;

/// D5, D6: what is in the tokens.
#[tokio::test]
async fn a_code_becomes_tokens() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let auth_time = core.now().as_secs();
        core.clock.advance(MINUTE);
        let code = authorize(&ctx, &[("scope", "openid email profile offline_access")]).await;
        core.clock.advance(SECOND);
        let issued = exchange(&core, &app, &code).await.unwrap();
        let now = core.now().as_secs();

        let id = claims(issued.id_token.as_ref().unwrap());
        let iss = core.config().issuer();
        for (name, expected) in [
            ("iss", Value::from(iss.clone())),
            ("sub", mara.id.to_string().into()),
            ("aud", "app".into()),
            ("azp", "app".into()),
            ("exp", (now + 600).into()),
            ("iat", now.into()),
            ("nonce", "n-1".into()),
            ("auth_time", auth_time.into()),
            ("acr", ACR_PASSWORD.into()),
            ("amr", serde_json::json!(["pwd"])),
            ("sid", session_of(&ctx).to_string().into()),
            ("email", "mara@x.example".into()),
            ("email_verified", true.into()),
            ("name", "Mara Lindqvist".into()),
            ("given_name", "Mara".into()),
            ("preferred_username", "mara".into()),
            ("updated_at", 5.into()),
        ] {
            assert_eq!(id[name], expected, "{name}");
        }
        let at_hash =
            crate::protocol::id_token::left_half_hash(crate::protocol::SigningAlg::Es256, &issued.access_token);
        assert_eq!(id["at_hash"], at_hash);
        // Not asked for, empty, or nobody's business; and no code in this answer to hash.
        for name in ["phone_number", "zoneinfo", "secret_note", "c_hash"] {
            assert!(id.get(name).is_none(), "{name}");
        }

        let access = claims(&issued.access_token);
        for (name, expected) in [
            ("iss", Value::from(iss.clone())),
            ("sub", mara.id.to_string().into()),
            ("aud", iss.into()),
            ("client_id", "app".into()),
            ("exp", (now + 600).into()),
            ("iat", now.into()),
            ("scope", "email offline_access openid profile".into()),
            ("sid", session_of(&ctx).to_string().into()),
            ("auth_time", auth_time.into()),
        ] {
            assert_eq!(access[name], expected, "{name}");
        }
        // D5: only first-party tokens carry the person's address.
        assert!(access.get("email").is_none() && access.get("preferred_username").is_none());
        assert_eq!((issued.expires_in, issued.to_response().expires_in), (600, 600));
        assert_eq!(audited(&core, "tokens_issued").await, 1);
    })
    .await;
}

/// D5: a lean ID token leaves the claims of scopes to userinfo and carries those asked for by name.
#[tokio::test]
async fn claims_by_name_come_where_they_are_asked_for() {
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| settings.lean_id_token = true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let asked = r#"{"id_token":{"name":null,"phone_number":{"essential":true},"address":null,"iss":null},
            "userinfo":{"given_name":null}}"#;
        let step = begin(&ctx, &[("scope", "openid email"), ("claims", asked)]).await.unwrap();
        let handle = interaction(step);
        // Phone is optional, and is left out.
        let yes = DecideConsent { granted_optional: Vec::new(), ..allow(&handle) };
        decide_consent(&ctx, yes).await.unwrap();
        let issued = exchange(&core, &app, &code(&resume(&ctx, &handle).await.unwrap())).await.unwrap();
        assert_eq!(issued.scope, scopes("openid email"), "asking for claims grants no scope");
        let id = claims(issued.id_token.as_ref().unwrap());
        assert_eq!(id["name"], "Mara Lindqvist");
        for name in ["email", "given_name", "phone_number", "address"] {
            assert!(id.get(name).is_none(), "{name}");
        }
        let info = user_info(&core.anonymous(), &issued.access_token).await.unwrap().claims().unwrap().clone();
        assert_eq!((info["email"].as_str(), info["given_name"].as_str()), (Some("mara@x.example"), Some("Mara")));
        assert!(!info.contains_key("name") && !info.contains_key("phone_number"));
    })
    .await;
}

/// D7: ID tokens are signed with what the client asked for, access tokens with ES256.
#[tokio::test]
async fn a_client_may_want_rs256() {
    use crate::protocol::{SigningAlg, jwt::decode_unverified_header};
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.id_token_alg = SigningAlg::Rs256).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid").await;
        assert_eq!(decode_unverified_header(&issued.id_token.unwrap()).unwrap().alg, SigningAlg::Rs256);
        assert_eq!(decode_unverified_header(&issued.access_token).unwrap().alg, SigningAlg::Es256);
    })
    .await;
}

/// D2: a code lives 60 seconds.
#[tokio::test]
async fn a_code_expires() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let (early, late) = (authorize(&ctx, &[]).await, authorize(&ctx, &[]).await);
        core.clock.advance(59 * SECOND);
        assert!(exchange(&core, &app, &early).await.is_ok());
        core.clock.advance(SECOND);
        assert_eq!(refusal(exchange(&core, &app, &late).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// D2: bound to client, redirect URI and verifier; who brings the wrong ones changes nothing.
#[tokio::test]
async fn a_code_is_bound_and_not_burnt_by_strangers() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let other = client(&core, "other", |_| {}).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let code = authorize(&ctx, &[("scope", "openid offline_access")]).await;
        let verifier = CodeVerifier::parse(&"v".repeat(43)).unwrap();
        let right = || exchange_of(&app, &code);
        for (cmd, expected) in [
            (exchange_of(&other, &code), OAuthErrorCode::InvalidGrant),
            (ExchangeCode { code_verifier: Some(verifier), ..right() }, OAuthErrorCode::InvalidGrant),
            (ExchangeCode { code_verifier: None, ..right() }, OAuthErrorCode::InvalidGrant),
            (ExchangeCode { redirect_uri: None, ..right() }, OAuthErrorCode::InvalidRequest),
            (ExchangeCode { redirect_uri: Some(format!("{REDIRECT}?")), ..right() }, OAuthErrorCode::InvalidGrant),
            (ExchangeCode { code: SecretString::from("ost_ac_x"), ..right() }, OAuthErrorCode::InvalidGrant),
            (ExchangeCode { code: SecretString::from(""), ..right() }, OAuthErrorCode::InvalidGrant),
        ] {
            assert_eq!(refusal(exchange_code(&core.anonymous(), cmd).await), expected);
        }
        let issued = exchange(&core, &app, &code).await.unwrap();
        // The same once it is used: a stranger's replay ends nothing.
        let cmd = ExchangeCode { code_verifier: None, ..right() };
        assert_eq!(refusal(exchange_code(&core.anonymous(), cmd).await), OAuthErrorCode::InvalidGrant);
        assert_eq!(refusal(exchange(&core, &other, &code).await), OAuthErrorCode::InvalidGrant);
        assert!(is_active(&core, &app, &issued.access_token).await);
        assert_eq!(audited(&core, "code_replayed").await, 0);
    })
    .await;
}

/// D2: replay revokes what it issued, and is put on record once.
#[tokio::test]
async fn a_replayed_code_ends_what_it_issued() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let other = tokens(&core, &ctx, "openid offline_access").await;
        let code = authorize(&ctx, &[("scope", "openid offline_access")]).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        assert!(is_active(&core, &app, &issued.access_token).await);
        core.clock.advance(5 * MINUTE);
        for _ in 0..3 {
            assert_eq!(refusal(exchange(&core, &app, &code).await), OAuthErrorCode::InvalidGrant);
        }
        assert!(!is_active(&core, &app, &issued.access_token).await);
        let refreshed = rotate(&core, &app, issued.refresh_token.as_ref().unwrap()).await;
        assert_eq!(refusal(refreshed), OAuthErrorCode::InvalidGrant);
        assert_eq!(audited(&core, "code_replayed").await, 1);
        // Another sign-in of the same person at the same application goes on.
        assert!(is_active(&core, &app, &other.access_token).await);
    })
    .await;
}

/// D2: 100 tasks race to use one code: exactly one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_tasks_and_one_code() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let code = authorize(&ctx, &[("scope", "openid offline_access")]).await;
        let tasks = (0..100).map(|_| {
            let (ctx, cmd) = (core.anonymous(), exchange_of(&app, &code));
            tokio::spawn(async move { exchange_code(&ctx, cmd).await })
        });
        let mut winners = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            match task.await.unwrap() {
                Ok(issued) => winners.push(issued),
                Err(TokenError::Refused(error)) => assert_eq!(error.code(), OAuthErrorCode::InvalidGrant),
                Err(error @ (TokenError::Internal(_) | TokenError::TooMany(_))) => panic!("{error:?}"),
            }
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM refresh_tokens").await, 1);
        // The other 99 were replays.
        assert!(!is_active(&core, &app, &winners[0].access_token).await);
        assert_eq!(audited(&core, "code_replayed").await, 1);
        assert_eq!(audited(&core, "tokens_issued").await, 1);
    })
    .await;
}

/// A8, C3: a code of a session that ended meanwhile is worth nothing.
#[tokio::test]
async fn a_code_dies_with_its_session() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let code = authorize(&ctx, &[]).await;
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(refusal(exchange(&core, &app, &code).await), OAuthErrorCode::InvalidGrant);
        let ctx = sign_in(&core, &mara).await;
        let code = authorize(&ctx, &[]).await;
        execute_about(&core, "UPDATE users SET security_stamp = id WHERE id = $1", mara.id).await.unwrap();
        assert_eq!(refusal(exchange(&core, &app, &code).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// D12: what has expired goes, and what lives stays.
#[tokio::test]
async fn clean_up_takes_what_has_expired() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        begin(&ctx, &[]).await.unwrap();
        tokens(&core, &ctx, "openid").await;
        let lasting = tokens(&core, &ctx, "openid offline_access").await;
        assert_eq!(clean_up(&core).await.unwrap(), 0);
        core.clock.advance(2 * DAY);
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM interactions").await, 0);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authorization_codes").await, 0);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM grants").await, 1);
        assert!(rotate(&core, &app, lasting.refresh_token.as_ref().unwrap()).await.is_ok());
        core.clock.advance(90 * DAY);
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM grants").await, 0);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM refresh_tokens").await, 0);
    })
    .await;
}
