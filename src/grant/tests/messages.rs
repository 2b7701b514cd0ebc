//! D2, D6, D7: what is signed for one client, and encrypted for it.

use super::*;
use crate::{
    client::{
        AuthenticateClient, ContentEncryptionAlg, Encryption, KeyManagementAlg, RotateClientSecret, SettingsProblem,
        authenticate_client, rotate_client_secret,
    },
    protocol::{ClientCredentials, ForeignJws, ForeignKeys, SigningAlg, id_token::left_half_hash},
    testing::{Recipient, TestWeb, on_both_engines},
};

/// Our published keys, as a client has them.
async fn published(core: &TestCore) -> ForeignKeys {
    ForeignKeys::parse(&serde_json::json!(*core.keyring().jwks(core).await.unwrap())).unwrap()
}

/// The type and the claims of a token, verified with our published keys and nothing but `alg`.
async fn verified(core: &TestCore, jwt: &str, alg: SigningAlg) -> (String, Value) {
    let token = ForeignJws::parse(jwt).unwrap();
    assert!(token.kid().is_some());
    let claims = token.verify(&published(core).await, &[alg]).unwrap().clone();
    (token.typ().unwrap().to_owned(), claims.into())
}

fn encryption(alg: KeyManagementAlg, enc: ContentEncryptionAlg) -> Encryption {
    Encryption { alg, enc }
}

/// D7, OIDC Core §2, §3.1.3.6: every algorithm of ours, with `at_hash` by the hash that belongs to it.
#[tokio::test]
async fn id_tokens_by_every_algorithm() {
    on_both_engines(async |core: TestCore| {
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        for &alg in SigningAlg::ASYMMETRIC {
            let id = alg.as_str().to_lowercase();
            let app = client(&core, &id, |settings| settings.id_token_alg = alg).await;
            let issued = exchange(&core, &app, &authorize(&ctx, &[("client_id", &id)]).await).await.unwrap();
            let (typ, claims) = verified(&core, &issued.id_token.unwrap(), alg).await;
            assert_eq!((typ.as_str(), &claims["aud"]), ("jwt", &Value::from(id)));
            assert_eq!(claims["at_hash"], left_half_hash(alg, &issued.access_token));
            // Whatever the ID token is signed with, resources read one algorithm.
            assert_eq!(ForeignJws::parse(&issued.access_token).unwrap().alg(), SigningAlg::Es256);
        }
    })
    .await;
}

/// D7, D11, OIDC Core §10.1: while two secrets are live, an ID token is signed with the one that the client proved itself by,
/// which it has for certain; with the newest where it proved itself by none. As a hint, either is good until it ends.
#[tokio::test]
async fn id_tokens_while_the_secret_is_rotated() {
    on_both_engines(async |core: TestCore| {
        let hs256 = |settings: &mut ClientSettings| {
            settings.id_token_alg = SigningAlg::Hs256;
            settings.first_party = true;
        };
        let app = client(&core, "app", hs256).await;
        let [old] = app.shared_secrets(&core, core.now()).try_into().unwrap();
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        core.clock.advance(SECOND);
        let rotate = RotateClientSecret { client_id: "app".to_owned(), keep_old_for: MINUTE };
        let new = rotate_client_secret(&core.operator(), rotate).await.unwrap().client_secret;
        let new = SecretString::from(new.expose());
        let signed_by = |jwt: &str, secret: &SecretString| {
            ForeignJws::parse(jwt).unwrap().verify(&ForeignKeys::from_secret(secret), &[SigningAlg::Hs256]).is_ok()
        };
        let prove = async |secret: &SecretString| {
            let secret = SecretString::from(secret.expose());
            let credentials = ClientCredentials::Basic { client_id: "app".to_owned(), secret };
            let endpoint = core.config().url("/connect/token");
            let shown = AuthenticateClient { credentials: &credentials, endpoint: &endpoint, certificate: None };
            authenticate_client(&core.anonymous(), shown).await.unwrap()
        };
        let mut issued = Vec::new();
        for (client, used, other) in [
            (prove(&old).await, &old, &new),
            (prove(&new).await, &new, &old),
            (find_client(&core, "app").await.unwrap().unwrap(), &new, &old),
        ] {
            let given = authorize(&ctx, &[("scope", "openid offline_access")]).await;
            let tokens = exchange(&core, &client, &given).await.unwrap();
            let next = super::rotate(&core, &client, &tokens.refresh_token.unwrap()).await.unwrap();
            for jwt in [tokens.id_token.unwrap(), next.id_token.unwrap()] {
                assert!(signed_by(&jwt, used) && !signed_by(&jwt, other));
                issued.push(jwt);
            }
        }
        let hints = async |expected: [&str; 2]| {
            for (jwt, expected) in [&issued[0], &issued[2]].into_iter().zip(expected) {
                let asked = begin(&ctx, &[("id_token_hint", jwt), ("prompt", "none")]).await.unwrap();
                assert_eq!(word(&asked), expected);
            }
        };
        hints(["code", "code"]).await;
        core.clock.advance(MINUTE);
        hints(["invalid_request", "code"]).await;
    })
    .await;
}

