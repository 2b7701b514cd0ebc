//! D9: what ends a session is told by calls (Back-Channel Logout 1.0).

use super::*;

/// D9, Back-Channel Logout §2.4, §2.5: each application that knows the session gets one token of its own, however often
/// it was used; those that do not want to hear, and those of other sessions, get none.
#[tokio::test]
async fn everybody_who_knows_the_session_is_told_once() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let (ctx, elsewhere) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
        let (a, b) = (client(&core, "a", &server, |_| {}).await, client(&core, "b", &server, |_| {}).await);
        let quiet = client(&core, "quiet", &server, |settings| settings.backchannel_logout_uri = None).await;
        for client in [&a, &a, &b, &quiet] {
            know(&core, &ctx, client).await;
        }
        let other = client(&core, "other", &server, |_| {}).await;
        know(&core, &elsewhere, &other).await;

        session::sign_out(&ctx).await.unwrap();
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 2, failed: 0 });
        let raw = server.heard.lock().unwrap()[0].1.clone();
        assert_eq!(read(&raw).0, "logout+jwt");
        let heard = server.take();
        assert_eq!(heard.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        let (user, session) = (ctx.user().unwrap().user_id.to_string(), session_of(&ctx).to_string());
        for (path, claims) in &heard {
            let expected = serde_json::json!({
                "iss": core.config().issuer(), "aud": &path[1..], "sub": user, "sid": session,
                "iat": core.now().as_secs(), "exp": core.now().as_secs() + 120, "jti": claims["jti"],
                "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            });
            assert_eq!(*claims, expected);
        }
        assert_ne!(heard[0].1["jti"], heard[1].1["jti"]);
        assert_eq!(deliver_all(&core).await, Delivery::default());
    })
    .await;
}

/// D9: whatever ends a session tells: the list of sessions, a new password, an operator's link; and somebody else who
/// signs in in the same browser.
#[tokio::test]
async fn every_end_tells() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        person(&core, TOVE).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let told = async |what: &str, ctx: &Ctx| {
            deliver_all(&core).await;
            let sids: Vec<_> = server.take().into_iter().map(|(_, claims)| claims["sid"].clone()).collect();
            assert_eq!(sids, [Value::from(session_of(ctx).to_string())], "{what}");
        };

        let (one, two) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
        know(&core, &one, &app).await;
        session::end_session(&two, EndSession { id: session_of(&one) }).await.unwrap();
        told("ended from another one", &one).await;

        let one = sign_in(&core, MARA).await;
        know(&core, &one, &app).await;
        session::end_other_sessions(&two).await.unwrap();
        told("all others ended", &one).await;

        know(&core, &two, &app).await;
        let cmd = account::ChangePassword {
            current: SecretString::from(PASSWORD),
            new: SecretString::from("Another-harbour-4481"),
        };
        let asking = sign_in(&core, MARA).await;
        account::change_password(&asking, cmd).await.unwrap();
        told("a new password", &two).await;
    })
    .await;
}

/// D9: the same person proves again who they are: nobody is told, and when the new session ends, an application is told
/// under each name it may know.
#[tokio::test]
async fn a_session_that_took_the_place_of_another_ends_under_both_names() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let first = sign_in(&core, MARA).await;
        know(&core, &first, &app).await;
        let second = sign_in(&core, MARA).await;
        session::replace_session(&first, session_of(&second), &[session_of(&first)]).await.unwrap();
        let third = sign_in(&core, MARA).await;
        session::replace_session(&second, session_of(&third), &[session_of(&second)]).await.unwrap();
        assert_eq!(waiting(&core).await, 0);
        session::sign_out(&third).await.unwrap();
        assert_eq!(deliver_all(&core).await.delivered, 3);
        let mut told: Vec<_> = server.take().into_iter().map(|(_, claims)| claims["sid"].clone()).collect();
        told.sort_by_key(Value::to_string);
        let mut expected: Vec<Value> = [&first, &second, &third].map(|ctx| session_of(ctx).to_string().into()).to_vec();
        expected.sort_by_key(Value::to_string);
        assert_eq!(told, expected);
    })
    .await;
}

