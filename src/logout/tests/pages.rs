//! D9: what pages do: the request that waits for the person, and the pages of applications that are loaded.

use super::*;

/// D9, RP-Initiated Logout §2: who is not known to hold the session's ID token is asked; the request waits ten minutes
/// and then leads nowhere, but the person is still signed out.
#[tokio::test]
async fn a_request_waits_for_the_person() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let bye = "https://app.example/bye";
            client(&core, "app", &server, |settings| {
                settings.post_logout_redirect_uris = vec![RedirectUri::parse(bye).unwrap()];
            })
            .await;
            let ctx = sign_in(&core, MARA).await;
            let begin = async |ctx: &Ctx| {
                let query = format!("client_id=app&state=s&post_logout_redirect_uri={bye}");
                begin_logout(ctx, BeginLogout { params: Params::parse(query.as_bytes()).unwrap() }).await.unwrap()
            };
            let LogoutStep::Ask { logout } = begin(&ctx).await else { panic!("not asked") };
            let view = find_logout(&ctx, &logout).await.unwrap().unwrap();
            assert_eq!(view.client.unwrap().name, "Blockyard");
            assert_eq!(view.way_back.as_deref(), Some("https://app.example/bye?state=s"));
            assert_eq!(view.redirect_origin.as_deref(), Some("https://app.example"));
            // Nobody has decided yet.
            assert!(session::resume_session(&core, session_of(&ctx)).await.unwrap().is_some());
            // In a browser where nobody is signed in, nothing has to be asked.
            let step = begin(&core.anonymous()).await;
            assert!(
                matches!(step, LogoutStep::Done(LoggedOut::Return { to }) if to == "https://app.example/bye?state=s")
            );

            core.clock.advance(core.config().tokens.interaction_ttl);
            assert_eq!(find_logout(&ctx, &logout).await.unwrap(), None);
            let done = complete_logout(&ctx, CompleteLogout { logout: Some(logout) }).await.unwrap();
            assert!(matches!(done, LoggedOut::Page { logout: None }));
            assert_eq!(session::resume_session(&core, session_of(&ctx)).await.unwrap(), None);
            assert_eq!(crate::jobs::clean_up(&core).await.unwrap().rows, 1);
        },
    )
    .await;
}

/// D9, Front-Channel Logout §2, §3: the signed-out page loads the page of each application that knows the session, with
/// issuer and session where they are asked for, also when the button is pressed twice.
#[tokio::test]
async fn front_channel_pages_of_the_session_are_loaded() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let front = |page: &'static str, required: bool| {
                move |settings: &mut ClientSettings| {
                    settings.backchannel_logout_uri = None;
                    settings.frontchannel_logout_uri = Some(page.parse().unwrap());
                    settings.frontchannel_logout_session_required = required;
                }
            };
            let plain = client(&core, "plain", &server, front("https://app.example/out?x=1", false)).await;
            let full = client(&core, "full", &server, front("https://app.example/out", true)).await;
            let (ctx, elsewhere) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
            for client in [&plain, &full] {
                know(&core, &ctx, client).await;
            }
            let issuer: String = url::form_urlencoded::byte_serialize(core.config().issuer().as_bytes()).collect();
            let named = format!("https://app.example/out?iss={issuer}&sid={}", session_of(&ctx));
            let mut logout = None;
            for ctx in [&ctx, &core.anonymous()] {
                let LoggedOut::Page { logout: Some(page) } =
                    complete_logout(ctx, CompleteLogout { logout }).await.unwrap()
                else {
                    panic!("nobody is told")
                };
                let frames = find_logout(ctx, &page).await.unwrap().unwrap().frames;
                let urls: Vec<String> = frames.into_iter().map(|frame| frame.url.into()).collect();
                assert_eq!(urls, [named.as_str(), "https://app.example/out?x=1"]);
                logout = Some(page);
            }
            let done = complete_logout(&elsewhere, CompleteLogout { logout: None }).await.unwrap();
            assert!(matches!(done, LoggedOut::Page { logout: None }));
        },
    )
    .await;
}
