//! D8: FAPI 2.0 as one switch per client: requests and their answers (Security Profile §5.3.2, Message Signing §5.3, §5.4).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ostiary::{
    client::SecurityProfile,
    protocol::{CodeVerifier, SigningAlg},
    testing::Signer,
};
use serde_json::{Value, json};

use super::{
    client_auth::{assertion, key_client, proof},
    par::opened,
};
use crate::harness::{Answer, App, Client, EMAIL, ISSUER, REDIRECT_URI, VERIFIER, authorize, parameter};

struct House {
    app: App,
    key: Signer,
    client: Client,
}

async fn house(profile: SecurityProfile) -> House {
    let app = App::new().await;
    app.person(EMAIL).await;
    let key = Signer::es256();
    let client = key_client(&app, &key, |settings| settings.profile = Some(profile)).await;
    House { app, key, client }
}

impl House {
    /// The request as claims; `null` takes one out.
    fn request(&self, changes: &Value) -> Value {
        let now = self.app.core.now().as_secs();
        let mut claims = json!({
            "iss": self.client.id, "aud": ISSUER, "nbf": now, "exp": now + 300, "client_id": self.client.id,
            "redirect_uri": REDIRECT_URI, "response_type": "code", "scope": "openid email", "state": "st4te",
            "code_challenge": CodeVerifier::parse(VERIFIER).unwrap().challenge().as_str(),
            "code_challenge_method": "S256", "response_mode": "jwt",
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    async fn push(&self, fields: &[(&str, &str)]) -> Answer {
        let jwt = assertion(&self.app.core, &self.key, &self.client, &json!({}));
        self.app.bare_form("/connect/par", &[fields, &proof(&jwt)].concat()).await
    }

    async fn push_signed(&self, changes: &Value) -> Answer {
        let object = self.key.sign(&json!({ "typ": "oauth-authz-req+jwt" }), &self.request(changes));
        self.push(&[("request", &object), ("client_id", &self.client.id)]).await
    }

    async fn push_plain(&self, changes: &Value) -> Answer {
        let mut claims = self.request(changes);
        claims.as_object_mut().unwrap().retain(|name, _| !["iss", "aud", "nbf", "exp"].contains(&name.as_str()));
        let fields: Vec<_> = claims.as_object().unwrap().iter().collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        self.push(&fields).await
    }
}

fn reference(answer: &Answer) -> String {
    answer.is(201).json()["request_uri"].as_str().unwrap().to_owned()
}

/// D8, FAPI 2.0 Security Profile §5.3.2.2: through PAR, with PKCE, code only, and `redirect_uri` in the request.
#[tokio::test]
async fn the_security_profile_takes_pushed_requests_with_pkce_only() {
    let house = house(SecurityProfile::Fapi2Security).await;
    let plain = json!({ "response_mode": null });
    let pushed = house.push_plain(&plain).await;
    // §5.3.2.2: less than 600 seconds.
    assert!(pushed.is(201).json()["expires_in"].as_u64().unwrap() < 600);
    for (changes, expected) in [
        (json!({ "code_challenge": null, "code_challenge_method": null }), "invalid_request"),
        (json!({ "code_challenge_method": "plain" }), "invalid_request"),
        (json!({ "redirect_uri": null }), "invalid_request"),
        (json!({ "redirect_uri": "https://blockyard.example/other" }), "invalid_request"),
        (json!({ "response_type": "code id_token" }), "unsupported_response_type"),
        (json!({ "response_type": "token" }), "unsupported_response_type"),
    ] {
        assert_eq!(house.push_plain(&changes).await.is(400).error(), expected, "{changes}");
    }
    let mut browser = house.app.signed_in(EMAIL).await;
    let direct = browser.get(&authorize(&house.client, &[("scope", "openid")])).await;
    assert_eq!(parameter(direct.is(303).location(), "error").as_deref(), Some("invalid_request"));
    let answer = browser.get(&opened(&house.client, &reference(&pushed))).await;
    let interaction = parameter(answer.is(303).location(), "i").unwrap();
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "allow")]).await;
    let answer = browser.get(decided.is(303).location()).await;
    // RFC 9207: who answers, against mix-up.
    assert_eq!(parameter(answer.is(303).location(), "iss").as_deref(), Some(ISSUER));
    assert!(parameter(answer.location(), "code").is_some());
}

