//! D8: rich authorization requests (RFC 9396) on the wire, from the request to introspection. What the consent page shows of
//! them: `resources`.

use ostiary::config::DetailsType;
use serde_json::{Value, json};

use super::{
    basic::text,
    par::{opened, push},
};
use crate::harness::{Answer, App, Client, EMAIL, REDIRECT_URI, authorize, claims, parameter};

const TOKEN: &str = "/connect/token";
const REFUSED: &str = "invalid_authorization_details";

/// A bank that knows two types, and an application that may ask for one.
async fn bank() -> (App, Client) {
    let app = App::with(|config| {
        let kind = |kind: &str| DetailsType {
            kind: kind.to_owned(),
            name: "Make a payment".to_owned(),
            members: ["actions", "creditorName"].map(str::to_owned).to_vec(),
            ..DetailsType::default()
        };
        config.authorization.details_types = vec![kind("payment"), kind("account")];
    })
    .await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.authorization_details_types = vec!["payment".to_owned()]).await;
    (app, client)
}

fn payment(to: &str) -> Value {
    json!({ "type": "payment", "actions": ["initiate"], "creditorName": to })
}

async fn redeem(app: &App, client: &Client, code: &str, details: &Value) -> Answer {
    let details = details.to_string();
    let narrowed = [("authorization_details", details.as_str())];
    app.redeem(client, code, if details == "null" { &[] } else { &narrowed }).await
}

/// D8, RFC 9396 §3, §6, §7, §9.1, §9.2: asked and allowed; told in the token response, the access token and introspection;
/// narrowed where the client asks for it, never widened.
#[tokio::test]
async fn details_from_the_request_to_introspection() {
    let (app, client) = bank().await;
    let both = json!([payment("Merchant A"), payment("Merchant B")]);
    let one = json!([payment("Merchant A")]);
    let asked = both.to_string();
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &client, &[("authorization_details", &asked)]).await;
    for more in [json!([payment("Merchant C")]), json!([payment("Merchant A"), { "type": "payment" }]), json!([{}])] {
        assert_eq!(redeem(&app, &client, &code, &more).await.is(400).error(), REFUSED, "{more}");
    }
    // None of that used the code up.
    let issued = redeem(&app, &client, &code, &one).await.is(200).json();
    let token = text(&issued, "access_token");
    let told = app.form("/connect/introspect", &client, &[("token", token)]).await.is(200).json();
    for place in [&issued, &claims(token), &told] {
        assert_eq!(place["authorization_details"], one, "{place}");
    }
    // The grant is as wide as it was.
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&issued, "refresh_token"))];
    let next = app.form(TOKEN, &client, &fields).await.is(200).json();
    for place in [&next, &claims(text(&next, "access_token"))] {
        assert_eq!(place["authorization_details"], both, "{place}");
    }
}

/// D8, RFC 9396 §3, RFC 9126 §2: pushed, they are the same.
#[tokio::test]
async fn details_may_be_pushed() {
    let (app, client) = bank().await;
    let details = json!([payment("Merchant A")]);
    let pushed = push(&app, &client, &[("authorization_details", &details.to_string())]).await.is(201).json();
    let mut browser = app.signed_in(EMAIL).await;
    let address = opened(&client, text(&pushed, "request_uri"));
    let to = browser.get(&address).await.is(303).location().to_owned();
    assert!(browser.get(&to).await.is(200).body.contains("Merchant A"));
    let interaction = parameter(&to, "i").unwrap();
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "allow")]).await;
    let answer = browser.get(decided.is(303).location()).await;
    let code = parameter(answer.is(303).location(), "code").unwrap();
    let issued = redeem(&app, &client, &code, &Value::Null).await.is(200).json();
    assert_eq!(issued["authorization_details"], details);
}

/// D8, RFC 9396 §5, §6: what is not known, not the client's, or of another form is refused wherever it is said, with nothing
/// asked of the person.
#[tokio::test]
async fn what_is_not_known_is_refused_everywhere() {
    let (app, client) = bank().await;
    let mut browser = app.signed_in(EMAIL).await;
    for details in [
        r#"[{"type":"unknown"}]"#,
        r#"[{"type":"account"}]"#,
        r#"[{"type":"payment","iban":"x"}]"#,
        r#"[{"type":"payment"},{"type":"unknown"}]"#,
        r#"[{"actions":["initiate"]}]"#,
        r#"[{"type":1}]"#,
        r#"{"type":"payment"}"#,
        "[]",
        "[",
    ] {
        let said = [("authorization_details", details)];
        let told = browser.get(&authorize(&client, &said)).await;
        let location = told.is(303).location();
        assert!(location.starts_with(REDIRECT_URI), "{details}: {location}");
        assert_eq!(parameter(location, "error").as_deref(), Some(REFUSED), "{details}");
        assert_eq!(parameter(location, "state").as_deref(), Some("st4te"));
        assert_eq!(push(&app, &client, &said).await.is(400).error(), REFUSED, "{details}");
        let fields = [("grant_type", "client_credentials"), said[0]];
        assert_eq!(app.form(TOKEN, &client, &fields).await.is(400).error(), REFUSED, "{details}");
    }
    // What a client may ask for itself needs nobody's consent (§6).
    let details = json!([payment("Merchant A")]);
    let fields = [("grant_type", "client_credentials"), ("authorization_details", &details.to_string())];
    let issued = app.form(TOKEN, &client, &fields).await.is(200).json();
    assert_eq!(issued["authorization_details"], details);
}
