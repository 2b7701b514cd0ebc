//! D8: assertions about people (RFC 7523 §2.1) on the wire.

use std::time::Duration;

use ostiary::{
    account::{disable_user, enable_user},
    client::{AssertionIssuer, AssertionSubject},
    testing::{Signer, TestWeb},
};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, EMAIL, ISSUER};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const WORKS: &str = "https://works.example";

struct House {
    app: App,
    client: Client,
    signer: Signer,
    person: String,
}

impl House {
    async fn new(subject: AssertionSubject) -> Self {
        let app = App::new().await;
        let person = app.person(EMAIL).await.to_string();
        let signer = Signer::es256();
        let issuer = AssertionIssuer { issuer: WORKS.to_owned(), jwks: Some(signer.jwks()), jwks_uri: None, subject };
        let client = app.client_with(|settings| settings.assertion_issuers = vec![issuer]).await;
        Self { app, client, signer, person }
    }

    /// A good assertion; `null` takes a claim out.
    fn assertion(&self, changes: &Value) -> String {
        self.signer.sign(&json!({}), &self.claims(changes))
    }

    /// The same, naming the key that signed it.
    fn assertion_by(&self, kid: &str, changes: &Value) -> String {
        self.signer.sign(&json!({ "kid": kid }), &self.claims(changes))
    }

