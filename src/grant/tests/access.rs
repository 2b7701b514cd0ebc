//! D6: introspection, revocation, userinfo; what a remembered token is worth.

use super::*;
use crate::testing::on_both_engines;

async fn asked(core: &TestCore, client: &Arc<Client>, token: &str) -> Value {
    let cmd = Introspect { client: Arc::clone(client), token: SecretString::from(token), hint: None };
    serde_json::to_value(introspect(&core.anonymous(), cmd).await.unwrap().to_response()).unwrap()
}

async fn give_back(core: &TestCore, client: &Arc<Client>, token: &str) {
    let cmd = Revoke { client: Arc::clone(client), token: SecretString::from(token), hint: None };
    revoke(&core.anonymous(), cmd).await.unwrap();
}

/// D6: a client learns about its own tokens and about those that are meant for it, and nothing about others.
#[tokio::test]
async fn introspection_tells_only_whom_it_concerns() {
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| settings.audiences = vec!["https://api.example".to_owned()]).await;
        let stranger = client(&core, "stranger", |_| {}).await;
        let resource =
            client(&core, "api", |settings| settings.audiences = vec!["https://api.example".to_owned()]).await;
        let public = client(&core, "public", |settings| {
            settings.auth_method = TokenEndpointAuthMethod::None;
            settings.audiences = vec!["https://api.example".to_owned()];
        })
        .await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = tokens(&core, &ctx, "openid offline_access api:read").await;

        let told = asked(&core, &app, &issued.access_token).await;
        assert_eq!(told["active"], true);
        assert_eq!((&told["sub"], &told["client_id"]), (&mara.id.to_string().into(), &"app".into()));
        assert_eq!((&told["token_type"], &told["iss"]), (&"Bearer".into(), &core.config().issuer().into()));
        assert_eq!(told["scope"], "api:read offline_access openid");
        assert_eq!(told["aud"], serde_json::json!(["https://api.example", core.config().issuer()]));
        assert_eq!(asked(&core, &resource, &issued.access_token).await, told);
        let nothing = serde_json::json!({ "active": false });
        assert_eq!(asked(&core, &stranger, &issued.access_token).await, nothing);
        assert_eq!(asked(&core, &public, &issued.access_token).await, nothing);

        let refresh_token = issued.refresh_token.as_ref().unwrap().expose();
        let told = asked(&core, &app, refresh_token).await;
        assert_eq!((&told["active"], &told["scope"]), (&true.into(), &"api:read offline_access openid".into()));
        assert!(told.get("token_type").is_none());
        for client in [&stranger, &resource] {
            assert_eq!(asked(&core, client, refresh_token).await, nothing);
        }
        let (head, _) = issued.access_token.rsplit_once('.').unwrap();
        let id_token = issued.id_token.clone().unwrap();
        for text in ["", "x", "a.b.c", &id_token, &format!("{head}.AAAA"), &format!("{} ", issued.access_token)] {
            assert_eq!(asked(&core, &app, text).await, nothing, "{text}");
        }
        core.clock.advance(10 * MINUTE);
        assert_eq!(asked(&core, &app, &issued.access_token).await, nothing);
    })
    .await;
}

/// D6, RFC 7009: a refresh token goes with its family, an access token alone; others' tokens stay.
#[tokio::test]
async fn a_client_gives_tokens_back() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let stranger = client(&core, "stranger", |_| {}).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid offline_access").await;
        let refresh_token = issued.refresh_token.clone().unwrap();

        give_back(&core, &stranger, &issued.access_token).await;
        give_back(&core, &stranger, refresh_token.expose()).await;
        give_back(&core, &app, "no-such-token").await;
        assert!(is_active(&core, &app, &issued.access_token).await);
        assert_eq!(audited(&core, "tokens_revoked").await, 0);

        give_back(&core, &app, &issued.access_token).await;
        give_back(&core, &app, &issued.access_token).await;
        assert!(!is_active(&core, &app, &issued.access_token).await);
        assert_eq!(audited(&core, "tokens_revoked").await, 1);
        let next = rotate(&core, &app, &refresh_token).await.unwrap();
        assert!(is_active(&core, &app, &next.access_token).await);

        // Even by an old token: the client is done with the family.
        give_back(&core, &app, refresh_token.expose()).await;
        assert!(!is_active(&core, &app, &next.access_token).await);
        assert_eq!(
            refusal(rotate(&core, &app, next.refresh_token.as_ref().unwrap()).await),
            OAuthErrorCode::InvalidGrant
        );
        assert_eq!(audited(&core, "tokens_revoked").await, 2);
    })
    .await;
}

