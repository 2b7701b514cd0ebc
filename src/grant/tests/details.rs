//! D8: rich authorization requests (RFC 9396).

use super::*;
use crate::{
    config::{Config, DetailsType},
    protocol::{Params, authorization_details},
    testing::on_both_engines_with,
};

const PAYMENT: &str = r#"[{"type":"payment","actions":["initiate"],"locations":["https://bank.example/"],
    "instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"Merchant A"}]"#;

fn configure(config: &mut Config) {
    let members = ["actions", "locations", "instructedAmount", "creditorName"];
    config.authorization.details_types = vec![
        DetailsType {
            kind: "payment".to_owned(),
            name: "Make a payment".to_owned(),
            description: "Once".to_owned(),
            members: members.map(str::to_owned).to_vec(),
        },
        DetailsType { kind: "other".to_owned(), name: "Another".to_owned(), ..DetailsType::default() },
    ];
}

async fn bank(core: &Core, first_party: bool) -> Arc<Client> {
    client(core, "app", |settings| {
        settings.first_party = first_party;
        settings.authorization_details_types = vec!["payment".to_owned()];
    })
    .await
}

fn parsed(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// As an endpoint reads them.
fn read(details: &str) -> Vec<Value> {
    let pair =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("authorization_details", details).finish();
    authorization_details::parse(&Params::parse(pair.as_bytes()).unwrap()).unwrap()
}

/// D8, RFC 9396 §5: unknown, not registered, malformed, or with members that the type does not have.
#[tokio::test]
async fn details_must_be_of_a_known_type_and_form() {
    on_both_engines_with(configure, async |core: TestCore| {
        bank(&core, true).await;
        for details in [
            "{",
            "[]",
            "{}",
            r#"[{"type":"unknown"}]"#,
            r#"[{"type":"other"}]"#,
            r#"[{"type":"payment"},{}]"#,
            r#"[{"type":"payment","iban":"x"}]"#,
            r#"[{"type":"payment","actions":"initiate"}]"#,
        ] {
            let step = begin(&core.anonymous(), &[("authorization_details", details)]).await.unwrap();
            assert_eq!(word(&step), "invalid_authorization_details", "{details}");
        }
        assert_eq!(word(&begin(&core.anonymous(), &[("authorization_details", PAYMENT)]).await.unwrap()), "sign-in");
    })
    .await;
}

/// D8, D10, RFC 9396 §3: shown in words, and asked about even for a first-party client, and whatever was remembered of
/// other details.
#[tokio::test]
async fn details_are_shown_and_always_asked_about() {
    on_both_engines_with(configure, async |core: TestCore| {
        bank(&core, true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "code");
        let handle = interaction(begin(&ctx, &[("authorization_details", PAYMENT)]).await.unwrap());
        let shown = get_consent(&ctx, &handle).await.unwrap();
        let [detail] = &shown.details[..] else { panic!() };
        assert_eq!((detail.name.as_str(), detail.description.as_str()), ("Make a payment", "Once"));
        let facts: Vec<_> = detail.facts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("actions", "initiate"),
            ("locations", "https://bank.example/"),
            ("creditorName", "Merchant A"),
            ("instructedAmount", "123.50 EUR"),
        ];
        assert_eq!(facts, expected);
        // Resuming without a decision leads back to the page.
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "consent");
        decide_consent(&ctx, DecideConsent { remember: true, ..allow(&handle) }).await.unwrap();
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "code");
        // The very same again was allowed and remembered; another amount was not.
        assert_eq!(word(&begin(&ctx, &[("authorization_details", PAYMENT)]).await.unwrap()), "code");
        let more = PAYMENT.replace("123.50", "9123.50");
        assert_eq!(word(&begin(&ctx, &[("authorization_details", &more)]).await.unwrap()), "consent");
        let silent = [("authorization_details", more.as_str()), ("prompt", "none")];
        assert_eq!(word(&begin(&ctx, &silent).await.unwrap()), "consent_required");
    })
    .await;
}

/// D8, RFC 9396 §6, §7, §9: in the answer, the access token and introspection; narrowed at the token endpoint, never widened.
#[tokio::test]
async fn details_go_into_the_tokens() {
    on_both_engines_with(configure, async |core: TestCore| {
        let app = bank(&core, false).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let two = format!("{},{}", PAYMENT.trim_end_matches(']'), &PAYMENT.replace("Merchant A", "Merchant B")[1..]);
        let asked = [("scope", "openid offline_access"), ("authorization_details", two.as_str())];
        let code = authorize(&ctx, &asked).await;
        let widened = TokenAim { authorization_details: parsed(&PAYMENT.replace("123", "124")), ..TokenAim::default() };
        let refused = ExchangeCode { aim: widened.clone(), ..exchange_of(&app, &code) };
        let refused = exchange_code(&core.anonymous(), refused).await;
        assert_eq!(refusal(refused), OAuthErrorCode::InvalidAuthorizationDetails);
        let issued = exchange(&core, &app, &code).await.unwrap();
        assert_eq!(issued.authorization_details, parsed(&two));
        assert_eq!(claims(&issued.access_token)["authorization_details"], Value::from(parsed(&two)));
        let lookup = Introspect {
            client: Arc::clone(&app),
            token: SecretString::from(issued.access_token.as_str()),
            hint: None,
        };
        let told = serde_json::to_value(introspect(&core.anonymous(), lookup).await.unwrap().to_response()).unwrap();
        assert_eq!(told["authorization_details"], Value::from(parsed(&two)));

        let token = issued.refresh_token.unwrap();
        let refused = Refresh { aim: widened, ..refresh_of(&app, &token) };
        assert_eq!(refusal(refresh(&core.anonymous(), refused).await), OAuthErrorCode::InvalidAuthorizationDetails);
        let one = TokenAim { authorization_details: parsed(PAYMENT), ..TokenAim::default() };
        let issued = refresh(&core.anonymous(), Refresh { aim: one, ..refresh_of(&app, &token) }).await.unwrap();
        assert_eq!(claims(&issued.access_token)["authorization_details"], Value::from(parsed(PAYMENT)));
        // The grant is as wide as it was.
        let issued = rotate(&core, &app, &issued.refresh_token.unwrap()).await.unwrap();
        assert_eq!(issued.authorization_details, parsed(&two));
    })
    .await;
}

/// D8, RFC 9396 §2.2: numbers in the details come out as they went in, whatever the way between (a request, a database, a
/// token) made of their notation.
#[tokio::test]
async fn numbers_stay_as_they_are() {
    on_both_engines_with(configure, async |core: TestCore| {
        let app = bank(&core, true).await;
        let who = person(&core, "mara@x.example").await;
        // The second is read a digit off by a parser that rounds in haste; the last two are one number.
        for number in
            ["1e-7", "2.638344616030823e-256", "1.7976931348623157e308", "18446744073709551615", "1e16", "1e3"]
        {
            let details = format!(r#"[{{"type":"payment","instructedAmount":{number}}}]"#);
            let asked = parsed(&details);
            let ctx = sign_in(&core, &who).await;
            let code = authorize(&ctx, &[("authorization_details", &details)]).await;
            let aim = TokenAim { authorization_details: read(&details), ..TokenAim::default() };
            let narrowed = ExchangeCode { aim, ..exchange_of(&app, &code) };
            let issued = exchange_code(&core.anonymous(), narrowed).await.unwrap();
            for told in [&issued.authorization_details[0], &claims(&issued.access_token)["authorization_details"][0]] {
                assert_eq!(told["instructedAmount"].as_f64(), asked[0]["instructedAmount"].as_f64(), "{number}");
            }
        }
    })
    .await;
}
