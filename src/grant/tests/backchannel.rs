//! D8: backchannel requests (CIBA).

use super::{
    decoupled::{
        BackchannelBegun, BeginBackchannel, CollectTokens, DecideRequest, DecideRequestError, DecoupledKind,
        RequestRef, begin_backchannel, collect_tokens, decide_request, list_requests,
    },
    *,
};
use crate::testing::on_both_engines;

async fn bank(core: &Core, id: &str) -> Arc<Client> {
    client(core, id, |settings| {
        settings.grant_types = vec![GrantType::Ciba, GrantType::RefreshToken];
        settings.redirect_uris = Vec::new();
    })
    .await
}

async fn ask(core: &TestCore, client: &Arc<Client>, form: &str) -> Result<BackchannelBegun, OAuthErrorCode> {
    let params = Params::parse(form.as_bytes()).unwrap();
    let begun = begin_backchannel(&core.anonymous(), BeginBackchannel { client: Arc::clone(client), params }).await;
    begun.map_err(|error| match error {
        TokenError::Refused(error) => error.code(),
        other => panic!("{other:?}"),
    })
}

fn poll_of(client: &Arc<Client>, begun: &BackchannelBegun) -> CollectTokens {
    CollectTokens {
        client: Arc::clone(client),
        kind: DecoupledKind::Backchannel,
        code: SecretString::from(begun.auth_req_id.expose()),
        confirmation: Confirmation::NONE,
        aim: TokenAim::default(),
    }
}

/// CIBA §7.1, §10.1: by address, name, id and ID token; the tokens are collected once, by their own grant type only.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_found_asked_and_answers_once() {
    on_both_engines(async |core: TestCore| {
        let (bank, mara) = (bank(&core, "bank").await, person(&core, "mara@nordhavn.example").await);
        let tove = person(&core, "tove@nordhavn.example").await;
        let ctx = sign_in(&core, &mara).await;
        for hint in ["mara@nordhavn.example", "MARA", &mara.id.to_string()] {
            let begun = ask(&core, &bank, &format!("scope=openid+offline_access&login_hint={hint}")).await.unwrap();
            let waiting = list_requests(&ctx).await.unwrap();
            assert_eq!((waiting.len(), waiting[0].client_name.as_str()), (1, "Name of bank"), "{hint}");
            let answer = || DecideRequest {
                which: RequestRef::Backchannel(waiting[0].id),
                allow: true,
                granted_optional: Scope::STANDARD.to_vec(),
            };
            let other = sign_in(&core, &tove).await;
            assert!(list_requests(&other).await.unwrap().is_empty());
            assert!(matches!(decide_request(&other, answer()).await, Err(DecideRequestError::Gone)));
            decide_request(&ctx, answer()).await.unwrap();
            let wrong = CollectTokens { kind: DecoupledKind::Device, ..poll_of(&bank, &begun) };
            assert_eq!(refusal(collect_tokens(&core.anonymous(), wrong).await), OAuthErrorCode::UnauthorizedClient);
            let mut polls = tokio::task::JoinSet::new();
            for _ in 0..20 {
                let (ctx, cmd) = (core.anonymous(), poll_of(&bank, &begun));
                polls.spawn(async move { collect_tokens(&ctx, cmd).await });
            }
            let won: Vec<_> = polls.join_all().await.into_iter().filter_map(Result::ok).collect();
            assert_eq!(won.len(), 1, "{hint}");
            let id_token = won[0].id_token.clone().unwrap();
            assert_eq!(claims(&id_token)["sub"], mara.id.to_string());
            let by_token =
                ask(&core, &bank, &format!("scope=openid&id_token_hint={id_token}&requested_expiry=1")).await;
            assert_eq!(by_token.unwrap().expires_in, 1);
            core.clock.advance(SECOND);
        }
        assert_eq!(
            ask(&core, &bank, "scope=openid&login_hint=nobody").await.unwrap_err(),
            OAuthErrorCode::UnknownUserId
        );
        execute_about(&core, "UPDATE users SET is_active = FALSE WHERE id = $1", tove.id).await.unwrap();
        assert_eq!(ask(&core, &bank, "scope=openid&login_hint=tove").await.unwrap_err(), OAuthErrorCode::UnknownUserId);
    })
    .await;
}

/// An application cannot be a nuisance: few requests wait at once, and fewer are told by mail.
#[tokio::test]
async fn requests_and_mails_are_few() {
    on_both_engines(async |core: TestCore| {
        let (bank, other) = (bank(&core, "bank").await, bank(&core, "other").await);
        person(&core, "mara@nordhavn.example").await;
        for _ in 0..5 {
            ask(&core, &bank, "scope=openid&login_hint=mara").await.unwrap();
        }
        assert_eq!(ask(&core, &bank, "scope=openid&login_hint=mara").await.unwrap_err(), OAuthErrorCode::AccessDenied);
        assert_eq!(core.mails().await.len(), 5);
        ask(&core, &other, "scope=openid&login_hint=mara").await.unwrap();
        assert_eq!(core.mails().await.len(), 6);
        core.clock.advance(11 * MINUTE);
        ask(&core, &bank, "scope=openid&login_hint=mara").await.unwrap();
        assert_eq!(core.mails().await.len(), 6, "nobody answers: no further mail");
        core.clock.advance(HOUR);
        ask(&core, &bank, "scope=openid&login_hint=mara").await.unwrap();
        assert_eq!(core.mails().await.len(), 7);
    })
    .await;
}

/// D8: the limit holds for requests that come at once: of fifty, five wait, and five are told by mail.
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_holds_for_requests_at_once() {
    on_both_engines(async |core: TestCore| {
        let (bank, other) = (bank(&core, "bank").await, bank(&core, "other").await);
        let mara = person(&core, "mara@nordhavn.example").await;
        let ctx = sign_in(&core, &mara).await;
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..100 {
            let client = Arc::clone(if n % 2 == 0 { &bank } else { &other });
            let params = Params::parse(b"scope=openid&login_hint=mara").unwrap();
            let ctx = core.anonymous();
            asking.spawn(async move {
                let begun = begin_backchannel(&ctx, BeginBackchannel { client: Arc::clone(&client), params }).await;
                (client.id.clone(), begun.map(drop))
            });
        }
        let answers = asking.join_all().await;
        for id in ["bank", "other"] {
            let of_client = || answers.iter().filter(|(of, _)| of == id);
            assert_eq!(of_client().filter(|(_, begun)| begun.is_ok()).count(), 5, "{id}");
            for (_, begun) in of_client() {
                let refused = begun.as_ref().err().map(|error| match error {
                    TokenError::Refused(error) => error.code(),
                    other => panic!("{other:?}"),
                });
                assert!(matches!(refused, None | Some(OAuthErrorCode::AccessDenied)), "{refused:?}");
            }
        }
        assert_eq!(list_requests(&ctx).await.unwrap().len(), 10);
        assert_eq!(core.mails().await.len(), 10);
        assert_eq!(audited(&core, "authentication_requested").await, 10);
    })
    .await;
}
