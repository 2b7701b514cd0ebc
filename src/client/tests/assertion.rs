//! D4: client assertions (RFC 7523 §3, OIDC Core §9): what counts, what does not, and never twice.

use serde_json::{Value, json};

use super::*;
use crate::{
    protocol::{Params, SigningAlg, client_auth::JWT_BEARER},
    testing::Signer,
};

const ISSUER: &str = "http://localhost:8080";

fn with_key(signer: &Signer) -> ClientSettings {
    ClientSettings { auth_method: TokenEndpointAuthMethod::PrivateKeyJwt, jwks: Some(signer.jwks()), ..settings() }
}

/// Claims of a good assertion, with `changes`; null takes one out.
fn claims(core: &TestCore, id: &str, changes: &Value) -> Value {
    let now = core.now().as_secs();
    let jti = core.new_id::<crate::id::OutboxId>().as_uuid().to_string();
    let mut claims = json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": jti });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

fn assertion(jwt: &str) -> Result<ClientCredentials, crate::protocol::ClientAuthError> {
    let fields = [("client_assertion_type", JWT_BEARER), ("client_assertion", jwt)];
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    ClientCredentials::parse(None, &Params::parse(text.as_bytes()).unwrap())
}

async fn shown(core: &TestCore, jwt: &str) -> Result<Arc<Client>, AuthenticateClientError> {
    prove(&core.anonymous(), &assertion(jwt).unwrap()).await
}

async fn problem(core: &TestCore, jwt: &str) -> Option<AssertionProblem> {
    match shown(core, jwt).await {
        Ok(_) => None,
        Err(AuthenticateClientError::Assertion(problem)) => Some(problem),
        Err(other) => panic!("{other:?}"),
    }
}

/// D4, RFC 7523 §3: each claim has its rule.
#[tokio::test]
async fn each_claim_has_its_rule() {
    use AssertionProblem as P;

    on_both_engines(async |core: TestCore| {
        let signer = Signer::es256();
        let id = create(&core.operator(), with_key(&signer)).await.unwrap().client_id;
        let now = core.now().as_secs();
        let token_endpoint = format!("{ISSUER}/connect/token");
        let table = [
            (json!({}), None),
            (json!({ "iat": null }), None),
            (json!({ "iat": now + 10, "nbf": now + 8 }), None),
            (json!({ "exp": now + 600, "iat": now - 3600 }), None),
            (json!({ "exp": now - 4 }), None),
            (json!({ "aud": [ISSUER, "https://other.example"] }), None),
            (json!({ "aud": token_endpoint }), None),
            (json!({ "aud": [token_endpoint] }), None),
            (json!({ "iss": null }), Some(P::Issuer)),
            (json!({ "iss": "other" }), Some(P::Issuer)),
            (json!({ "aud": null }), Some(P::Audience)),
            (json!({ "aud": "https://other.example" }), Some(P::Audience)),
            (json!({ "aud": format!("{ISSUER}/") }), Some(P::Audience)),
            (json!({ "aud": [] }), Some(P::Audience)),
            (json!({ "aud": 7 }), Some(P::Claims)),
            (json!({ "exp": null }), Some(P::NoExpiry)),
            (json!({ "exp": "soon" }), Some(P::Claims)),
            (json!({ "exp": now - 5 }), Some(P::Expired)),
            (json!({ "exp": now - 300 }), Some(P::Expired)),
            (json!({ "exp": now + 700 }), Some(P::TooLong)),
            (json!({ "nbf": now + 61 }), Some(P::NotYet)),
            (json!({ "iat": now + 61 }), Some(P::NotYet)),
            (json!({ "jti": null }), Some(P::NoId)),
            (json!({ "jti": "" }), Some(P::NoId)),
            (json!({ "jti": "x".repeat(513) }), Some(P::NoId)),
        ];
        for (changes, expected) in table {
            let jwt = signer.sign(&json!({}), &claims(&core, &id, &changes));
            assert_eq!(problem(&core, &jwt).await, expected, "{changes}");
        }
    })
    .await;
}

/// D4: who did not sign it learns nothing, whatever else is wrong; the method must be the registered one.
#[tokio::test]
async fn only_the_clients_own_signature_counts() {
    on_both_engines(async |core: TestCore| {
        let signer = Signer::es256();
        let id = create(&core.operator(), with_key(&signer)).await.unwrap().client_id;
        let other = create(&core.operator(), with_key(&Signer::es256())).await.unwrap().client_id;
        let by_secret = create(&core.operator(), settings()).await.unwrap().client_id;
        let good = claims(&core, &id, &json!({}));
        let jwt = signer.sign(&json!({}), &good);
        let (head, _) = jwt.rsplit_once('.').unwrap();
        for text in [
            Signer::es256().sign(&json!({}), &good),
            Signer::es256().sign(&json!({ "jwk": signer.jwk() }), &claims(&core, &id, &json!({ "exp": 1 }))),
            Signer::secret(&SecretString::from(signer.jwks().to_string())).sign(&json!({}), &good),
            format!("{head}.c2ln"),
            signer.sign(&json!({}), &claims(&core, &other, &json!({}))),
            signer.sign(&json!({}), &claims(&core, &by_secret, &json!({}))),
            signer.sign(&json!({}), &claims(&core, "nobody", &json!({}))),
        ] {
            let refused = shown(&core, &text).await;
            assert!(matches!(refused, Err(AuthenticateClientError::Refused)), "{text}: {refused:?}");
        }
        let post = ClientCredentials::Post { client_id: id.clone(), secret: SecretString::from(jwt.as_str()) };
        assert!(prove(&core.anonymous(), &post).await.is_err());
        assert!(prove(&core.anonymous(), &ClientCredentials::None { client_id: id.clone() }).await.is_err());
        assert_eq!(shown(&core, &jwt).await.unwrap().id, id);
    })
    .await;
}

/// D4, RFC 7523 §3: of a hundred who bring the same assertion at once, one is believed; and nobody later.
#[tokio::test]
async fn an_assertion_counts_once() {
    on_both_engines(async |core: TestCore| {
        let signer = Signer::es256();
        let id = create(&core.operator(), with_key(&signer)).await.unwrap().client_id;
        let jwt = signer.sign(&json!({}), &claims(&core, &id, &json!({ "exp": core.now().as_secs() + 60 })));
        let credentials = Arc::new(assertion(&jwt).unwrap());
        let tries: Vec<_> = (0..100)
            .map(|_| {
                let (ctx, credentials) = (core.anonymous(), Arc::clone(&credentials));
                tokio::spawn(async move { prove(&ctx, &credentials).await.is_ok() })
            })
            .collect();
        let mut believed = 0;
        for one in tries {
            believed += usize::from(one.await.unwrap());
        }
        assert_eq!(believed, 1);
        core.clock.advance(Duration::from_secs(64));
        assert_eq!(problem(&core, &jwt).await, Some(AssertionProblem::Replayed));
        // Forgotten only when it is refused for its age.
        core.clock.advance(Duration::from_secs(1));
        crate::grant::clean_up(&core).await.unwrap();
        assert_eq!(problem(&core, &jwt).await, Some(AssertionProblem::Expired));
        // The same name is another one at another client.
        let other = create(&core.operator(), with_key(&signer)).await.unwrap().client_id;
        for (client, expected) in [(&id, None), (&other, None), (&id, Some(AssertionProblem::Replayed))] {
            let jwt = signer.sign(&json!({}), &claims(&core, client, &json!({ "jti": "one" })));
            assert_eq!(problem(&core, &jwt).await, expected);
        }
    })
    .await;
}

/// D4, OIDC Core §9: the client's secret as a key, both of them while they are rotated.
#[tokio::test]
async fn a_secret_signs_too() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let jwt_settings = ClientSettings { auth_method: TokenEndpointAuthMethod::ClientSecretJwt, ..settings() };
        let made = create(&operator, jwt_settings).await.unwrap();
        let id = made.client_id;
        let first = SecretString::from(made.client_secret.unwrap().expose());
        let sign = |secret: &SecretString| Signer::secret(secret).sign(&json!({}), &claims(&core, &id, &json!({})));
        assert!(shown(&core, &sign(&first)).await.is_ok());
        core.clock.advance(Duration::from_secs(1));
        let cmd = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_mins(1) };
        let second = rotate_client_secret(&operator, cmd).await.unwrap().client_secret;
        let second = SecretString::from(second.expose());
        assert!(shown(&core, &sign(&first)).await.is_ok() && shown(&core, &sign(&second)).await.is_ok());
        core.clock.advance(Duration::from_mins(2));
        assert!(matches!(shown(&core, &sign(&first)).await, Err(AuthenticateClientError::Refused)));
        assert!(shown(&core, &sign(&second)).await.is_ok());
        // Sending it is another method.
        assert!(prove(&core.anonymous(), &basic(&id, second.expose())).await.is_err());
        assert!(shown(&core, &Signer::es256().sign(&json!({}), &claims(&core, &id, &json!({})))).await.is_err());
    })
    .await;
}

