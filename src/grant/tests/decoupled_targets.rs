//! D8: what the tokens of devices (RFC 8628) and backchannel requests (CIBA) are for: resources (RFC 8707), details
//! (RFC 9396), and the authentication context that was wished for.

use super::{
    decoupled::{
        BeginBackchannel, BeginDevice, CollectTokens, DecideRequest, DecoupledKind, DecoupledRequest, RequestRef,
        begin_backchannel, begin_device, collect_tokens, decide_request, get_request, list_requests,
    },
    *,
};
use crate::{
    config::{Config, DetailsType},
    resource::{CreateResource, ResourceSettings, create_resource},
    testing::on_both_engines_with,
};

const KINDS: [DecoupledKind; 2] = [DecoupledKind::Device, DecoupledKind::Backchannel];
const ORDERS: &str = "https://orders.example/";
const FILES: &str = "https://files.example/";
const SECRET: &str = "https://secret.example/";
const SCOPE: &str = "openid offline_access api:read api:write";

fn configure(config: &mut Config) {
    let kind = |kind: &str| DetailsType {
        kind: kind.to_owned(),
        name: "Make a payment".to_owned(),
        members: vec!["amount".to_owned()],
        ..DetailsType::default()
    };
    config.authorization.details_types = vec![kind("payment"), kind("other")];
}

async fn shop(core: &Core) -> Arc<Client> {
    for (identifier, scope) in [(ORDERS, "api:read"), (FILES, "api:write"), (SECRET, "secret:read")] {
        let settings = ResourceSettings { scopes: scopes(scope), ..ResourceSettings::default() };
        let name = DisplayName::try_from(format!("API at {identifier}").as_str()).unwrap();
        let cmd = CreateResource { identifier: identifier.to_owned(), name, settings };
        create_resource(&core.operator(), cmd).await.unwrap();
    }
    client(core, "shop", |settings| {
        settings.grant_types = vec![GrantType::DeviceCode, GrantType::Ciba, GrantType::RefreshToken];
        settings.redirect_uris = Vec::new();
        settings.authorization_details_types = vec!["payment".to_owned()];
    })
    .await
}

fn details(amounts: &[&str]) -> Vec<Value> {
    amounts.iter().map(|amount| serde_json::json!({ "type": "payment", "amount": amount })).collect()
}

fn aim(resources: &[&str], authorization_details: Vec<Value>) -> TokenAim {
    TokenAim { resources: resources.iter().map(|&one| one.to_owned()).collect(), authorization_details }
}

/// A request that waits for Mara: what its client polls with, and what she answers.
async fn ask(
    core: &TestCore,
    client: &Arc<Client>,
    kind: DecoupledKind,
    aim: &TokenAim,
    more: &[(&str, &str)],
) -> Result<(SecretString, RequestRef), TokenError> {
    let (ctx, client) = (core.anonymous(), Arc::clone(client));
    if kind == DecoupledKind::Device {
        let begun = begin_device(&ctx, BeginDevice { client, scope: scopes(SCOPE), aim: aim.clone() }).await?;
        return Ok((begun.device_code.expose().into(), RequestRef::Device(begun.user_code)));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("scope", SCOPE), ("login_hint", "mara")]).extend_pairs(more);
    form.extend_pairs(aim.resources.iter().map(|resource| ("resource", resource)));
    if !aim.authorization_details.is_empty() {
        form.append_pair("authorization_details", &Value::from(aim.authorization_details.clone()).to_string());
    }
    let params = Params::parse(form.finish().as_bytes()).unwrap();
    let begun = begin_backchannel(&ctx, BeginBackchannel { client, params }).await?;
    let mara = people_ctx(core).await;
    let id = list_requests(&mara).await.unwrap().first().unwrap().id;
    Ok((begun.auth_req_id.expose().into(), RequestRef::Backchannel(id)))
}

