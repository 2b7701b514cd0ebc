//! D8, RFC 9449: proofs count once, nonces come and go, and bound tokens stay bound; on both engines.

use serde_json::json;

use super::*;
use crate::{
    config::NoncePolicy,
    protocol::{
        AccessTokenType,
        dpop::{DpopError, DpopProof, ProofOf, UnverifiedProof},
    },
    testing::{Signer, on_both_engines},
};

const URL: &str = "http://localhost:8080/connect/token";

fn proof(core: &Core, signer: &Signer, jti: &str, nonce: Option<&str>) -> UnverifiedProof {
    let mut claims = json!({ "htm": "POST", "htu": URL, "iat": core.now().as_secs(), "jti": jti });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    UnverifiedProof::parse(&signer.sign(&json!({ "typ": "dpop+jwt", "jwk": signer.jwk() }), &claims)).unwrap()
}

fn verify(core: &Core, proof: &UnverifiedProof) -> Result<DpopProof, ProofError> {
    verify_proof(core, proof, &ProofOf { method: "POST", url: URL, access_token: None })
}

/// D8, RFC 9449 §11.1: of a hundred uses of one proof exactly one counts, on whichever node; another key is another proof.
#[tokio::test]
async fn a_proof_counts_once() {
    on_both_engines(async |core: TestCore| {
        let signer = Signer::es256();
        let found = Arc::new(verify(&core, &proof(&core, &signer, "one", None)).unwrap());
        let nodes = [core.core.clone(), core.second_node().await];
        let tries: Vec<_> = (0..100)
            .map(|n| {
                let (node, found) = (nodes[n % 2].clone(), Arc::clone(&found));
                tokio::spawn(async move { use_proof(&node, &found).await.is_ok() })
            })
            .collect();
        let mut first = 0;
        for one in tries {
            first += usize::from(one.await.unwrap());
        }
        assert_eq!(first, 1);
        let other = verify(&core, &proof(&core, &Signer::es256(), "one", None)).unwrap();
        use_proof(&core, &other).await.unwrap();
        // It is forgotten only when it is too old to be accepted.
        core.clock.advance(MINUTE);
        clean_up(&core).await.unwrap();
        assert!(matches!(use_proof(&core, &found).await, Err(ProofError::Wrong(DpopError::Replayed))));
    })
    .await;
}

/// D8, RFC 9449 §8: a nonce of ours counts for five to ten minutes, at every node with our key, and nobody else's does.
#[tokio::test]
async fn nonces_are_recent_ones_of_ours() {
    let core = TestCore::sqlite().await;
    let strict = TestCore::on(crate::testing::TestDatabase::sqlite(), |config| {
        config.dpop.nonce = NoncePolicy::Required;
    })
    .await;
    let signer = Signer::es256();
    let judged = |core: &Core, nonce: Option<&str>| verify(core, &proof(core, &signer, "one", nonce)).err();
    let is_stale = |found: Option<ProofError>| matches!(found, Some(ProofError::UseNonce));
    assert!(judged(&core, None).is_none());
    assert!(is_stale(judged(&strict, None)));
    for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(is_stale(judged(&core, Some(wrong))) && is_stale(judged(&strict, Some(wrong))), "{wrong}");
    }
    let nonce = dpop_nonce(&core);
    assert!(judged(&core.second_node().await, Some(&nonce)).is_none());
    assert!(is_stale(judged(&core.node_with_master_key([9; 32]).await, Some(&nonce))));
    core.clock.advance(Duration::from_secs(299));
    assert!(judged(&core, Some(&nonce)).is_none());
    core.clock.advance(Duration::from_secs(301));
    assert_ne!(dpop_nonce(&core), nonce);
    assert!(is_stale(judged(&core, Some(&nonce))));
    assert!(judged(&core, Some(&dpop_nonce(&core))).is_none());
}

fn key(signer: &Signer) -> Confirmation {
    Confirmation { jkt: Some(signer.thumbprint()), x5t_s256: None }
}

async fn code_of(core: &TestCore, client: &Arc<Client>, changes: &[(&str, &str)]) -> String {
    let name = core.new_id::<UserId>().as_uuid().simple().to_string();
    let ctx = sign_in(core, &person(core, &format!("{name}@nordhavn.example")).await).await;
    let all = [&[("client_id", client.id.as_str()), ("scope", "openid offline_access")][..], changes].concat();
    authorize(&ctx, &all).await
}

async fn exchanged(
    house: &TestCore,
    client: &Arc<Client>,
    code: &str,
    confirmation: Confirmation,
) -> Result<IssuedTokens, TokenError> {
    exchange_code(&house.anonymous(), ExchangeCode { confirmation, ..exchange_of(client, code) }).await
}