/// D4, D8, OIDC Core §9, FAPI 2.0 Security Profile §5.4: the registered algorithm, or those the profile leaves.
#[tokio::test]
async fn algorithms_are_those_of_the_client() {
    let core = TestCore::sqlite().await;
    let operator = core.operator();
    let signers = [SigningAlg::Es256, SigningAlg::Ps256, SigningAlg::EdDsa, SigningAlg::Rs256].map(Signer::new);
    let jwks = json!({ "keys": signers.iter().map(Signer::jwk).collect::<Vec<_>>() });
    let keys = |settings: ClientSettings| ClientSettings { jwks: Some(jwks.clone()), ..settings };
    let any = create(&operator, keys(with_key(&signers[0]))).await.unwrap().client_id;
    let one = ClientSettings { token_endpoint_auth_signing_alg: Some(SigningAlg::Ps256), ..with_key(&signers[0]) };
    let one = create(&operator, keys(one)).await.unwrap().client_id;
    let fapi = ClientSettings { profile: Some(SecurityProfile::Fapi2Security), ..with_key(&signers[0]) };
    let fapi = create(&operator, keys(fapi)).await.unwrap().client_id;
    for (client, expected) in
        [(&any, [true, true, true, true]), (&one, [false, true, false, false]), (&fapi, [true, true, true, false])]
    {
        for (signer, expected) in signers.iter().zip(expected) {
            let jwt = signer.sign(&json!({}), &claims(&core, client, &json!({})));
            assert_eq!(shown(&core, &jwt).await.is_ok(), expected, "{client}");
        }
    }
}