/// D7, OIDC Core §10.1: HS256 with the client's own secret, for whoever asks for it; the token is good as a hint, too.
#[tokio::test]
async fn id_tokens_by_a_shared_secret() {
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| {
            settings.id_token_alg = SigningAlg::Hs256;
            settings.first_party = true;
        })
        .await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let jwt = exchange(&core, &app, &authorize(&ctx, &[]).await).await.unwrap().id_token.unwrap();
        let token = ForeignJws::parse(&jwt).unwrap();
        assert_eq!((token.alg(), token.kid()), (SigningAlg::Hs256, None));
        let [secret] = app.shared_secrets(&core, core.now()).try_into().unwrap();
        assert!(token.verify(&ForeignKeys::from_secret(&secret), &[SigningAlg::Hs256]).is_ok());
        assert!(token.verify(&published(&core).await, SigningAlg::ALL).is_err());

        assert_eq!(word(&begin(&ctx, &[("id_token_hint", &jwt), ("prompt", "none")]).await.unwrap()), "code");
        let other = client(&core, "other", |settings| settings.id_token_alg = SigningAlg::Hs256).await;
        let request = [("client_id", "other"), ("id_token_hint", &jwt)];
        assert_eq!(word(&begin(&ctx, &request).await.unwrap()), "invalid_request");
        assert!(other.shared_secrets(&core, core.now()).iter().all(|other| other.expose() != secret.expose()));

        // A client that shares no secret: nothing of it is kept in the clear, and nothing is signed with it.
        let plain = client(&core, "plain", |_| {}).await;
        assert!(plain.shared_secrets(&core, core.now()).is_empty());
        let forged = crate::protocol::jwt::sign_with_secret(
            &"s".repeat(32).as_str().into(),
            crate::protocol::TokenType::Jwt,
            &claims(&jwt),
        );
        let request = [("client_id", "plain"), ("id_token_hint", &forged.unwrap())];
        assert_eq!(word(&begin(&ctx, &request).await.unwrap()), "invalid_request");
        let plain = reconfigure(&core, "plain", |settings| settings.id_token_alg = SigningAlg::Hs256).await;
        let code = authorize(&ctx, &[("client_id", "plain")]).await;
        assert!(matches!(exchange(&core, &plain, &code).await, Err(TokenError::Internal(_))));
    })
    .await;
}

/// OIDC Core §10.2: signed first, then encrypted to the key the client registered.
#[tokio::test]
async fn id_tokens_are_encrypted() {
    let recipient = Recipient::default();
    on_both_engines(async |core: TestCore| {
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        for &alg in KeyManagementAlg::ALL {
            for &enc in ContentEncryptionAlg::ALL {
                let id = format!("{alg}.{enc}");
                let app = client(&core, &id, |settings| {
                    settings.jwks = Some(recipient.jwks());
                    settings.id_token_encryption = Some(encryption(alg, enc));
                })
                .await;
                let issued = exchange(&core, &app, &authorize(&ctx, &[("client_id", &id)]).await).await.unwrap();
                let (header, jwt) = recipient.open(&issued.id_token.unwrap()).unwrap();
                assert_eq!((&header["alg"], &header["enc"]), (&alg.as_str().into(), &enc.as_str().into()));
                assert_eq!(header["cty"], "JWT");
                assert_eq!(verified(&core, &jwt, SigningAlg::Es256).await.1["aud"], id);
            }
        }
        // Without a key that fits, nothing is sent in the clear instead.
        let lost =
            reconfigure(&core, "ECDH-ES.A256GCM", |settings| settings.jwks = Some(serde_json::json!({ "keys": [] })));
        let lost = lost.await;
        let code = authorize(&ctx, &[("client_id", &lost.id)]).await;
        assert!(matches!(exchange(&core, &lost, &code).await, Err(TokenError::Internal(_))));
    })
    .await;
}