async fn refreshed(
    core: &TestCore,
    client: &Arc<Client>,
    token: &PlainToken,
    confirmation: Confirmation,
) -> Result<IssuedTokens, TokenError> {
    refresh(&core.anonymous(), Refresh { confirmation, ..refresh_of(client, token) }).await
}

/// D8, RFC 9449 §5, §10: a code that is bound to a key is traded with that key only, and stays good for it; the refresh
/// tokens of a public client are bound to the key they were issued with, those of a confidential one are not.
#[tokio::test]
async fn codes_and_refresh_tokens_stay_with_their_key() {
    on_both_engines(async |core: TestCore| {
        let (mine, other) = (Signer::es256(), Signer::es256());
        let first_party = |settings: &mut ClientSettings| settings.first_party = true;
        let public = client(&core, "public", |settings| {
            first_party(settings);
            settings.auth_method = TokenEndpointAuthMethod::None;
        })
        .await;
        let app = client(&core, "server", first_party).await;
        for client in [&public, &app] {
            let code = code_of(&core, client, &[("dpop_jkt", &mine.thumbprint())]).await;
            for wrong in [Confirmation::NONE, key(&other)] {
                let refused = exchanged(&core, client, &code, wrong).await;
                assert_eq!(refusal(refused), OAuthErrorCode::InvalidGrant);
            }
            let issued = exchanged(&core, client, &code, key(&mine)).await.unwrap();
            assert_eq!(claims(&issued.access_token)["cnf"]["jkt"], mine.thumbprint());
            assert_eq!(issued.to_response().token_type, AccessTokenType::Dpop);
            let refresh_token = issued.refresh_token.unwrap();
            if client.id == "public" {
                for wrong in [Confirmation::NONE, key(&other)] {
                    let refused = refreshed(&core, client, &refresh_token, wrong).await;
                    assert_eq!(refusal(refused), OAuthErrorCode::InvalidGrant);
                }
            }
            let next = if client.id == "public" { &mine } else { &other };
            let again = refreshed(&core, client, &refresh_token, key(next)).await.unwrap();
            assert_eq!(claims(&again.access_token)["cnf"]["jkt"], next.thumbprint());
            // The same old token again, D3: the same successor, but never the same name for another binding.
            let repeated = refreshed(&core, client, &refresh_token, key(&mine)).await.unwrap();
            let same = claims(&repeated.access_token)["jti"] == claims(&again.access_token)["jti"];
            assert_eq!(same, client.id == "public");
            assert_eq!(repeated.refresh_token.unwrap().expose(), again.refresh_token.unwrap().expose());
        }
        let malformed = begin(&core.anonymous(), &[("client_id", "server"), ("dpop_jkt", "x")]).await.unwrap();
        let AuthorizationStep::Respond(answer) = malformed else { panic!("{malformed:?}") };
        assert!(answer.fields().contains(&("error", "invalid_request".to_owned())));
    })
    .await;
}

/// D8, RFC 9449 §7.1, §7.2: a stolen token is of no use without its key, and no token passes for another kind.
#[tokio::test]
async fn userinfo_asks_for_the_key() {
    on_both_engines(async |core: TestCore| {
        let (mine, other) = (Signer::es256(), Signer::es256());
        let app = client(&core, "server", |settings| settings.first_party = true).await;
        let bound = exchanged(&core, &app, &code_of(&core, &app, &[]).await, key(&mine)).await.unwrap();
        let bearer = exchanged(&core, &app, &code_of(&core, &app, &[]).await, Confirmation::NONE).await.unwrap();
        let ask = async |token: &str, scheme, proof: Option<(&Signer, &str)>| {
            let proof = proof.map(|(signer, jti)| DpopProof {
                jkt: signer.thumbprint(),
                jti: jti.to_owned(),
                iat: core.now().as_secs(),
            });
            let cmd = GetUserInfo { access_token: token, scheme, proof, certificate: None };
            crate::grant::user_info(&core.anonymous(), cmd).await
        };
        let dpop = AccessTokenType::Dpop;
        let (bound, bearer) = (&bound.access_token, &bearer.access_token);
        for (token, scheme, proof) in [
            (bound, AccessTokenType::Bearer, None),
            (bound, AccessTokenType::Bearer, Some((&mine, "a"))),
            (bound, dpop, None),
            (bound, dpop, Some((&other, "b"))),
            (bearer, dpop, Some((&mine, "c"))),
        ] {
            assert!(matches!(ask(token, scheme, proof).await, Err(UserInfoError::NotTheirs)));
        }
        assert!(ask(bearer, AccessTokenType::Bearer, None).await.is_ok());
        assert!(ask(bound, dpop, Some((&mine, "d"))).await.is_ok());
        let again = ask(bound, dpop, Some((&mine, "d"))).await;
        assert!(matches!(again, Err(UserInfoError::Proof(ProofError::Wrong(DpopError::Replayed)))));
    })
    .await;
}
