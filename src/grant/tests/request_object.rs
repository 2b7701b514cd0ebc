//! D8: request objects (RFC 9101; FAPI 2.0 Message Signing §5.3).

use serde_json::json;

use super::*;
use crate::{
    client::SecurityProfile,
    protocol::SigningAlg,
    testing::{Signer, on_both_engines},
};

/// A request of `app` as claims; `null` takes one out.
fn object(core: &TestCore, changes: &Value) -> Value {
    let now = core.now().as_secs();
    let mut claims = json!({
        "iss": "app", "aud": core.config().issuer(), "iat": now, "nbf": now, "exp": now + 300,
        "client_id": "app", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid email",
        "state": "inside", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

async fn signing_client(core: &Core, id: &str, key: &Signer) -> Arc<Client> {
    client(core, id, |settings| settings.jwks = Some(key.jwks())).await
}

fn by_value<'a>(object: &'a str, outside: &[(&'a str, &'a str)]) -> Params {
    let pairs = [("client_id", "app"), ("request", object)].into_iter().chain(outside.iter().copied());
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    Params::parse(text.as_bytes()).unwrap()
}

async fn open(ctx: &Ctx, params: Params) -> Result<AuthorizationStep, AuthorizationRefused> {
    begin_authorization(ctx, BeginAuthorization { params }).await
}

async fn push(core: &TestCore, client: &Arc<Client>, params: Params) -> Result<String, OAuthErrorCode> {
    let cmd = PushAuthorization { client: Arc::clone(client), params, dpop_key: None };
    match push_authorization(&core.anonymous(), cmd).await {
        Ok(pushed) => Ok(pushed.request_uri),
        Err(TokenError::Refused(error)) => Err(error.code()),
        Err(error @ (TokenError::Internal(_) | TokenError::TooMany(_))) => panic!("{error:?}"),
    }
}

/// D8, RFC 9101 §6.3: only the object counts, at both endpoints; what is outside is neither merged nor believed.
#[tokio::test]
async fn only_what_is_signed_counts() {
    on_both_engines(async |core: TestCore| {
        let key = Signer::es256();
        let app = signing_client(&core, "app", &key).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let max_age = json!({ "max_age": 100, "claims": { "id_token": { "email": null } } });
        let signed = key.sign(&json!({ "typ": "oauth-authz-req+jwt" }), &object(&core, &max_age));
        let outside = [
            ("state", "outside"),
            ("scope", "openid profile"),
            ("prompt", "none"),
            ("response_type", "code"),
            ("redirect_uri", "https://evil.example/"),
        ];
        let handle = interaction(open(&ctx, by_value(&signed, &outside)).await.unwrap());
        let shown = get_consent(&ctx, &handle).await.unwrap();
        let names: Vec<_> = shown.scopes.iter().map(|line| line.scope.as_str()).collect();
        assert_eq!(names, ["openid", "email"]);
        decide_consent(&ctx, allow(&handle)).await.unwrap();
        let AuthorizationStep::Respond(answer) = resume(&ctx, &handle).await.unwrap() else { panic!() };
        assert_eq!(field(&answer, "state").as_deref(), Some("inside"));
        exchange(&core, &app, &field(&answer, "code").unwrap()).await.unwrap();

        // fapi2-sp-…state-only-outside-request-object-not-used
        let signed = key.sign(&json!({}), &object(&core, &json!({ "state": null, "prompt": "none" })));
        let step = open(&core.anonymous(), by_value(&signed, &[("state", "outside")])).await.unwrap();
        let AuthorizationStep::Respond(answer) = step else { panic!() };
        assert_eq!((field(&answer, "error").as_deref(), field(&answer, "state")), (Some("login_required"), None));
        let reference = push(&core, &app, by_value(&signed, &[("scope", "admin")])).await.unwrap();
        assert!(reference.starts_with("urn:"));
    })
    .await;
}

/// D8, RFC 9101 §4, §5, §6: who signed it, for whom, when, and with what; each of them refused at both endpoints.
#[tokio::test]
async fn an_object_must_be_the_clients_for_us_and_in_time() {
    on_both_engines(async |core: TestCore| {
        let (key, stranger, rsa) = (Signer::es256(), Signer::es256(), Signer::new(SigningAlg::Rs256));
        let app = signing_client(&core, "app", &key).await;
        signing_client(&core, "other", &stranger).await;
        let now = core.now().as_secs();
        let plain = json!({});
        let sign = |changes: &Value| key.sign(&plain, &object(&core, changes));
        let unsigned = {
            let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&object(&core, &plain)))
        };
        let tampered = {
            let (body, signature) = sign(&plain).rsplit_once('.').map(|(b, s)| (b.to_owned(), s.to_owned())).unwrap();
            let claims = URL_SAFE_NO_PAD.encode(object(&core, &json!({ "state": "x" })).to_string());
            format!("{}.{claims}.{signature}", body.split('.').next().unwrap())
        };
        for (why, signed) in [
            ("another's key", stranger.sign(&plain, &object(&core, &plain))),
            ("another's object", stranger.sign(&plain, &object(&core, &json!({ "iss": "other" })))),
            ("a key that is not registered", rsa.sign(&plain, &object(&core, &plain))),
            ("none", unsigned.clone()),
            ("tampered", tampered),
            ("garbage", "a.b.c".to_owned()),
            ("iss", sign(&json!({ "iss": "other" }))),
            ("no iss", sign(&json!({ "iss": null }))),
            ("aud", sign(&json!({ "aud": "https://other.example" }))),
            ("aud", sign(&json!({ "aud": ["https://other.example"] }))),
            ("no aud", sign(&json!({ "aud": null }))),
            ("client_id", sign(&json!({ "client_id": "other" }))),
            ("expired", sign(&json!({ "exp": now - 11 }))),
            ("not yet", sign(&json!({ "nbf": now + 61 }))),
            ("nested", sign(&json!({ "request": "x" }))),
            ("nested", sign(&json!({ "request_uri": "urn:ietf:params:oauth:request_uri:x" }))),
            ("typ", key.sign(&json!({ "typ": "at+jwt" }), &object(&core, &plain))),
            ("exp is no number", sign(&json!({ "exp": "soon" }))),
        ] {
            let pushed = push(&core, &app, by_value(&signed, &[])).await;
            assert_eq!(pushed, Err(OAuthErrorCode::InvalidRequestObject), "{why}");
            // Nobody knows where an answer would go, unless the address says so itself.
            let shown = open(&core.anonymous(), by_value(&signed, &[])).await;
            assert!(matches!(shown, Err(AuthorizationRefused::Untrusted { .. })), "{why}: {shown:?}");
            let told = open(&core.anonymous(), by_value(&signed, &[("redirect_uri", REDIRECT)])).await.unwrap();
            let expected = if signed == unsigned { "request_not_supported" } else { "invalid_request_object" };
            assert_eq!(word(&told), expected, "{why}");
            let elsewhere =
                open(&core.anonymous(), by_value(&signed, &[("redirect_uri", "https://evil.example/")])).await;
            assert!(matches!(elsewhere, Err(AuthorizationRefused::Untrusted { .. })), "{why}");
        }
        for (why, signed) in [
            ("array", sign(&json!({ "aud": ["https://other.example", core.config().issuer()] }))),
            ("10 s early", sign(&json!({ "nbf": now + 8, "iat": now + 8 }))),
            ("jwt", key.sign(&json!({ "typ": "JWT" }), &object(&core, &plain))),
            ("no client_id", sign(&json!({ "client_id": null }))),
            ("no times", sign(&json!({ "exp": null, "nbf": null, "iat": null }))),
        ] {
            assert!(push(&core, &app, by_value(&signed, &[])).await.is_ok(), "{why}");
        }
        let missing = sign(&json!({ "redirect_uri": null }));
        let outside = by_value(&missing, &[("redirect_uri", REDIRECT)]);
        assert_eq!(push(&core, &app, outside).await, Err(OAuthErrorCode::InvalidRequest));
        let both = by_value(&missing, &[("request_uri", "https://app.example/r")]);
        assert_eq!(push(&core, &app, both).await, Err(OAuthErrorCode::InvalidRequest));
    })
    .await;
}

