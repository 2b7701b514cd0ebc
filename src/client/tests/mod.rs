//! D4, D11: clients are registered, prove themselves, and change their secrets.

mod assertion;
mod changes;

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    core::Ctx,
    protocol::{ClientCredentials, GrantType, RedirectUri, TokenEndpointAuthMethod},
    secret::SecretString,
    testing::{TestCore, on_both_engines},
    text::DisplayName,
};

fn settings() -> ClientSettings {
    ClientSettings {
        redirect_uris: vec![RedirectUri::parse("https://blockyard.example/callback").unwrap()],
        ..ClientSettings::default()
    }
}

async fn create(ctx: &Ctx, settings: ClientSettings) -> Result<ClientCreated, CreateClientError> {
    create_client(ctx, CreateClient { id: None, name: DisplayName::try_from("Blockyard").unwrap(), settings }).await
}

async fn prove(ctx: &Ctx, credentials: &ClientCredentials) -> Result<Arc<Client>, AuthenticateClientError> {
    let endpoint = ctx.config().url("/connect/token");
    authenticate_client(ctx, AuthenticateClient { credentials, endpoint: &endpoint, certificate: None }).await
}

fn basic(client_id: &str, secret: &str) -> ClientCredentials {
    ClientCredentials::Basic { client_id: client_id.to_owned(), secret: SecretString::from(secret) }
}

/// D4: only the registered method with a live secret is believed.
#[tokio::test]
async fn a_client_proves_itself_in_its_own_way() {
    on_both_engines(async |core: TestCore| {
        let made = create(&core.operator(), settings()).await.unwrap();
        let secret = made.client_secret.unwrap();
        let ctx = core.anonymous();
        let id = made.client_id;
        assert_eq!(prove(&ctx, &basic(&id, secret.expose())).await.unwrap().id, id);
        let post = ClientCredentials::Post { client_id: id.clone(), secret: SecretString::from(secret.expose()) };
        let none = ClientCredentials::None { client_id: id.clone() };
        let stranger = basic("nobody", secret.expose());
        let system = ClientCredentials::None { client_id: FIRST_PARTY_CLIENT_ID.to_owned() };
        for wrong in [basic(&id, "wrong"), basic(&id, ""), post, none, stranger, system] {
            let refused = prove(&ctx, &wrong).await;
            assert!(matches!(refused, Err(AuthenticateClientError::Refused)), "{wrong:?}");
        }
    })
    .await;
}

/// D11: two secrets are live while rotating, never three, and the old one ends in time.
#[tokio::test]
async fn secrets_overlap_while_they_change() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let ctx = core.anonymous();
        let made = create(&operator, settings()).await.unwrap();
        let id = made.client_id;
        let first = made.client_secret.unwrap();
        let rotate = || RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_mins(1) };
        core.clock.advance(Duration::from_secs(1));
        let second = rotate_client_secret(&operator, rotate()).await.unwrap().client_secret;
        for live in [&first, &second] {
            assert!(prove(&ctx, &basic(&id, live.expose())).await.is_ok());
        }
        core.clock.advance(Duration::from_secs(1));
        let third = rotate_client_secret(&operator, rotate()).await.unwrap().client_secret;
        assert!(prove(&ctx, &basic(&id, first.expose())).await.is_err(), "never three");
        core.clock.advance(Duration::from_secs(61));
        assert!(prove(&ctx, &basic(&id, second.expose())).await.is_err());
        assert!(prove(&ctx, &basic(&id, third.expose())).await.is_ok());
    })
    .await;
}

/// D11: a deleted client is unknown at once; the system's own cannot be deleted.
#[tokio::test]
async fn deleted_clients_are_unknown() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let id = create(&operator, settings()).await.unwrap().client_id;
        assert!(find_client(&core, &id).await.unwrap().is_some());
        delete_client(&operator, DeleteClient { client_id: id.clone(), version: None }).await.unwrap();
        assert!(find_client(&core, &id).await.unwrap().is_none());
        let system = DeleteClient { client_id: FIRST_PARTY_CLIENT_ID.to_owned(), version: None };
        assert!(matches!(delete_client(&operator, system).await, Err(DeleteClientError::NotFound)));
        assert!(find_client(&core, FIRST_PARTY_CLIENT_ID).await.unwrap().is_some());
    })
    .await;
}

/// D11: settings that cannot work are refused, and ids are unique.
#[tokio::test]
async fn settings_are_checked() {
    let core = TestCore::sqlite().await;
    let operator = core.operator();
    let public = TokenEndpointAuthMethod::None;
    let cases = [
        (ClientSettings { redirect_uris: Vec::new(), ..settings() }, SettingsProblem::NoRedirectUri),
        (ClientSettings { grant_types: Vec::new(), ..settings() }, SettingsProblem::NoGrantType),
        (ClientSettings { grant_types: vec![GrantType::RefreshToken], ..settings() }, SettingsProblem::RefreshAlone),
        (
            ClientSettings { auth_method: public, grant_types: vec![GrantType::Ciba], ..settings() },
            SettingsProblem::PublicForOthers,
        ),
        (
            ClientSettings { auth_method: public, grant_types: vec![GrantType::TokenExchange], ..settings() },
            SettingsProblem::PublicForOthers,
        ),
        (
            ClientSettings { auth_method: public, grant_types: vec![GrantType::ClientCredentials], ..settings() },
            SettingsProblem::PublicClientCredentials,
        ),
        (ClientSettings { auth_method: public, pkce_optional: true, ..settings() }, SettingsProblem::PublicWithoutPkce),
        (
            ClientSettings { allowed_origins: vec!["https://a.example/path".to_owned()], ..settings() },
            SettingsProblem::Origin,
        ),
        (ClientSettings { access_token_ttl_secs: Some(1), ..settings() }, SettingsProblem::AccessTokenLife),
        (
            ClientSettings { logo_uri: Some("javascript:alert(1)".parse().unwrap()), ..settings() },
            SettingsProblem::Link,
        ),
    ];
    for (settings, expected) in cases {
        match create(&operator, settings).await {
            Err(CreateClientError::Settings(problem)) => assert_eq!(problem, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    let name = || DisplayName::try_from("B").unwrap();
    let named = |id: &str| CreateClient { id: Some(id.to_owned()), name: name(), settings: settings() };
    create_client(&operator, named("blockyard")).await.unwrap();
    assert!(matches!(create_client(&operator, named("blockyard")).await, Err(CreateClientError::Taken)));
    assert!(matches!(create_client(&operator, named("a b")).await, Err(CreateClientError::Id)));
    assert!(matches!(create(&core.anonymous(), settings()).await, Err(CreateClientError::Denied(_))));
}

/// I6: only origins that a client is registered with, and no longer than it is.
#[tokio::test]
async fn origins_come_and_go_with_their_client() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        assert!(!is_allowed_origin(&core, "https://app.example").await.unwrap());
        let origins = vec!["https://app.example".to_owned(), "http://localhost:3000".to_owned()];
        let made = create(&operator, ClientSettings { allowed_origins: origins, ..settings() }).await.unwrap();
        assert!(is_allowed_origin(&core, "https://app.example").await.unwrap());
        assert!(is_allowed_origin(&core, "http://localhost:3000").await.unwrap());
        for other in ["https://app.example.evil", "http://app.example", "https://app.example:444", "null", ""] {
            assert!(!is_allowed_origin(&core, other).await.unwrap(), "{other}");
        }
        delete_client(&operator, DeleteClient { client_id: made.client_id, version: None }).await.unwrap();
        assert!(!is_allowed_origin(&core, "https://app.example").await.unwrap());
    })
    .await;
}
