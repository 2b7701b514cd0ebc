//! D4, D11: clients are registered, prove themselves, and change their secrets.

mod assertion;

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
    authenticate_client(ctx, AuthenticateClient { credentials, endpoint: &endpoint }).await
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

/// D11: a change is all or nothing, grows the version, and is refused to whoever has not seen the latest.
#[tokio::test]
async fn changes_are_made_on_what_was_seen() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let id = create(&operator, settings()).await.unwrap().client_id;
        let change = |name: &str, version| UpdateClient {
            client_id: id.clone(),
            name: DisplayName::try_from(name).unwrap(),
            settings: ClientSettings { first_party: true, ..settings() },
            version,
        };
        find_client(&core, &id).await.unwrap();
        let updated = update_client(&operator, change("Yard", Some(1))).await.unwrap();
        assert_eq!((updated.version, updated.changed), (2, vec!["name".to_owned(), "first_party".to_owned()]));
        assert!(find_client(&core, &id).await.unwrap().unwrap().settings.first_party, "caches follow");
        let again = update_client(&operator, change("Yard", Some(2))).await.unwrap();
        assert_eq!((again.version, again.changed.len()), (2, 0), "nothing to change is no change");
        assert!(matches!(update_client(&operator, change("X", Some(1))).await, Err(UpdateClientError::Changed)));
        let bad =
            UpdateClient { settings: ClientSettings { redirect_uris: Vec::new(), ..settings() }, ..change("X", None) };
        assert!(matches!(update_client(&operator, bad).await, Err(UpdateClientError::Settings(_))));
        let system = UpdateClient { client_id: FIRST_PARTY_CLIENT_ID.to_owned(), ..change("X", None) };
        assert!(matches!(update_client(&operator, system).await, Err(UpdateClientError::NotFound)));
        let stranger = core.anonymous();
        assert!(matches!(update_client(&stranger, change("X", None)).await, Err(UpdateClientError::Denied(_))));
        assert!(matches!(get_client(&stranger, &id).await, Err(GetClientError::Denied(_))));
        assert_eq!(get_client(&operator, &id).await.unwrap().name, "Yard");
        let stale = DeleteClient { client_id: id.clone(), version: Some(1) };
        assert!(matches!(delete_client(&operator, stale).await, Err(DeleteClientError::Changed)));
        delete_client(&operator, DeleteClient { client_id: id.clone(), version: Some(2) }).await.unwrap();
    })
    .await;
}

/// D11: of many changes made at once to what all have seen, one is carried out.
#[tokio::test]
async fn one_of_many_changes_wins() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let id = create(&operator, settings()).await.unwrap().client_id;
        let tries = (0..8).map(|n| {
            let (ctx, id) = (operator.clone(), id.clone());
            tokio::spawn(async move {
                let name = DisplayName::try_from(format!("Name {n}")).unwrap();
                update_client(&ctx, UpdateClient { client_id: id, name, settings: settings(), version: Some(1) }).await
            })
        });
        let mut done = 0;
        for tried in tries.collect::<Vec<_>>() {
            match tried.await.unwrap() {
                Ok(updated) => {
                    done += 1;
                    assert_eq!(updated.version, 2);
                }
                Err(UpdateClientError::Changed) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((done, get_client(&operator, &id).await.unwrap().version), (1, 2));
    })
    .await;
}

/// D11, D4: a client that turns public loses its secrets for good; one that turns confidential is said to need one.
#[tokio::test]
async fn a_change_says_when_a_secret_is_needed() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let made = create(&operator, settings()).await.unwrap();
        let (id, old) = (made.client_id, made.client_secret.unwrap());
        let change = |auth_method| UpdateClient {
            client_id: id.clone(),
            name: DisplayName::try_from("Blockyard").unwrap(),
            settings: ClientSettings { auth_method, ..settings() },
            version: None,
        };
        let public = update_client(&operator, change(TokenEndpointAuthMethod::None)).await.unwrap();
        assert!(!public.needs_new_secret);
        let again = update_client(&operator, change(TokenEndpointAuthMethod::ClientSecretBasic)).await.unwrap();
        assert!(again.needs_new_secret);
        assert!(authenticate_client(&core.anonymous(), &basic(&id, old.expose())).await.is_err());
        let rotate = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::ZERO };
        let new = rotate_client_secret(&operator, rotate).await.unwrap();
        assert!(!get_client(&operator, &id).await.unwrap().needs_new_secret(core.now()));
        assert!(authenticate_client(&core.anonymous(), &basic(&id, new.client_secret.expose())).await.is_ok());
    })
    .await;
}