/// OIDC Core §10.2.1: the key comes from where the client publishes its keys.
#[tokio::test]
async fn the_key_is_fetched() {
    let (web, recipient) = (TestWeb::http().await, Recipient::default());
    web.put_json("/jwks", &recipient.jwks());
    let core = TestCore::sqlite_with(|config| web.open(&mut config.fetch)).await;
    let app = client(&core, "app", |settings| {
        settings.jwks_uri = Some(web.url("/jwks"));
        settings.id_token_encryption =
            Some(encryption(KeyManagementAlg::RsaOaep256, ContentEncryptionAlg::A128CbcHs256));
    })
    .await;
    let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
    let issued = exchange(&core, &app, &authorize(&ctx, &[]).await).await.unwrap();
    let (header, _) = recipient.open(&issued.id_token.unwrap()).unwrap();
    assert_eq!(header["kid"], "rsa-enc");
}

/// OIDC Core §5.3.2: userinfo signed, encrypted, or both; `iss` and `aud` are in it, and it is no ID token.
#[tokio::test]
async fn userinfo_in_every_form() {
    let recipient = Recipient::default();
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid email").await;
        let ask = async || match user_info(&core.anonymous(), &issued.access_token).await.unwrap() {
            UserInfo::Jwt(jwt) => jwt,
            UserInfo::Claims(_) => panic!("not signed"),
        };
        let check = |claims: &Value| {
            assert_eq!((&claims["aud"], &claims["email"]), (&"app".into(), &"mara@x.example".into()));
            assert_eq!(claims["iss"], core.grants().issuer());
            assert!(claims["sub"].is_string() && claims.get("exp").is_none() && claims.get("iat").is_none());
        };
        for &alg in SigningAlg::ASYMMETRIC {
            reconfigure(&core, "app", |settings| settings.userinfo_signed_response_alg = Some(alg)).await;
            let (_, claims) = verified(&core, &ask().await, alg).await;
            check(&claims);
            let hint = ask().await;
            assert_eq!(word(&begin(&ctx, &[("id_token_hint", &hint)]).await.unwrap()), "invalid_request");
        }
        reconfigure(&core, "app", |settings| {
            settings.jwks = Some(recipient.jwks());
            settings.userinfo_encryption =
                Some(encryption(KeyManagementAlg::EcdhEs, ContentEncryptionAlg::A128CbcHs256));
        })
        .await;
        let (header, jwt) = recipient.open(&ask().await).unwrap();
        assert_eq!(header["cty"], "JWT");
        check(&verified(&core, &jwt, SigningAlg::EdDsa).await.1);
        reconfigure(&core, "app", |settings| settings.userinfo_signed_response_alg = None).await;
        let (header, json) = recipient.open(&ask().await).unwrap();
        assert!(header.get("cty").is_none());
        check(&serde_json::from_str(&json).unwrap());
    })
    .await;
}

fn signed_answer(step: &AuthorizationStep) -> String {
    let AuthorizationStep::Respond(answer) = step else { panic!("{step:?}") };
    let [(name, token)] = answer.fields() else { panic!("{answer:?}") };
    assert_eq!(*name, "response");
    token.clone()
}

/// JARM §2: code and error alike are claims of one token, which is for this client and soon over.
#[tokio::test]
async fn authorization_answers_are_signed() {
    let recipient = Recipient::default();
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| settings.first_party = true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let is_ours = |claims: &Value| {
            assert_eq!((&claims["iss"], &claims["aud"]), (&core.grants().issuer().into(), &"app".into()));
            assert_eq!(claims["state"], "st");
            let life = claims["exp"].as_i64().unwrap() - core.now().as_secs();
            assert!((60..=600).contains(&life), "{life}");
        };
        for mode in ["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] {
            let step = begin(&ctx, &[("response_mode", mode)]).await.unwrap();
            let (_, claims) = verified(&core, &signed_answer(&step), SigningAlg::Es256).await;
            is_ours(&claims);
            exchange(&core, &app, claims["code"].as_str().unwrap()).await.unwrap();
        }
        for (changes, error) in [
            (&[("response_mode", "jwt"), ("scope", "nothing:known")][..], "invalid_scope"),
            (&[("response_mode", "jwt"), ("response_type", "token")], "unsupported_response_type"),
        ] {
            let step = begin(&core.anonymous(), changes).await.unwrap();
            let (_, claims) = verified(&core, &signed_answer(&step), SigningAlg::Es256).await;
            is_ours(&claims);
            assert_eq!(claims["error"], error);
        }
        reconfigure(&core, "app", |settings| {
            settings.authorization_signed_response_alg = Some(SigningAlg::Ps256);
            settings.jwks = Some(recipient.jwks());
            settings.authorization_encryption =
                Some(encryption(KeyManagementAlg::RsaOaep256, ContentEncryptionAlg::A256Gcm));
        })
        .await;
        let step = begin(&ctx, &[("response_mode", "jwt")]).await.unwrap();
        let (header, jwt) = recipient.open(&signed_answer(&step)).unwrap();
        assert_eq!((&header["alg"], &header["cty"]), (&"RSA-OAEP-256".into(), &"JWT".into()));
        is_ours(&verified(&core, &jwt, SigningAlg::Ps256).await.1);
    })
    .await;
}