/// Mara in a session of her own.
async fn people_ctx(core: &TestCore) -> Ctx {
    let mut conn = core.db().read().await.unwrap();
    let row = super::super::store::people::find_by_username(&mut conn, "mara".to_owned()).await.unwrap().unwrap();
    drop(conn);
    sign_in(core, &Person { id: row.user_id, stamp: row.user_stamp }).await
}

async fn decide(ctx: &Ctx, which: &RequestRef) {
    let answer = DecideRequest { which: which.clone(), allow: true, granted_optional: Scope::STANDARD.to_vec() };
    decide_request(ctx, answer).await.unwrap();
}

async fn poll(
    house: &TestCore,
    client: &Arc<Client>,
    kind: DecoupledKind,
    code: &SecretString,
    aim: TokenAim,
) -> Result<IssuedTokens, TokenError> {
    let (client, code) = (Arc::clone(client), SecretString::from(code.expose()));
    let cmd = CollectTokens { client, kind, code, confirmation: Confirmation::NONE, aim };
    collect_tokens(&house.anonymous(), cmd).await
}

/// RFC 8707 §2, RFC 9396 §5: refused where it is asked, as at the authorization endpoint, and nothing waits then.
#[tokio::test]
async fn what_may_not_be_had_is_refused_at_once() {
    on_both_engines_with(configure, async |core: TestCore| {
        let shop = shop(&core).await;
        person(&core, "mara@nordhavn.example").await;
        let other = vec![serde_json::json!({ "type": "other" })];
        let strange = vec![serde_json::json!({ "type": "payment", "iban": "x" })];
        for kind in KINDS {
            for (aim, code) in [
                (aim(&[SECRET], vec![]), OAuthErrorCode::InvalidTarget),
                (aim(&[ORDERS, "https://unknown.example/"], vec![]), OAuthErrorCode::InvalidTarget),
                (aim(&[], other.clone()), OAuthErrorCode::InvalidAuthorizationDetails),
                (aim(&[ORDERS], strange.clone()), OAuthErrorCode::InvalidAuthorizationDetails),
            ] {
                match ask(&core, &shop, kind, &aim, &[]).await {
                    Err(TokenError::Refused(error)) => assert_eq!(error.code(), code, "{kind:?} {aim:?}"),
                    other => panic!("{kind:?} {aim:?}: {other:?}"),
                }
            }
        }
        assert_eq!(count(&core, "SELECT COUNT(*) FROM decoupled_requests").await, 0);
    })
    .await;
}

