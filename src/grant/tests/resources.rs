//! D8, D11: tokens for the APIs that were named (RFC 8707).

use super::*;
use crate::{
    client::AccessTokenFormat,
    resource::{
        CreateResource, DeleteResource, ResourceSettings, SaveScope, ScopeSettings, create_resource, delete_resource,
        save_scope,
    },
    testing::on_both_engines,
};

const ORDERS: &str = "https://orders.example/";
const FILES: &str = "https://files.example/";

async fn resource(core: &Core, identifier: &str, scopes: &str, change: impl FnOnce(&mut ResourceSettings)) {
    let mut settings = ResourceSettings { scopes: super::scopes(scopes), ..ResourceSettings::default() };
    change(&mut settings);
    let name = DisplayName::try_from("Orders").unwrap();
    let cmd = CreateResource { identifier: identifier.to_owned(), name, settings };
    create_resource(&core.operator(), cmd).await.unwrap();
}

fn aimed(resources: &[&str]) -> TokenAim {
    TokenAim { resources: resources.iter().map(|&one| one.to_owned()).collect(), ..TokenAim::default() }
}

async fn two_apis(core: &TestCore) -> (Arc<Client>, Ctx) {
    resource(core, ORDERS, "api:read", |_| {}).await;
    resource(core, FILES, "api:write", |_| {}).await;
    let app = app(core).await;
    let ctx = sign_in(core, &person(core, "mara@x.example").await).await;
    (app, ctx)
}

/// D8, RFC 8707 §2: a resource that is malformed, unknown or not the client's is `invalid_target`.
#[tokio::test]
async fn a_resource_must_be_known_and_allowed() {
    on_both_engines(async |core: TestCore| {
        resource(&core, ORDERS, "api:read", |_| {}).await;
        resource(&core, "https://secret.example/", "secret:read", |_| {}).await;
        resource(&core, "https://open.example/", "secret:read", |settings| settings.open = true).await;
        client(&core, "app", |settings| settings.audiences = vec!["https://own.example/".to_owned()]).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        for (resource, expected) in [
            (ORDERS, "consent"),
            ("https://own.example/", "consent"),
            ("https://open.example/", "consent"),
            ("https://secret.example/", "invalid_target"),
            ("https://unknown.example/", "invalid_target"),
            ("https://orders.example", "invalid_target"),
            ("https://orders.example/#x", "invalid_target"),
            ("orders", "invalid_target"),
        ] {
            assert_eq!(word(&begin(&ctx, &[("resource", resource)]).await.unwrap()), expected, "{resource}");
        }
    })
    .await;
}

/// D8, RFC 8707 §2: `aud` is what was asked for, ourselves for userinfo, and the scope is what these own.
#[tokio::test]
async fn tokens_are_for_what_was_named() {
    on_both_engines(async |core: TestCore| {
        let (app, ctx) = two_apis(&core).await;
        let ourselves = core.config().issuer();
        let asked = [("scope", "openid email offline_access api:read api:write"), ("resource", ORDERS)];
        let code = authorize(&ctx, &asked).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        let told = claims(&issued.access_token);
        assert_eq!(told["aud"], serde_json::json!([ORDERS, ourselves]));
        assert_eq!(told["scope"], "api:read email offline_access openid");
        assert_eq!(issued.scope, scopes("api:read email offline_access openid"));
        assert!(user_info(&core.anonymous(), &issued.access_token).await.is_ok());

        // Without `openid` there is nothing to ask us.
        let code = authorize(&ctx, &[("scope", "api:read"), ("resource", ORDERS)]).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        assert_eq!(claims(&issued.access_token)["aud"], ORDERS);
        // And without a resource everything is as the client is registered.
        let code = authorize(&ctx, &[("scope", "api:read api:write")]).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        assert_eq!(claims(&issued.access_token)["aud"], ourselves.as_str());
        assert_eq!(claims(&issued.access_token)["scope"], "api:read api:write");
    })
    .await;
}

/// D8, RFC 8707 §2.2: at the token endpoint one of what was granted, with its scope, and never more; a token for an API
/// cannot be spent at ours.
#[tokio::test]
async fn each_token_can_be_for_one_of_them() {
    on_both_engines(async |core: TestCore| {
        let (app, ctx) = two_apis(&core).await;
        resource(&core, "https://third.example/", "api:read", |_| {}).await;
        let text = format!(
            "client_id=app&redirect_uri={REDIRECT}&response_type=code&scope=openid+offline_access+api:read+api:write\
             &code_challenge={CHALLENGE}&code_challenge_method=S256&resource={ORDERS}&resource={FILES}"
        );
        let params = Params::parse(text.as_bytes()).unwrap();
        let step = begin_authorization(&ctx, BeginAuthorization { params }).await.unwrap();
        let handle = interaction(step);
        decide_consent(&ctx, allow(&handle)).await.unwrap();
        let code = code(&resume(&ctx, &handle).await.unwrap());

        let refused = ExchangeCode { aim: aimed(&["https://third.example/"]), ..exchange_of(&app, &code) };
        assert_eq!(refusal(exchange_code(&core.anonymous(), refused).await), OAuthErrorCode::InvalidTarget);
        let cmd = ExchangeCode { aim: aimed(&[FILES]), ..exchange_of(&app, &code) };
        let issued = exchange_code(&core.anonymous(), cmd).await.unwrap();
        let told = claims(&issued.access_token);
        assert_eq!((&told["aud"], &told["scope"]), (&FILES.into(), &"api:write offline_access".into()));
        assert!(issued.id_token.is_some());
        assert!(user_info(&core.anonymous(), &issued.access_token).await.is_err());

        let old = issued.refresh_token.unwrap();
        let cmd = Refresh { aim: aimed(&[ORDERS]), ..refresh_of(&app, &old) };
        let issued = refresh(&core.anonymous(), cmd).await.unwrap();
        assert_eq!(claims(&issued.access_token)["aud"], ORDERS);
        // The same refresh for another resource within the grace time is another access token (D3).
        let cmd = Refresh { aim: aimed(&[FILES]), ..refresh_of(&app, &old) };
        let other = refresh(&core.anonymous(), cmd).await.unwrap();
        assert_eq!(claims(&other.access_token)["aud"], FILES);
        assert_ne!(claims(&other.access_token)["jti"], claims(&issued.access_token)["jti"]);
        let next = issued.refresh_token.unwrap();
        let refused = Refresh { aim: aimed(&["https://third.example/"]), ..refresh_of(&app, &next) };
        assert_eq!(refusal(refresh(&core.anonymous(), refused).await), OAuthErrorCode::InvalidTarget);
        // What is registered no more is issued no more.
        delete_resource(&core.operator(), DeleteResource { identifier: FILES.to_owned(), version: None })
            .await
            .unwrap();
        assert_eq!(refusal(rotate(&core, &app, &next).await), OAuthErrorCode::InvalidTarget);
        let cmd = Refresh { aim: aimed(&[ORDERS]), ..refresh_of(&app, &next) };
        assert!(refresh(&core.anonymous(), cmd).await.is_ok());
    })
    .await;
}