/// RFC 9701 §5: the answer is one claim of a token of its own type, for the client that asked, and cannot be spent.
#[tokio::test]
async fn introspection_is_signed() {
    on_both_engines(async |core: TestCore| {
        let app =
            client(&core, "app", |settings| settings.introspection_signed_response_alg = Some(SigningAlg::Rs256)).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid").await;
        for (token, active) in [(issued.access_token.as_str(), true), ("nothing", false)] {
            let cmd = Introspect { client: Arc::clone(&app), token: token.into(), hint: None };
            let found = introspect(&core.anonymous(), cmd).await.unwrap();
            let jwt = sign_introspection(&core.anonymous(), &app, &found).await.unwrap();
            let (typ, claims) = verified(&core, &jwt, SigningAlg::Rs256).await;
            assert_eq!(typ, "token-introspection+jwt");
            assert_eq!((&claims["iss"], &claims["aud"]), (&core.grants().issuer().into(), &"app".into()));
            assert_eq!(claims["iat"], core.now().as_secs());
            assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
            assert_eq!(claims["token_introspection"], serde_json::to_value(found.to_response()).unwrap());
            assert_eq!(claims["token_introspection"]["active"], active);
            assert!(!is_active(&core, &app, &jwt).await);
        }
    })
    .await;
}

/// D7: HS256 is for ID tokens of clients that can keep a secret; whoever wants encryption brings a key.
#[test]
fn settings_that_cannot_work() {
    let check = |change: &dyn Fn(&mut ClientSettings)| {
        let mut settings =
            ClientSettings { redirect_uris: vec![RedirectUri::parse(REDIRECT).unwrap()], ..ClientSettings::default() };
        change(&mut settings);
        settings.check()
    };
    let (hs256, gcm) = (SigningAlg::Hs256, Some(encryption(KeyManagementAlg::EcdhEs, ContentEncryptionAlg::A256Gcm)));
    assert_eq!(check(&|settings| settings.id_token_alg = hs256), Ok(()));
    let public = check(&|settings| {
        settings.auth_method = TokenEndpointAuthMethod::None;
        settings.id_token_alg = hs256;
    });
    assert_eq!(public, Err(SettingsProblem::SharedSecret));
    let messages: [fn(&mut ClientSettings) -> &mut Option<SigningAlg>; 3] = [
        |settings| &mut settings.userinfo_signed_response_alg,
        |settings| &mut settings.authorization_signed_response_alg,
        |settings| &mut settings.introspection_signed_response_alg,
    ];
    for message in messages {
        assert_eq!(check(&|settings| *message(settings) = Some(hs256)), Err(SettingsProblem::SharedSecret));
        assert_eq!(check(&|settings| *message(settings) = Some(SigningAlg::Ps256)), Ok(()));
    }
    let encrypted: [fn(&mut ClientSettings) -> &mut Option<Encryption>; 3] = [
        |settings| &mut settings.id_token_encryption,
        |settings| &mut settings.userinfo_encryption,
        |settings| &mut settings.authorization_encryption,
    ];
    for message in encrypted {
        let without = check(&|settings| *message(settings) = gcm);
        assert_eq!(without, Err(SettingsProblem::EncryptionWithoutKeys));
        let with = check(&|settings| {
            *message(settings) = gcm;
            settings.jwks = Some(serde_json::json!({ "keys": [] }));
        });
        assert_eq!(with, Ok(()));
    }
}