/// D8, FAPI 2.0 Message Signing §5.3, §5.4: the request is signed, and so is the answer.
#[tokio::test]
async fn message_signing_signs_both_ways() {
    let house = house(SecurityProfile::Fapi2MessageSigning).await;
    // fapi2-sp-…ensure-unsigned-request-at-par-endpoint-fails
    assert_eq!(house.push_plain(&json!({})).await.is(400).error(), "invalid_request_object");
    let now = house.app.core.now().as_secs();
    for (changes, expected) in [
        (json!({ "exp": null }), "invalid_request_object"),
        (json!({ "nbf": null }), "invalid_request_object"),
        (json!({ "exp": now - 60 }), "invalid_request_object"),
        (json!({ "exp": now + 3700 }), "invalid_request_object"),
        (json!({ "nbf": now - 3700, "exp": now + 60 }), "invalid_request_object"),
        (json!({ "aud": "https://other.example" }), "invalid_request_object"),
        (json!({ "request_uri": "urn:ietf:params:oauth:request_uri:x" }), "invalid_request_object"),
        (json!({ "redirect_uri": null }), "invalid_request"),
        (json!({ "response_mode": null }), "invalid_request"),
    ] {
        assert_eq!(house.push_signed(&changes).await.is(400).error(), expected, "{changes}");
    }
    for changes in [
        json!({ "aud": ["https://other.example", ISSUER] }),
        json!({ "nbf": now + 8 }),
        json!({ "state": null }),
        json!({ "nonce": "n".repeat(64) }),
        json!({ "state": "s".repeat(1000), "nonce": "n".repeat(1000) }),
        json!({ "claims": { "id_token": { "acr": { "essential": true, "value": "urn:ostiary:acr:pwd" } } } }),
    ] {
        house.push_signed(&changes).await.is(201);
    }
    let request_uri = reference(&house.push_signed(&json!({ "jti": "a" })).await);
    assert_eq!(house.push_signed(&json!({ "jti": "a" })).await.is(400).error(), "invalid_request_object");

    let mut browser = house.app.signed_in(EMAIL).await;
    let page = browser.get(&opened(&house.client, &request_uri)).await;
    let interaction = parameter(page.is(303).location(), "i").unwrap();
    // fapi2-sp-…user-rejects-authentication
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "deny")]).await;
    let answer = browser.get(decided.is(303).location()).await;
    let response = parameter(answer.is(303).location(), "response").unwrap();
    let claims = URL_SAFE_NO_PAD.decode(response.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!((&claims["error"], &claims["state"]), (&json!("access_denied"), &json!("st4te")));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ISSUER), &json!(house.client.id)));
    assert!(parameter(answer.location(), "error").is_none());
}

/// D8, FAPI 2.0 Security Profile §5.4: RS256 is not accepted, even with a key that is registered.
#[tokio::test]
async fn rs256_is_not_accepted() {
    let app = App::new().await;
    let (key, rsa) = (Signer::es256(), Signer::new(SigningAlg::Rs256));
    let client = key_client(&app, &key, |settings| {
        settings.profile = Some(SecurityProfile::Fapi2MessageSigning);
        settings.jwks = Some(json!({ "keys": [key.jwk(), rsa.jwk()] }));
    })
    .await;
    let house = House { app, key, client };
    let object = rsa.sign(&json!({}), &house.request(&json!({})));
    let answer = house.push(&[("request", &object), ("client_id", &house.client.id)]).await;
    assert_eq!(answer.is(400).error(), "invalid_request_object");
}