/// D6, D7, D11: a resource says how its tokens look.
#[tokio::test]
async fn a_resource_says_how_its_tokens_look() {
    on_both_engines(async |core: TestCore| {
        resource(&core, ORDERS, "api:read", |settings| {
            settings.access_token_format = Some(AccessTokenFormat::Opaque);
            settings.access_token_ttl_secs = Some(30);
        })
        .await;
        resource(&core, FILES, "api:write", |settings| {
            settings.access_token_alg = Some(crate::protocol::SigningAlg::Rs256);
        })
        .await;
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let code = authorize(&ctx, &[("scope", "api:read"), ("resource", ORDERS)]).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        assert!(issued.access_token.starts_with("ost_at_"));
        assert_eq!(issued.expires_in, 30);
        assert!(is_active(&core, &app, &issued.access_token).await);
        let code = authorize(&ctx, &[("scope", "api:write"), ("resource", FILES)]).await;
        let issued = exchange(&core, &app, &code).await.unwrap();
        let header = URL_SAFE_NO_PAD.decode(issued.access_token.split('.').next().unwrap()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&header).unwrap()["alg"], "RS256");
        assert!(is_active(&core, &app, &issued.access_token).await);
    })
    .await;
}

/// D10, D11: the consent page has words for scopes and names for APIs; a remembered answer counts for the APIs it named.
#[tokio::test]
async fn consent_names_the_apis() {
    on_both_engines(async |core: TestCore| {
        let (_, ctx) = two_apis(&core).await;
        let words = |name: &str, optional| SaveScope {
            name: Scope::parse(name).unwrap(),
            settings: ScopeSettings { description: format!("Words for {name}"), optional },
            version: None,
        };
        save_scope(&core.operator(), words("api:read", false)).await.unwrap();
        save_scope(&core.operator(), words("api:write", true)).await.unwrap();
        let asked = [("scope", "api:read api:write"), ("resource", ORDERS)];
        let handle = interaction(begin(&ctx, &asked).await.unwrap());
        let shown = get_consent(&ctx, &handle).await.unwrap();
        assert_eq!((shown.resources[0].name.as_str(), shown.resources[0].identifier.as_str()), ("Orders", ORDERS));
        let lines: Vec<_> =
            shown.scopes.iter().map(|line| (line.description.as_deref().unwrap(), line.optional)).collect();
        assert_eq!(lines, [("Words for api:read", false), ("Words for api:write", true)]);
        let yes = DecideConsent { remember: true, granted_optional: vec![], ..allow(&handle) };
        decide_consent(&ctx, yes).await.unwrap();
        let code = code(&resume(&ctx, &handle).await.unwrap());
        let app = find_client(&core, "app").await.unwrap().unwrap();
        assert_eq!(exchange(&core, &app, &code).await.unwrap().scope, scopes("api:read"));
        assert_eq!(word(&begin(&ctx, &asked).await.unwrap()), "code");
        assert_eq!(word(&begin(&ctx, &[("scope", "api:read"), ("resource", FILES)]).await.unwrap()), "consent");
    })
    .await;
}

/// D4, D8: a client's own token is for the resources it names, with what they own.
#[tokio::test]
async fn a_clients_own_token_is_for_what_it_names() {
    on_both_engines(async |core: TestCore| {
        resource(&core, ORDERS, "api:read", |_| {}).await;
        let service = client(&core, "service", |settings| settings.grant_types = GrantType::ALL.to_vec()).await;
        let ask = async |audience: &str| {
            let cmd = ClientCredentialsGrant {
                client: Arc::clone(&service),
                scope: None,
                audience: vec![audience.to_owned()],
                authorization_details: Vec::new(),
                confirmation: Confirmation::NONE,
            };
            client_credentials(&core.anonymous(), cmd).await
        };
        let issued = ask(ORDERS).await.unwrap();
        let told = claims(&issued.access_token);
        assert_eq!((&told["aud"], &told["scope"]), (&ORDERS.into(), &"api:read".into()));
        assert_eq!(refusal(ask(FILES).await), OAuthErrorCode::InvalidTarget);
    })
    .await;
}
