//! D8: what becomes of clients that registered themselves, and of the tokens that let them.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;
use crate::{
    client::{AuthenticateClient, authenticate_client, find_client},
    config::{Config, RegistrationMode, RegistrationPolicy, StatementIssuer},
    jobs::clean_up,
    protocol::ClientCredentials,
    testing::{TestCore, on_both_engines, on_both_engines_with},
};

fn members(json: Value) -> Map<String, Value> {
    match json {
        Value::Object(members) => members,
        other => panic!("{other}"),
    }
}

fn public() -> Value {
    json!({ "redirect_uris": ["https://blockyard.example/cb"], "token_endpoint_auth_method": "none" })
}

async fn register(ctx: &Ctx, token: Option<String>) -> Result<Registered, RegisterClientError> {
    register_client(ctx, RegisterClient { members: members(public()), token }).await
}

async fn token(core: &TestCore, cmd: CreateInitialToken) -> String {
    create_initial_token(&core.operator(), cmd).await.unwrap().token.expose().to_owned()
}

/// How many of `tries` registrations at once are let through.
async fn race(core: &TestCore, token: &str, tries: usize) -> usize {
    let mut tasks = Vec::new();
    for _ in 0..tries {
        let (ctx, token) = (core.anonymous(), token.to_owned());
        tasks.push(tokio::spawn(async move { register(&ctx, Some(token)).await.is_ok() }));
    }
    let mut through = 0;
    for task in tasks {
        through += usize::from(task.await.unwrap());
    }
    through
}

/// D8: a token that is good for three clients makes three, however many come at once.
#[tokio::test]
async fn uses_are_counted_exactly() {
    on_both_engines(async |core: TestCore| {
        let token = token(&core, CreateInitialToken { max_uses: Some(3), ..Default::default() }).await;
        assert_eq!(race(&core, &token, 10).await, 3);
        let listed = list_initial_tokens(&core.operator(), 10).await.unwrap();
        assert_eq!((listed[0].uses, listed[0].is_good), (3, false));
    })
    .await;
}

/// D8: a policy's `max_clients` holds in a race, too.
#[tokio::test]
async fn clients_of_a_token_are_counted_exactly() {
    let limit = |config: &mut Config| {
        let policy = RegistrationPolicy { max_clients: Some(2), ..RegistrationPolicy::default() };
        config.client_registration.policies.insert("few".to_owned(), policy);
    };
    on_both_engines_with(limit, async |core: TestCore| {
        let cmd = CreateInitialToken { policy: Some("few".to_owned()), ..Default::default() };
        let token = token(&core, cmd).await;
        assert_eq!(race(&core, &token, 8).await, 2);
        assert!(matches!(register(&core.anonymous(), Some(token)).await, Err(RegisterClientError::Full)));
    })
    .await;
}

/// RFC 7591 §1.2, D8: operators make and end tokens, and none that is of no use.
#[tokio::test]
async fn tokens_are_the_operators() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let create = async |cmd| create_initial_token(&operator, cmd).await;
        let unknown = CreateInitialToken { policy: Some("nobody's".to_owned()), ..Default::default() };
        assert!(matches!(create(unknown).await, Err(InitialTokenError::NoSuchPolicy)));
        for useless in [
            CreateInitialToken { max_uses: Some(0), ..Default::default() },
            CreateInitialToken { expires_at: Some(core.now()), ..Default::default() },
        ] {
            assert!(matches!(create(useless).await, Err(InitialTokenError::Useless)));
        }
        let made = create(CreateInitialToken::default()).await.unwrap();
        let token = made.token.expose().to_owned();
        register(&core.anonymous(), Some(token.clone())).await.unwrap();
        revoke_initial_token(&operator, made.id).await.unwrap();
        assert!(matches!(revoke_initial_token(&operator, made.id).await, Err(InitialTokenError::NotFound)));
        assert!(matches!(register(&core.anonymous(), Some(token)).await, Err(RegisterClientError::Token)));

        let nobody = core.anonymous();
        let denied = create_initial_token(&nobody, CreateInitialToken::default()).await;
        assert!(matches!(denied, Err(InitialTokenError::Denied(_))));
        assert!(matches!(list_initial_tokens(&nobody, 1).await, Err(InitialTokenError::Denied(_))));
        assert!(matches!(revoke_initial_token(&nobody, made.id).await, Err(InitialTokenError::Denied(_))));
    })
    .await;
}