/// D8, FAPI 2.0 Security Profile §5.3.2.1: the issuer as plain text, and nothing else.
#[tokio::test]
async fn a_profile_takes_the_issuer_alone() {
    let core = TestCore::sqlite().await;
    let signer = Signer::es256();
    let fapi = ClientSettings { profile: Some(SecurityProfile::Fapi2MessageSigning), ..with_key(&signer) };
    let id = create(&core.operator(), fapi).await.unwrap().client_id;
    let endpoint = format!("{ISSUER}/connect/token");
    for (aud, expected) in [
        (json!(ISSUER), None),
        (json!([ISSUER]), Some(AssertionProblem::Audience)),
        (json!(endpoint), Some(AssertionProblem::Audience)),
        (json!([ISSUER, endpoint]), Some(AssertionProblem::Audience)),
    ] {
        let jwt = signer.sign(&json!({}), &claims(&core, &id, &json!({ "aud": aud })));
        assert_eq!(problem(&core, &jwt).await, expected, "{aud}");
    }
}

/// D4, D11: what a method or a profile needs must be registered with it.
#[tokio::test]
async fn settings_have_what_the_method_needs() {
    use SettingsProblem as P;

    let core = TestCore::sqlite().await;
    let signer = Signer::es256();
    let good = || with_key(&signer);
    let fapi = |change: fn(&mut ClientSettings)| {
        let mut settings = ClientSettings { profile: Some(SecurityProfile::Fapi2Security), ..good() };
        change(&mut settings);
        settings
    };
    let table = vec![
        (good(), None),
        (fapi(|_| {}), None),
        (ClientSettings { jwks: None, ..good() }, Some(P::NoKeys)),
        (ClientSettings { jwks_uri: Some("https://a.example/jwks".parse().unwrap()), ..good() }, Some(P::TwoKeySets)),
        (
            ClientSettings { jwks: Some(json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] })), ..good() },
            Some(P::Keys(crate::protocol::ForeignKeysError::Private)),
        ),
        (ClientSettings { token_endpoint_auth_signing_alg: Some(SigningAlg::Hs256), ..good() }, Some(P::AuthAlg)),
        (
            ClientSettings {
                auth_method: TokenEndpointAuthMethod::ClientSecretJwt,
                token_endpoint_auth_signing_alg: Some(SigningAlg::Es256),
                ..settings()
            },
            Some(P::AuthAlg),
        ),
        (
            ClientSettings {
                auth_method: TokenEndpointAuthMethod::None,
                id_token_alg: SigningAlg::Hs256,
                ..settings()
            },
            Some(P::SharedSecret),
        ),
        (fapi(|settings| settings.auth_method = TokenEndpointAuthMethod::None), Some(P::ProfileAuth)),
        (fapi(|settings| settings.auth_method = TokenEndpointAuthMethod::ClientSecretBasic), Some(P::ProfileAuth)),
        (fapi(|settings| settings.id_token_alg = SigningAlg::Rs256), Some(P::ProfileAlg)),
        (fapi(|settings| settings.id_token_alg = SigningAlg::Hs256), Some(P::ProfileAlg)),
        (fapi(|settings| settings.pkce_optional = true), Some(P::ProfileWithoutPkce)),
    ];
    for (settings, expected) in table {
        assert_eq!(settings.check().err(), expected, "{settings:?}");
    }
    // A client with a key of its own gets no secret, unless something is signed with one.
    let made = create(&core.operator(), good()).await.unwrap();
    assert!(made.client_secret.is_none());
    let cmd = RotateClientSecret { client_id: made.client_id, keep_old_for: Duration::ZERO };
    assert!(matches!(rotate_client_secret(&core.operator(), cmd).await, Err(RotateClientSecretError::NoSecret)));
    let made = create(&core.operator(), ClientSettings { id_token_alg: SigningAlg::Hs256, ..good() }).await.unwrap();
    assert!(made.client_secret.is_some());
}
