//! What the FAPI 2.0 certification asks of authorization and tokens as a whole: clients of the Security Profile that push
//! their requests, prove themselves by assertions and bind their tokens with DPoP. Request objects: `request_object` in the
//! domain; assertions: `client_auth`; references: `par`.

use axum::body::Body;
use http::{Request, header};
use ostiary::{
    client::SecurityProfile,
    protocol::{CodeVerifier, GrantType, SigningAlg},
    testing::Signer,
};
use serde_json::{Value, json};

use super::{
    basic::{code_in, text, verified},
    client_auth::{assertion, key_client, proof},
    dpop,
    par::opened,
};
use crate::harness::{Answer, App, Client, EMAIL, ISSUER, REDIRECT_URI, VERIFIER, form_body, parameter};

const CIBA: &str = "urn:openid:params:grant-type:ciba";

/// A bank's application and its two keys.
struct Bank {
    app: App,
    client: Client,
    signer: Signer,
    dpop: Signer,
}

impl Bank {
    async fn open() -> Self {
        let app = App::new().await;
        app.person(EMAIL).await;
        let (signer, dpop) = (Signer::es256(), Signer::es256());
        let client = key_client(&app, &signer, |settings| {
            settings.first_party = true;
            settings.dpop_bound_access_tokens = true;
            settings.profile = Some(SecurityProfile::Fapi2Security);
        })
        .await;
        Self { app, client, signer, dpop }
    }

    /// A form with a fresh assertion for `aud` and, unless there is no `key`, a fresh proof by it.
    async fn post(&self, path: &str, fields: &[(&str, &str)], aud: &Value, key: Option<&Signer>) -> Answer {
        let jwt = assertion(&self.app.core, &self.signer, &self.client, &json!({ "aud": aud }));
        let mut request = Request::post(path);
        if let Some(key) = key {
            request = request.header("dpop", dpop::proof(&self.app.core, key, "POST", path, &json!({})));
        }
        self.app.send(form_body(request, &[fields, &proof(&jwt)].concat())).await
    }