/// D8, D12: what anybody may register is forgotten when nobody comes back with it; the rest stays.
#[tokio::test]
async fn unused_clients_are_forgotten() {
    let open = |config: &mut Config| config.client_registration.mode = RegistrationMode::Open;
    on_both_engines_with(open, async |core: TestCore| {
        let nobody = core.anonymous();
        let unused = register(&nobody, None).await.unwrap().client_id;
        let used = register(&nobody, None).await.unwrap().client_id;
        let token = token(&core, CreateInitialToken::default()).await;
        let trusted = register(&nobody, Some(token)).await.unwrap().client_id;
        let credentials = ClientCredentials::None { client_id: used.clone() };
        authenticate_client(&nobody, AuthenticateClient { credentials: &credentials, endpoint: "", certificate: None })
            .await
            .unwrap();
        let is_there = async |id: &str| find_client(&core, id).await.unwrap().is_some();
        clean_up(&core).await.unwrap();
        assert!(is_there(&unused).await);
        core.clock.advance(Duration::from_hours(31 * 24));
        clean_up(&core).await.unwrap();
        assert!(!is_there(&unused).await);
        assert!(is_there(&used).await && is_there(&trusted).await);
    })
    .await;
}

struct Issuer {
    key: rcgen::KeyPair,
}

impl Issuer {
    fn new() -> Self {
        Self { key: rcgen::KeyPair::generate().unwrap() }
    }

    fn trusted(&self) -> StatementIssuer {
        let point = self.key.public_key_raw();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
        let key = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        StatementIssuer {
            issuer: "https://issuer.example".to_owned(),
            jwks: Some(json!({ "keys": [key] })),
            jwks_uri: None,
        }
    }

    fn sign(&self, claims: &Value) -> String {
        let key = jsonwebtoken::EncodingKey::from_ec_der(&self.key.serialize_der());
        jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256), claims, &key).unwrap()
    }
}

/// RFC 7591 §2.3, §3.1.1, §3.2.2: what an approved issuer says outweighs what the client says; all others are refused.
#[tokio::test]
async fn software_statements_outweigh_the_rest() {
    let (issuer, other) = (Issuer::new(), Issuer::new());
    let core = TestCore::sqlite_with(|config| {
        config.client_registration.mode = RegistrationMode::Open;
        config.client_registration.software_statement_issuers = vec![issuer.trusted()];
    })
    .await;
    let now = core.now().as_secs();
    let claims =
        |iss: &str, exp: i64| json!({ "iss": iss, "exp": exp, "client_name": "Vouched for", "software_id": "x1" });
    let send = async |statement: Value| {
        let mut said = members(public());
        said.insert("client_name".to_owned(), json!("Made up"));
        said.insert("software_statement".to_owned(), statement);
        register_client(&core.anonymous(), RegisterClient { members: said, token: None }).await
    };
    let good = issuer.sign(&claims("https://issuer.example", now + 600));
    let made = send(json!(good)).await.unwrap();
    assert_eq!(made.metadata["client_name"], "Vouched for");
    assert_eq!(made.metadata["software_id"], "x1");
    assert_eq!(made.metadata["software_statement"], good.as_str());
    let own = ManageRegistration { client_id: made.client_id.clone(), token: made.token.expose().to_owned() };
    let read = get_registration(&core.anonymous(), own).await.unwrap();
    assert_eq!(read.metadata["software_statement"], good.as_str());

    let stranger = issuer.sign(&claims("https://stranger.example", now + 600));
    let forged = other.sign(&claims("https://issuer.example", now + 600));
    let old = issuer.sign(&claims("https://issuer.example", now - 61));
    for (statement, expected) in [
        (json!(stranger), StatementError::Unapproved),
        (json!(forged), StatementError::Invalid),
        (json!(old), StatementError::Invalid),
        (json!("nonsense"), StatementError::Invalid),
        (json!(7), StatementError::Invalid),
    ] {
        match send(statement).await {
            Err(RegisterClientError::Statement(error)) => assert_eq!(error, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
}