/// A8, C3, D6: a remembered token is forgotten at once when something about its person, client or key changes.
#[tokio::test]
async fn a_remembered_token_does_not_outlive_its_person() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        for sql in [
            "UPDATE users SET is_active = (1 = 0) WHERE id = $1",
            "UPDATE users SET deleted_at = 1 WHERE id = $1",
            "UPDATE users SET security_stamp = id WHERE id = $1",
            "UPDATE sessions SET ended_at = 1 WHERE user_id = $1",
            "UPDATE grants SET revoked_at = 1 WHERE user_id = $1",
            "DELETE FROM grants WHERE user_id = $1",
        ] {
            let ctx = sign_in(&core, &mara).await;
            let issued = tokens(&core, &ctx, "openid").await;
            for _ in 0..2 {
                assert!(is_active(&core, &app, &issued.access_token).await);
            }
            execute_about(&core, sql, mara.id).await.unwrap();
            assert!(!is_active(&core, &app, &issued.access_token).await, "{sql}");
            let info = user_info(&core.anonymous(), &issued.access_token).await;
            assert!(matches!(info, Err(UserInfoError::InvalidToken)), "{sql}");
            // As it was, for the next round.
            let mut tx = core.db().write().await.unwrap();
            tx.query("UPDATE users SET is_active = (1 = 1), deleted_at = NULL, security_stamp = $2 WHERE id = $1")
                .bind(mara.id)
                .bind(mara.stamp)
                .execute()
                .await
                .unwrap();
            tx.touch(mara.id);
            tx.commit().await.unwrap();
        }
    })
    .await;
}

/// D7: a token whose key was revoked in an emergency is worth nothing, remembered or not.
#[tokio::test]
async fn a_remembered_token_does_not_outlive_its_key() {
    use crate::{
        keys::{RevokeKey, revoke_key},
        protocol::jwt::decode_unverified_header,
    };
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid").await;
        assert!(is_active(&core, &app, &issued.access_token).await);
        let kid = decode_unverified_header(&issued.access_token).unwrap().kid;
        revoke_key(&core.operator(), RevokeKey { kid: kid.unwrap() }).await.unwrap();
        assert!(!is_active(&core, &app, &issued.access_token).await);
    })
    .await;
}

/// D6, RFC 6750: userinfo tells what was granted, as it is now, and to nobody else.
#[tokio::test]
async fn userinfo_tells_what_was_granted() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = tokens(&core, &ctx, "openid email offline_access").await;
        let info = user_info(&core.anonymous(), &issued.access_token).await.unwrap().claims().unwrap().clone();
        let expected =
            serde_json::json!({ "sub": mara.id.to_string(), "email": "mara@x.example", "email_verified": true });
        assert_eq!(Value::from(info), expected);
        execute_about(&core, "UPDATE users SET email = 'new@x.example' WHERE id = $1", mara.id).await.unwrap();
        let info = user_info(&core.anonymous(), &issued.access_token).await.unwrap().claims().unwrap().clone();
        assert_eq!(info["email"], "new@x.example");
        // A token that was narrowed tells less.
        let narrow =
            Refresh { scope: Some(scopes("openid")), ..refresh_of(&app, issued.refresh_token.as_ref().unwrap()) };
        let narrow = refresh(&core.anonymous(), narrow).await.unwrap();
        assert_eq!(user_info(&core.anonymous(), &narrow.access_token).await.unwrap().claims().unwrap().len(), 1);
        let without = tokens(&core, &ctx, "api:read").await;
        let refused = user_info(&core.anonymous(), &without.access_token).await;
        assert!(matches!(refused, Err(UserInfoError::InsufficientScope)));
        for wrong in ["", "a.b.c", issued.id_token.as_deref().unwrap()] {
            assert!(matches!(user_info(&core.anonymous(), wrong).await, Err(UserInfoError::InvalidToken)));
        }
        core.clock.advance(10 * MINUTE);
        let late = user_info(&core.anonymous(), &issued.access_token).await;
        assert!(matches!(late, Err(UserInfoError::InvalidToken)));
    })
    .await;
}

/// C3: revoking for other areas: a session, a user, a user but for one session.
#[tokio::test]
async fn grants_end_with_sessions_and_users() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let (one, two, three) = (sign_in(&core, &mara).await, sign_in(&core, &mara).await, sign_in(&core, &mara).await);
        let mut issued = Vec::new();
        for ctx in [&one, &two, &three] {
            issued.push(tokens(&core, ctx, "openid").await.access_token);
        }
        let alive = async || {
            let mut alive = Vec::new();
            for token in &issued {
                alive.push(is_active(&core, &app, token).await);
            }
            alive
        };
        assert_eq!(alive().await, [true, true, true]);
        let mut tx = core.db().write().await.unwrap();
        assert_eq!(revoke::revoke_of_session(&mut tx, &one, session_of(&one), "test").await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(alive().await, [false, true, true]);
        let mut tx = core.db().write().await.unwrap();
        let except = Some(session_of(&three));
        assert_eq!(revoke::revoke_of_user(&mut tx, &one, mara.id, except, "test").await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(alive().await, [false, false, true]);
        let mut tx = core.db().write().await.unwrap();
        assert_eq!(revoke::revoke_of_user(&mut tx, &one, mara.id, None, "test").await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(alive().await, [false, false, false]);
    })
    .await;
}