/// D9, H2: a session that could not end told nobody.
#[tokio::test]
async fn the_message_belongs_to_the_transaction() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        let mut tx = core.db().write().await.unwrap();
        session::end_current(&mut tx, &ctx, None).await.unwrap();
        drop(tx);
        assert_eq!(waiting(&core).await, 0);
        assert!(session::resume_session(&core, session_of(&ctx)).await.unwrap().is_some());
    })
    .await;
}

/// D9, Back-Channel Logout §2.8: 204 is a yes as 200 is; 400 is a no for good; what is not ready is asked again, with a
/// fresh token, for about a day.
#[tokio::test]
async fn answers_decide_what_becomes_of_it() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let end = async || {
            let ctx = sign_in(&core, MARA).await;
            know(&core, &ctx, &app).await;
            session::sign_out(&ctx).await.unwrap();
        };
        for (status, arrived) in [(204, 1), (400, 0)] {
            end().await;
            server.answers(status);
            assert_eq!(deliver_all(&core).await.delivered, arrived, "{status}");
            assert_eq!(waiting(&core).await, 0, "{status}");
        }
        end().await;
        server.take();
        server.answers(503);
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
        core.clock.advance(Duration::from_secs(10));
        server.answers(302);
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
        let tries = server.take();
        let times: Vec<_> = tries.iter().map(|(_, claims)| claims["iat"].as_i64().unwrap()).collect();
        assert_eq!(times.iter().max().unwrap() - times.iter().min().unwrap(), 10);
        assert_ne!(tries[0].1["jti"], tries[1].1["jti"]);
        let start = core.now();
        while waiting(&core).await > 0 {
            core.clock.advance(Duration::from_mins(30));
            deliver_all(&core).await;
            assert!(core.now().since(start) < Duration::from_hours(48));
        }
        let kept: i64 = core
            .db()
            .read()
            .await
            .unwrap()
            .query("SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL")
            .scalar()
            .await
            .unwrap();
        assert_eq!(kept, 0);
    })
    .await;
}

/// D9: an application that does not answer holds up neither mail nor other applications' messages for long, and one whose
/// registration changed is told as it is registered now.
#[tokio::test]
async fn slow_applications_hold_up_no_mail() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        session::sign_out(&ctx).await.unwrap();
        server.hold();
        let calls = tokio::spawn({
            let core = core.core.clone();
            async move { deliver_all(&core).await }
        });
        let cmd = account::ForgotPassword { email: EmailAddress::try_from(MARA).unwrap(), return_to: None };
        account::forgot_password(&core.anonymous(), cmd).await.unwrap();
        let transport = Transport::new(&core.config().mail).unwrap();
        assert_eq!(outbox::deliver_lane(&core, &transport, outbox::Lane::Mail).await.unwrap().delivered, 1);
        server.let_go();
        assert_eq!(calls.await.unwrap().delivered, 1);

        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        session::sign_out(&ctx).await.unwrap();
        server.take();
        delete_client(&core.operator(), DeleteClient { client_id: "app".to_owned(), version: None }).await.unwrap();
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 1, failed: 0 });
        assert!(server.take().is_empty());
    })
    .await;
}

/// D9: where calls to this machine are not allowed, none is made, and none is tried again.
#[tokio::test]
async fn private_addresses_are_not_called() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let app = client(&core, "app", &server, |_| {}).await;
            let ctx = sign_in(&core, MARA).await;
            know(&core, &ctx, &app).await;
            session::sign_out(&ctx).await.unwrap();
            assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
            assert_eq!(waiting(&core).await, 0);
            assert!(server.take().is_empty());
        },
    )
    .await;
}