/// D11: live secrets are told apart by their last characters, and each may be ended at once.
#[tokio::test]
async fn secrets_are_seen_and_ended() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let made = create(&operator, settings()).await.unwrap();
        let (id, first) = (made.client_id, made.client_secret.unwrap());
        core.clock.advance(Duration::from_secs(1));
        let rotate = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_mins(1) };
        let second = rotate_client_secret(&operator, rotate).await.unwrap();
        let live = get_client(&operator, &id).await.unwrap().live_secrets(core.now());
        assert_eq!(live.len(), 2);
        assert!(second.client_secret.expose().ends_with(&live[0].hint) && first.expose().ends_with(&live[1].hint));
        assert_eq!((live[0].id, live[0].expires_at), (second.secret_id, None));
        assert_eq!(live[1].expires_at, Some(core.now() + Duration::from_mins(1)));
        let end = |client_id: &str| RevokeClientSecret { client_id: client_id.to_owned(), secret_id: live[1].id };
        let foreign = revoke_client_secret(&operator, end("nobody")).await;
        assert!(matches!(foreign, Err(RevokeClientSecretError::NotFound)));
        let stranger = revoke_client_secret(&core.anonymous(), end(&id)).await;
        assert!(matches!(stranger, Err(RevokeClientSecretError::Denied(_))));
        revoke_client_secret(&operator, end(&id)).await.unwrap();
        assert!(authenticate_client(&core.anonymous(), &basic(&id, first.expose())).await.is_err());
        assert!(authenticate_client(&core.anonymous(), &basic(&id, second.client_secret.expose())).await.is_ok());
    })
    .await;
}

/// D11: while a client is off nobody can use it; it can be given a secret, and comes back as it was.
#[tokio::test]
async fn clients_are_turned_off_and_on() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let made = create(&operator, settings()).await.unwrap();
        let (id, secret) = (made.client_id, made.client_secret.unwrap());
        let turn = |is_enabled| SetClientEnabled { client_id: id.clone(), is_enabled };
        assert!(find_client(&core, &id).await.unwrap().is_some());
        set_client_enabled(&operator, turn(false)).await.unwrap();
        set_client_enabled(&operator, turn(false)).await.unwrap();
        assert!(find_client(&core, &id).await.unwrap().is_none());
        assert!(authenticate_client(&core.anonymous(), &basic(&id, secret.expose())).await.is_err());
        let rotate = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_mins(1) };
        rotate_client_secret(&operator, rotate).await.unwrap();
        set_client_enabled(&operator, turn(true)).await.unwrap();
        assert!(authenticate_client(&core.anonymous(), &basic(&id, secret.expose())).await.is_ok());
        let system = SetClientEnabled { client_id: FIRST_PARTY_CLIENT_ID.to_owned(), is_enabled: false };
        let refused = set_client_enabled(&operator, system).await;
        assert!(matches!(refused, Err(SetClientEnabledError::NotFound)));
        let denied = set_client_enabled(&core.anonymous(), turn(false)).await;
        assert!(matches!(denied, Err(SetClientEnabledError::Denied(_))));
    })
    .await;
}

/// D11: clients are found by a part of their name or id; wildcards of the database are plain characters.
#[tokio::test]
async fn clients_are_found() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        for (id, name) in [("a", "Blockyard"), ("b_1", "100% Wiki"), ("c", "Yard tools")] {
            let name = DisplayName::try_from(name).unwrap();
            create_client(&operator, CreateClient { id: Some(id.to_owned()), name, settings: settings() })
                .await
                .unwrap();
        }
        let find = async |search: &str, after: Option<&str>, limit| {
            let cmd = ListClients { search: Some(search.to_owned()), after: after.map(str::to_owned), limit };
            let found = list_clients(&operator, cmd).await.unwrap();
            found.into_iter().map(|client| client.id).collect::<Vec<_>>()
        };
        assert_eq!(find("yard", None, 9).await, ["a", "c"]);
        assert_eq!(find("YARD", Some("a"), 9).await, ["c"]);
        assert_eq!(find("yard", None, 1).await, ["a"]);
        assert_eq!(find("%", None, 9).await, ["b_1"]);
        assert_eq!(find("_", None, 9).await, ["b_1"]);
        assert!(find("\\", None, 9).await.is_empty());
        assert_eq!(find(" ", None, 9).await, ["a", "b_1", "c"], "our own is never listed");
        assert_eq!(count_clients(&operator).await.unwrap(), 3);
    })
    .await;
}