    /// Pushes a request; `extra` adds parameters, replaces them or, empty, takes them out.
    async fn push(&self, extra: &[(&str, &str)]) -> Answer {
        let challenge = CodeVerifier::parse(VERIFIER).unwrap().challenge();
        let mut fields = vec![
            ("client_id", self.client.id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid email offline_access"),
            ("state", "st4te"),
            ("nonce", "n0nce"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        fields.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
        self.post("/connect/par", &fields, &json!(ISSUER), Some(&self.dpop)).await
    }

    /// The answer to a request that was pushed with `extra`.
    async fn answer(&self, extra: &[(&str, &str)]) -> Answer {
        let pushed = self.push(extra).await;
        let address = opened(&self.client, text(&pushed.is(201).json(), "request_uri"));
        self.app.signed_in(EMAIL).await.get(&address).await
    }

    async fn exchange(&self, code: &str, verifier: Option<&str>, key: Option<&Signer>) -> Answer {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.post("/connect/token", &fields, &json!(ISSUER), key).await
    }
}

/// D8, FAPI 2.0 Security Profile §5.3.2.2: `state` and `nonce` may be missing, or long; scopes in any order; claims by name.
#[tokio::test]
async fn requests_of_every_shape() {
    let bank = Bank::open().await;
    let (nonce, long) = ("n".repeat(64), "x".repeat(384));
    let claims = json!({ "id_token": { "email_verified": { "essential": true } } }).to_string();
    for extra in [
        ("state", ""),
        ("nonce", ""),
        ("nonce", nonce.as_str()),
        ("nonce", long.as_str()),
        ("state", long.as_str()),
        ("scope", "offline_access email openid"),
        ("claims", claims.as_str()),
    ] {
        let answer = bank.answer(&[extra]).await;
        let state = parameter(answer.is(303).location(), "state");
        let expected = if extra.0 == "state" { extra.1 } else { "st4te" };
        assert_eq!(state.as_deref().unwrap_or_default(), expected);
        assert_eq!(parameter(answer.location(), "iss").as_deref(), Some(ISSUER));
        let issued = bank.exchange(&code_in(&answer), Some(VERIFIER), Some(&bank.dpop)).await.is(200).json();
        assert_eq!(issued["token_type"], "DPoP");
        let (_, claims) = verified(&bank.app, &bank.client, text(&issued, "id_token")).await;
        let expected = if extra.0 == "nonce" { extra.1 } else { "n0nce" };
        assert_eq!(claims.get("nonce").and_then(Value::as_str).unwrap_or_default(), expected);
        assert_eq!(claims["email_verified"], true);
    }
}

/// D8, FAPI 2.0 Security Profile §5.3.2.2: what is wrong with a request is told where it is pushed.
#[tokio::test]
async fn wrong_requests_are_not_taken() {
    let bank = Bank::open().await;
    for (extra, error) in [
        (&[("redirect_uri", "")][..], "invalid_request"),
        (&[("redirect_uri", "https://blockyard.example/callback/other")], "invalid_request"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain"), ("code_challenge", VERIFIER)], "invalid_request"),
        (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
        (&[("state", "a"), ("state", "b")], "invalid_request"),
    ] {
        assert_eq!(bank.push(extra).await.is(400).error(), error, "{extra:?}");
    }
}

/// D8, FAPI 2.0 Security Profile §5.3.2.1: at the PAR endpoint an assertion is for the issuer, as a string, and nothing else.
#[tokio::test]
async fn an_assertion_for_the_par_endpoint_is_for_the_issuer() {
    let bank = Bank::open().await;
    for aud in [json!([ISSUER]), json!(format!("{ISSUER}/connect/par")), json!(format!("{ISSUER}/connect/token"))] {
        let answer = bank.post("/connect/par", &[("response_type", "code")], &aud, Some(&bank.dpop)).await;
        assert_eq!(answer.is(401).error(), "invalid_client", "{aud}");
    }
}

/// RFC 9110 §11.1, RFC 9449 §7.1: the name of the scheme is written in any case.
#[tokio::test]
async fn the_scheme_is_written_in_any_case() {
    let bank = Bank::open().await;
    let code = code_in(&bank.answer(&[]).await);
    let issued = bank.exchange(&code, Some(VERIFIER), Some(&bank.dpop)).await.is(200).json();
    let token = text(&issued, "access_token");
    for scheme in ["DPoP", "dpop", "DPOP"] {
        let request = Request::get("/connect/userinfo")
            .header(header::AUTHORIZATION, format!("{scheme} {token}"))
            .header("dpop", dpop::proof(&bank.app.core, &bank.dpop, "GET", "/connect/userinfo", &dpop::ath(token)));
        let info = bank.app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(info.is(200).json()["email"], EMAIL, "{scheme}");
    }
}

/// D8, FAPI-CIBA §5.2.2: clients of backchannel requests prove themselves as strictly, at both endpoints, and get bound tokens
/// only.
#[tokio::test]
async fn backchannel_clients_prove_themselves() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (signer, rsa, holder) = (Signer::es256(), Signer::new(SigningAlg::Rs256), Signer::es256());
    let client = key_client(&app, &signer, |settings| {
        settings.grant_types = vec![GrantType::Ciba];
        settings.redirect_uris = Vec::new();
        settings.jwks = Some(json!({ "keys": [signer.jwk(), rsa.jwk()] }));
        settings.profile = Some(SecurityProfile::Fapi2Security);
        settings.dpop_bound_access_tokens = true;
    })
    .await;
    let asking = ("/connect/bc-authorize", vec![("scope", "openid"), ("login_hint", EMAIL)]);
    let polling = ("/connect/token", vec![("grant_type", CIBA), ("auth_req_id", "x")]);
    for (path, fields) in [&asking, &polling] {
        let none = app.bare_form(path, &[&fields[..], &[("client_id", client.id.as_str())]].concat()).await;
        assert_eq!(none.is(401).error(), "invalid_client", "{path}: no assertion");
        let rs256 = assertion(&app.core, &rsa, &client, &json!({}));
        let rs256 = app.bare_form(path, &[&fields[..], &proof(&rs256)].concat()).await;
        assert_eq!(rs256.is(401).error(), "invalid_client", "{path}: RS256");
        let good = assertion(&app.core, &signer, &client, &json!({}));
        let other = [&fields[..], &[("client_id", "other")], &proof(&good)].concat();
        assert_eq!(app.bare_form(path, &other).await.is(401).error(), "invalid_client", "{path}: another client");
    }
    let good = || assertion(&app.core, &signer, &client, &json!({}));
    let begun = app.bare_form(asking.0, &[&asking.1[..], &proof(&good())].concat()).await.is(200).json();
    let mut browser = app.signed_in(EMAIL).await;
    let page = browser.get("/account/requests").await;
    let (_, rest) = page.is(200).body.split_once("/account/requests/answer?id=").unwrap();
    let (id, _) = rest.split_once('"').unwrap();
    browser.post("/do/answer-request", &[("id", id), ("decision", "allow")]).await.is(303);
    let poll = [("grant_type", CIBA), ("auth_req_id", text(&begun, "auth_req_id"))];
    let loose = app.bare_form(polling.0, &[&poll[..], &proof(&good())].concat()).await;
    assert_eq!(loose.status, 400, "{}", loose.body);
    let request =
        Request::post(polling.0).header("dpop", dpop::proof(&app.core, &holder, "POST", polling.0, &json!({})));
    let issued = app.send(form_body(request, &[&poll[..], &proof(&good())].concat())).await.is(200).json();
    assert_eq!(issued["token_type"], "DPoP");
}