    fn claims(&self, changes: &Value) -> Value {
        let now = self.app.core.now().as_secs();
        let mut claims = json!({
            "iss": WORKS, "sub": self.person, "aud": ISSUER, "exp": now + 60, "iat": now,
            "jti": self.app.core.new_id::<ostiary::id::InteractionId>().to_string(),
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    async fn trade(&self, assertion: &str) -> Answer {
        let fields = [("grant_type", GRANT), ("assertion", assertion), ("scope", "openid email offline_access")];
        self.app.form("/connect/token", &self.client, &fields).await
    }
}

/// RFC 7523 §2.1, §3: an access token about the person, once, and nothing that lasts.
#[tokio::test]
async fn an_assertion_brings_a_token_once() {
    let house = House::new(AssertionSubject::UserId).await;
    let assertion = house.assertion(&json!({ "aud": ["x", format!("{ISSUER}/connect/token")] }));
    let issued = house.trade(&assertion).await.is(200).json();
    assert_eq!(issued["scope"], "email openid");
    assert!(issued["refresh_token"].is_null() && issued["id_token"].is_null());
    let request = http::Request::get("/connect/userinfo")
        .header("authorization", format!("Bearer {}", issued["access_token"].as_str().unwrap()));
    let info = house.app.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(info.is(200).json()["sub"], house.person);
    assert_eq!(house.trade(&assertion).await.is(400).error(), "invalid_grant");
}

/// RFC 7523 §3, §3.1: everything that is wrong with an assertion is `invalid_grant`.
#[tokio::test]
async fn what_does_not_count_is_refused() {
    let house = House::new(AssertionSubject::UserId).await;
    let now = house.app.core.now().as_secs();
    for bad in [
        json!({ "iss": "https://other.example" }),
        json!({ "iss": null }),
        json!({ "sub": null }),
        json!({ "sub": "somebody" }),
        json!({ "sub": EMAIL }),
        json!({ "sub": "0198a7f2-0000-7000-8000-000000000000" }),
        json!({ "aud": "https://other.example" }),
        json!({ "aud": null }),
        json!({ "exp": null }),
        json!({ "exp": now - 60 }),
        json!({ "exp": now + 2 * 60 * 60 }),
        json!({ "nbf": now + 600 }),
        json!({ "jti": null }),
    ] {
        assert_eq!(house.trade(&house.assertion(&bad)).await.is(400).error(), "invalid_grant", "{bad}");
    }
    let foreign = Signer::es256().sign(&json!({}), &json!({ "iss": WORKS, "sub": house.person }));
    for assertion in [foreign.as_str(), "x", "a.b.c"] {
        assert_eq!(house.trade(assertion).await.is(400).error(), "invalid_grant", "{assertion}");
    }
    let fields = [("grant_type", GRANT), ("assertion", "x")];
    assert_eq!(house.app.form("/connect/token", &house.client, &fields).await.is(400).error(), "invalid_scope");
    let fields = [("grant_type", GRANT), ("scope", "openid")];
    assert_eq!(house.app.form("/connect/token", &house.client, &fields).await.is(400).error(), "invalid_request");
    let plain = house.app.client().await;
    let fields = [("grant_type", GRANT), ("assertion", &house.assertion(&json!({}))), ("scope", "openid")];
    assert_eq!(house.app.form("/connect/token", &plain, &fields).await.is(400).error(), "invalid_grant");
}

/// Subjects by confirmed address, whatever its capitals.
#[tokio::test]
async fn people_are_found_by_confirmed_address() {
    let house = House::new(AssertionSubject::Email).await;
    let issued = house.trade(&house.assertion(&json!({ "sub": EMAIL.to_uppercase() }))).await.is(200).json();
    let look = [("token", issued["access_token"].as_str().unwrap())];
    let told = house.app.form("/connect/introspect", &house.client, &look).await.json();
    assert_eq!((&told["active"], &told["sub"]), (&true.into(), &house.person.clone().into()));
    assert_eq!(house.trade(&house.assertion(&json!({}))).await.is(400).error(), "invalid_grant", "an id is no address");
}

/// RFC 7523 §3, RFC 7517 §5: keys that the issuer publishes are fetched when they are needed, fetched again for a key that
/// is new, and without them nothing counts.
#[tokio::test]
async fn keys_are_fetched_from_the_issuer() {
    let web = TestWeb::https().await;
    let app = App::with(|config| web.open(&mut config.fetch)).await;
    let person = app.person(EMAIL).await.to_string();
    let issuer = AssertionIssuer {
        issuer: WORKS.to_owned(),
        jwks: None,
        jwks_uri: Some(web.url("/jwks.json")),
        subject: AssertionSubject::UserId,
    };
    let client = app.client_with(|settings| settings.assertion_issuers = vec![issuer]).await;
    let mut house = House { app, client, signer: Signer::es256(), person };
    let keys = |signer: &Signer, kid: &str| {
        let mut jwk = signer.jwk();
        jwk["kid"] = json!(kid);
        json!({ "keys": [jwk] })
    };
    let unpublished = house.trade(&house.assertion_by("one", &json!({}))).await;
    assert_eq!(unpublished.is(400).error(), "invalid_grant");
    house.app.core.clock.advance(Duration::from_secs(31));
    web.put_json("/jwks.json", &keys(&house.signer, "one"));
    house.trade(&house.assertion_by("one", &json!({}))).await.is(200);
    let asked = web.asked("/jwks.json");
    house.trade(&house.assertion_by("one", &json!({}))).await.is(200);
    assert_eq!(web.asked("/jwks.json"), asked, "kept");

    let old = std::mem::replace(&mut house.signer, Signer::es256());
    let with_own_key = house.trade(&house.assertion_by("one", &json!({}))).await;
    assert_eq!(with_own_key.is(400).error(), "invalid_grant");
    web.put_json("/jwks.json", &keys(&house.signer, "two"));
    house.app.core.clock.advance(Duration::from_mins(1));
    house.trade(&house.assertion_by("two", &json!({}))).await.is(200);
    house.signer = old;
    let retired = house.trade(&house.assertion_by("one", &json!({}))).await;
    assert_eq!(retired.is(400).error(), "invalid_grant");
}

/// A8, RFC 7523 §3: an account that an operator deactivated brings nothing, what it brought before ends, and it is the
/// account that counts, not the assertion.
#[tokio::test]
async fn nobody_acts_for_a_deactivated_account() {
    for subject in [AssertionSubject::UserId, AssertionSubject::Email] {
        let house = House::new(subject).await;
        let named = json!({ "sub": if subject == AssertionSubject::Email { EMAIL } else { house.person.as_str() } });
        let issued = house.trade(&house.assertion(&named)).await.is(200).json();
        let person = house.person.parse().unwrap();
        disable_user(&house.app.core.operator(), person).await.unwrap();
        let assertion = house.assertion(&named);
        assert_eq!(house.trade(&assertion).await.is(400).error(), "invalid_grant");
        let look = [("token", issued["access_token"].as_str().unwrap())];
        let told = house.app.form("/connect/introspect", &house.client, &look).await.json();
        assert_eq!(told, json!({ "active": false }));
        enable_user(&house.app.core.operator(), person).await.unwrap();
        house.trade(&assertion).await.is(200);
    }
}