/// D8, OIDC Registration §2: with a registered algorithm no other is accepted; a shared secret only where it is registered.
#[tokio::test]
async fn the_registered_algorithm_is_the_only_one() {
    on_both_engines(async |core: TestCore| {
        let rsa = Signer::new(SigningAlg::Ps256);
        let app = client(&core, "app", |settings| {
            settings.jwks = Some(rsa.jwks());
            settings.request_object_signing_alg = Some(SigningAlg::Ps256);
        })
        .await;
        let good = rsa.sign(&json!({}), &object(&core, &json!({})));
        assert!(push(&core, &app, by_value(&good, &[])).await.is_ok());
        let other = reconfigure(&core, "app", |settings| settings.request_object_signing_alg = Some(SigningAlg::Es256));
        let other = other.await;
        assert_eq!(push(&core, &other, by_value(&good, &[])).await, Err(OAuthErrorCode::InvalidRequestObject));
    })
    .await;
}

/// D8, FAPI 2.0 Message Signing §5.3: signed, through PAR, within an hour, each `jti` once, and answered signed.
#[tokio::test]
async fn message_signing_asks_for_more() {
    on_both_engines(async |core: TestCore| {
        use OAuthErrorCode as C;

        let key = Signer::es256();
        signing_client(&core, "app", &key).await;
        let app =
            reconfigure(&core, "app", |settings| settings.profile = Some(SecurityProfile::Fapi2MessageSigning)).await;
        let now = core.now().as_secs();
        let sign = |changes: Value| {
            let mut claims = object(&core, &changes);
            claims.as_object_mut().unwrap().entry("response_mode").or_insert("jwt".into());
            key.sign(&json!({}), &claims)
        };
        for (why, signed, expected) in [
            ("no exp", sign(json!({ "exp": null })), C::InvalidRequestObject),
            ("no nbf", sign(json!({ "nbf": null })), C::InvalidRequestObject),
            ("lives too long", sign(json!({ "exp": now + 3601 })), C::InvalidRequestObject),
            ("too old", sign(json!({ "nbf": now - 3601, "exp": now + 5 })), C::InvalidRequestObject),
            ("not signed answer", sign(json!({ "response_mode": "query" })), C::InvalidRequest),
            ("no PKCE", sign(json!({ "code_challenge": null, "code_challenge_method": null })), C::InvalidRequest),
        ] {
            assert_eq!(push(&core, &app, by_value(&signed, &[])).await, Err(expected), "{why}");
        }
        // fapi2-sp-…ensure-signed-request-object-with-RS256-fails: not even with a registered key.
        let rsa = Signer::new(SigningAlg::Rs256);
        let app = reconfigure(&core, "app", |settings| settings.jwks = Some(json!({ "keys": [key.jwk(), rsa.jwk()] })));
        let app = app.await;
        let signed = rsa.sign(&json!({}), &object(&core, &json!({ "response_mode": "jwt" })));
        assert_eq!(push(&core, &app, by_value(&signed, &[])).await, Err(C::InvalidRequestObject));
        // fapi2-sp-…ensure-unsigned-request-at-par-endpoint-fails
        assert_eq!(push(&core, &app, request(&[])).await, Err(C::InvalidRequestObject));
        // fapi2-sp-…ensure-unsigned-authorization-request-without-using-par-fails
        assert_eq!(word(&begin(&core.anonymous(), &[]).await.unwrap()), "invalid_request");
        let good = sign(json!({ "jti": "once" }));
        let told = open(&core.anonymous(), by_value(&good, &[("redirect_uri", REDIRECT)])).await.unwrap();
        assert_eq!(word(&told), "invalid_request");
        assert!(push(&core, &app, by_value(&good, &[])).await.is_ok());
        assert_eq!(push(&core, &app, by_value(&good, &[])).await, Err(C::InvalidRequestObject));
    })
    .await;
}
