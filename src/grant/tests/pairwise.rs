//! D8: people are named for a sector (OIDC Core §8.1).

use super::*;
use crate::{
    client::{AccessTokenFormat, SubjectType},
    protocol::{ExchangeTokenType, TokenExchangeRequest},
    testing::on_both_engines,
};

async fn pairwise(core: &Core, id: &str, host: &str) -> Arc<Client> {
    client(core, id, |settings| {
        settings.redirect_uris.push(RedirectUri::parse(&format!("https://{host}/cb")).unwrap());
        settings.redirect_uris.retain(|uri| uri.host() == Some(host));
        settings.subject_type = SubjectType::Pairwise;
        settings.first_party = true;
    })
    .await
}

async fn tokens_of(core: &TestCore, ctx: &Ctx, client: &Arc<Client>) -> IssuedTokens {
    let redirect = client.settings.redirect_uris[0].as_str().to_owned();
    let changes = [
        ("client_id", client.id.as_str()),
        ("redirect_uri", &redirect),
        ("scope", "openid email offline_access"),
        ("claims", r#"{"id_token":{"email":null}}"#),
    ];
    let given = authorize(ctx, &changes).await;
    let cmd = ExchangeCode { redirect_uri: Some(redirect.clone()), ..exchange_of(client, &given) };
    exchange_code(&core.anonymous(), cmd).await.unwrap()
}

/// D8, OIDC Core §8.1: one name in ID token, access token, userinfo and introspection; the same for one sector, another for
/// another; and nowhere the id of the account.
#[tokio::test]
async fn a_sector_has_a_name_of_its_own_for_a_person() {
    on_both_engines(async |core: TestCore| {
        let one = pairwise(&core, "one", "shop.example").await;
        let same = pairwise(&core, "same", "shop.example").await;
        let other = pairwise(&core, "other", "bank.example").await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = tokens_of(&core, &ctx, &one).await;
        let id_token = issued.id_token.clone().unwrap();
        let sub = claims(&id_token)["sub"].as_str().unwrap().to_owned();
        assert_eq!(sub.len(), 43);
        assert_eq!(claims(&issued.access_token)["sub"], sub.as_str());
        let info = user_info(&core.anonymous(), &issued.access_token).await.unwrap();
        let info = info.claims().unwrap();
        assert_eq!((&info["sub"], &info["email"]), (&sub.as_str().into(), &"mara@x.example".into()));
        for token in [issued.access_token.as_str(), issued.refresh_token.as_ref().unwrap().expose()] {
            let cmd = Introspect { client: Arc::clone(&one), token: SecretString::from(token), hint: None };
            let told = serde_json::to_value(introspect(&core.anonymous(), cmd).await.unwrap().to_response()).unwrap();
            assert_eq!((&told["active"], &told["sub"]), (&true.into(), &sub.as_str().into()));
        }
        for token in [&id_token, &issued.access_token] {
            let told = claims(token).to_string();
            assert!(!told.contains(&mara.id.to_string()) && !told.contains(&session_of(&ctx).to_string()));
        }
        let sid = claims(&id_token)["sid"].clone();
        assert_eq!(claims(&issued.access_token)["sid"], sid);
        let again = claims(&tokens_of(&core, &ctx, &same).await.access_token);
        assert_eq!((&again["sub"], &again["sid"]), (&sub.as_str().into(), &sid));
        let elsewhere = tokens_of(&core, &ctx, &other).await;
        for told in [claims(&elsewhere.access_token), claims(&elsewhere.id_token.unwrap())] {
            assert!(told["sub"] != sub.as_str() && told["sid"] != sid && told["sid"].is_string());
        }
        // Another person has another name.
        let tove = sign_in(&core, &person(&core, "tove@x.example").await).await;
        assert_ne!(claims(&tokens_of(&core, &tove, &one).await.access_token)["sub"], sub.as_str());
        // A refresh keeps it (OIDC Core §12.2).
        let next = rotate(&core, &one, &issued.refresh_token.unwrap()).await.unwrap();
        let next = claims(&next.id_token.unwrap());
        assert_eq!((&next["sub"], &next["sid"]), (&sub.as_str().into(), &sid));
    })
    .await;
}

/// A8, D8: what ends other tokens ends these: a stamp that changed, and a token that is revoked.
#[tokio::test]
async fn such_tokens_end_like_others() {
    on_both_engines(async |core: TestCore| {
        let one = pairwise(&core, "one", "shop.example").await;
        let two = reconfigure(&core, "one", |settings| settings.access_token_format = AccessTokenFormat::Opaque).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        for client in [&one, &two] {
            let first = tokens_of(&core, &ctx, client).await;
            let second = tokens_of(&core, &ctx, client).await;
            assert!(is_active(&core, client, &first.access_token).await);
            let token = SecretString::from(first.access_token.as_str());
            revoke(&core.anonymous(), Revoke { client: Arc::clone(client), token, hint: None }).await.unwrap();
            assert!(!is_active(&core, client, &first.access_token).await);
            assert!(is_active(&core, client, &second.access_token).await);
        }
        let issued = tokens_of(&core, &ctx, &one).await;
        assert!(is_active(&core, &one, &issued.access_token).await);
        execute_about(&core, "UPDATE users SET is_active = FALSE WHERE id = $1", mara.id).await.unwrap();
        assert!(!is_active(&core, &one, &issued.access_token).await);
    })
    .await;
}

/// D8, OIDC Core §3.1.2.1, §5.5.1: `id_token_hint` and `sub` in `claims` hold the name of the sector.
#[tokio::test]
async fn a_client_means_people_by_its_own_names() {
    on_both_engines(async |core: TestCore| {
        let one = pairwise(&core, "one", "shop.example").await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let hint = tokens_of(&core, &ctx, &one).await.id_token.unwrap();
        let sub = claims(&hint)["sub"].as_str().unwrap().to_owned();
        let named = |name: &str| serde_json::json!({ "id_token": { "sub": { "value": name } } }).to_string();
        let base = [("client_id", "one"), ("redirect_uri", "https://shop.example/cb"), ("prompt", "none")];
        for (extra, expected) in [
            (("id_token_hint", hint.as_str()), "code"),
            (("claims", &named(&sub)), "code"),
            (("claims", &named(&mara.id.to_string())), "login_required"),
        ] {
            let changes: Vec<_> = base.into_iter().chain([extra]).collect();
            assert_eq!(word(&begin(&ctx, &changes).await.unwrap()), expected, "{extra:?}");
        }
    })
    .await;
}

/// D8, CIBA §7.1, RFC 8693 §2.1: where the name of a person leads to nobody, that of their session does: ID tokens of a
/// pairwise client are good as hints and for exchange, its own and no other sector's.
#[tokio::test]
async fn an_id_token_leads_back_to_its_person() {
    on_both_engines(async |core: TestCore| {
        let grants = |settings: &mut ClientSettings| {
            settings.grant_types.extend([GrantType::Ciba, GrantType::TokenExchange]);
            settings.token_exchange.impersonation = true;
        };
        pairwise(&core, "one", "shop.example").await;
        pairwise(&core, "two", "bank.example").await;
        let (one, two) = (reconfigure(&core, "one", grants).await, reconfigure(&core, "two", grants).await);
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let hint = tokens_of(&core, &ctx, &one).await.id_token.unwrap();
        let ask = async |client: &Arc<Client>| {
            let params = Params::parse(format!("scope=openid&id_token_hint={hint}").as_bytes()).unwrap();
            let cmd = decoupled::BeginBackchannel { client: Arc::clone(client), params };
            decoupled::begin_backchannel(&core.anonymous(), cmd).await
        };
        ask(&one).await.unwrap();
        assert_eq!(decoupled::list_requests(&ctx).await.unwrap().len(), 1);
        assert!(ask(&two).await.is_err());

        let trade = async |client: &Arc<Client>| {
            let request = TokenExchangeRequest {
                subject_token: SecretString::from(hint.as_str()),
                subject_token_type: ExchangeTokenType::IdToken,
                actor: None,
                requested_token_type: None,
                audience: Vec::new(),
                scope: None,
            };
            let (client, confirmation) = (Arc::clone(client), Confirmation::NONE);
            exchange_token(&core.anonymous(), ExchangeToken { client, request, resources: Vec::new(), confirmation })
                .await
        };
        let traded = trade(&one).await.unwrap();
        assert_eq!(claims(&traded.access_token)["sid"], claims(&hint)["sid"]);
        assert_eq!(refusal(trade(&two).await), OAuthErrorCode::InvalidRequest);
        let two =
            reconfigure(&core, "two", |settings| settings.token_exchange.subject_clients = vec!["one".to_owned()])
                .await;
        let traded = trade(&two).await.unwrap();
        assert_ne!(claims(&traded.access_token)["sid"], claims(&hint)["sid"], "another sector");
    })
    .await;
}