/// RFC 8707 §2.2, RFC 9396 §3, §6, §7, §9: shown to who decides, narrowed by the poll and never widened, told in the token
/// and in introspection; the grant stays as wide as it was.
#[tokio::test]
async fn what_was_asked_is_shown_and_goes_into_the_tokens() {
    on_both_engines_with(configure, async |core: TestCore| {
        let shop = shop(&core).await;
        person(&core, "mara@nordhavn.example").await;
        let mara = people_ctx(&core).await;
        let both = details(&["1 EUR", "2 EUR"]);
        for kind in KINDS {
            let (code, which) = ask(&core, &shop, kind, &aim(&[ORDERS, FILES], both.clone()), &[]).await.unwrap();
            let DecoupledRequest { consent, .. } = get_request(&mara, &which).await.unwrap();
            let names: Vec<_> = consent.resources.iter().map(|resource| resource.name.as_str()).collect();
            assert_eq!(names, [format!("API at {ORDERS}"), format!("API at {FILES}")], "{kind:?}");
            let shown: Vec<_> = consent.details.iter().map(|detail| (&*detail.name, detail.facts.clone())).collect();
            let fact = |amount: &str| vec![("amount".to_owned(), amount.to_owned())];
            assert_eq!(shown, [("Make a payment", fact("1 EUR")), ("Make a payment", fact("2 EUR"))]);
            decide(&mara, &which).await;

            for (wider, refused) in [
                (aim(&[SECRET], vec![]), OAuthErrorCode::InvalidTarget),
                (aim(&[], details(&["3 EUR"])), OAuthErrorCode::InvalidAuthorizationDetails),
            ] {
                assert_eq!(refusal(poll(&core, &shop, kind, &code, wider).await), refused, "{kind:?}");
            }
            let narrow = aim(&[ORDERS], details(&["2 EUR"]));
            let issued = poll(&core, &shop, kind, &code, narrow.clone()).await.unwrap();
            let told = claims(&issued.access_token);
            assert_eq!(told["aud"], ORDERS, "{kind:?}");
            assert_eq!(told["scope"], "api:read offline_access");
            let lookup = Introspect {
                client: Arc::clone(&shop),
                token: SecretString::from(issued.access_token.as_str()),
                hint: None,
            };
            let looked = introspect(&core.anonymous(), lookup).await.unwrap();
            let looked = serde_json::to_value(looked.to_response()).unwrap();
            for told in [&told, &looked] {
                assert_eq!(told["authorization_details"], Value::from(narrow.authorization_details.clone()));
            }
            assert_eq!(looked["aud"], ORDERS);
            let next = rotate(&core, &shop, issued.refresh_token.as_ref().unwrap()).await.unwrap();
            let told = claims(&next.access_token);
            assert_eq!(told["aud"], serde_json::json!([ORDERS, FILES, core.config().issuer()]));
            assert_eq!(next.authorization_details, both);
        }
        let mut conn = core.db().read().await.unwrap();
        let sql = "SELECT details FROM audit WHERE kind = 'consent_given'";
        let told: Vec<AuditedRow> = conn.query(sql).all().await.unwrap();
        assert_eq!(told.len(), 2);
        for AuditedRow { details } in told {
            assert_eq!(details.0["resources"], serde_json::json!([ORDERS, FILES]));
            assert_eq!(details.0["authorization_details"], Value::from(both.clone()));
        }
    })
    .await;
}

#[derive(sqlx::FromRow)]
struct AuditedRow {
    details: Json<Value>,
}

/// B6, D5, CIBA §7.1: `acr_values` are a wish. Whatever was wished for, `acr` and `amr` tell how the person who decided did
/// sign in; what was wished for is on record.
#[tokio::test]
async fn a_wished_context_is_a_wish() {
    on_both_engines_with(configure, async |core: TestCore| {
        let shop = shop(&core).await;
        person(&core, "mara@nordhavn.example").await;
        let mara = people_ctx(&core).await;
        for wish in ["urn:mace:incommon:iap:silver", ACR_PASSWORD, "urn:a urn:b"] {
            let (code, which) =
                ask(&core, &shop, DecoupledKind::Backchannel, &aim(&[], vec![]), &[("acr_values", wish)])
                    .await
                    .unwrap();
            decide(&mara, &which).await;
            let issued = poll(&core, &shop, DecoupledKind::Backchannel, &code, TokenAim::default()).await.unwrap();
            let told = claims(issued.id_token.as_deref().unwrap());
            assert_eq!((&told["acr"], &told["amr"]), (&ACR_PASSWORD.into(), &serde_json::json!(["pwd"])), "{wish}");
            core.clock.advance(SECOND);
        }
        let mut conn = core.db().read().await.unwrap();
        let sql = "SELECT details FROM audit WHERE kind = 'authentication_requested' ORDER BY id";
        let told: Vec<AuditedRow> = conn.query(sql).all().await.unwrap();
        assert_eq!(told[2].details.0["acr_values"], serde_json::json!(["urn:a", "urn:b"]));
        drop(conn);
        let long = "x".repeat(5_000);
        for malformed in ["a\nb", &long] {
            let asked =
                ask(&core, &shop, DecoupledKind::Backchannel, &aim(&[], vec![]), &[("acr_values", malformed)]).await;
            assert!(matches!(asked, Err(TokenError::Refused(error)) if error.code() == OAuthErrorCode::InvalidRequest));
        }
    })
    .await;
}
