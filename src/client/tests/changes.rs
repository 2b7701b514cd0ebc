//! D11: clients are changed, looked at, turned off and on, and lose single secrets.

use super::*;

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
            is_enabled: None,
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
                let change =
                    UpdateClient { client_id: id, name, settings: settings(), is_enabled: None, version: Some(1) };
                update_client(&ctx, change).await
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
            is_enabled: None,
            version: None,
        };
        let public = update_client(&operator, change(TokenEndpointAuthMethod::None)).await.unwrap();
        assert!(!public.needs_new_secret);
        let again = update_client(&operator, change(TokenEndpointAuthMethod::ClientSecretBasic)).await.unwrap();
        assert!(again.needs_new_secret);
        assert!(prove(&core.anonymous(), &basic(&id, old.expose())).await.is_err());
        let rotate = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::ZERO };
        let new = rotate_client_secret(&operator, rotate).await.unwrap();
        assert!(!get_client(&operator, &id).await.unwrap().needs_new_secret(core.now()));
        assert!(prove(&core.anonymous(), &basic(&id, new.client_secret.expose())).await.is_ok());
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
        assert!(prove(&core.anonymous(), &basic(&id, first.expose())).await.is_err());
        assert!(prove(&core.anonymous(), &basic(&id, second.client_secret.expose())).await.is_ok());
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
        assert!(prove(&core.anonymous(), &basic(&id, secret.expose())).await.is_err());
        let rotate = RotateClientSecret { client_id: id.clone(), keep_old_for: Duration::from_mins(1) };
        rotate_client_secret(&operator, rotate).await.unwrap();
        set_client_enabled(&operator, turn(true)).await.unwrap();
        assert!(prove(&core.anonymous(), &basic(&id, secret.expose())).await.is_ok());
        let system = SetClientEnabled { client_id: FIRST_PARTY_CLIENT_ID.to_owned(), is_enabled: false };
        let refused = set_client_enabled(&operator, system).await;
        assert!(matches!(refused, Err(SetClientEnabledError::NotFound)));
        let denied = set_client_enabled(&core.anonymous(), turn(false)).await;
        assert!(matches!(denied, Err(SetClientEnabledError::Denied(_))));
    })
    .await;
}

/// D11: settings and switch change together or not at all, however many people change them at once.
#[tokio::test(flavor = "multi_thread")]
async fn settings_and_switch_are_one_change() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let id = create(&operator, settings()).await.unwrap().client_id;
        let change = |word: &str, is_enabled, version| UpdateClient {
            client_id: id.clone(),
            name: DisplayName::try_from(word).unwrap(),
            settings: settings(),
            is_enabled,
            version,
        };
        let off = update_client(&operator, change("off", Some(false), Some(1))).await.unwrap();
        assert_eq!((off.version, off.changed), (3, vec!["name".to_owned(), "enabled".to_owned()]));
        assert!(find_client(&core, &id).await.unwrap().is_none(), "caches follow");
        let same = update_client(&operator, change("off", Some(false), None)).await.unwrap();
        assert_eq!((same.version, same.changed.len()), (3, 0), "nothing to change is no change");
        let as_it_is = update_client(&operator, change("idle", None, Some(3))).await.unwrap();
        assert_eq!(as_it_is.version, 4);
        let stale = update_client(&operator, change("on", Some(true), Some(3))).await;
        assert!(matches!(stale, Err(UpdateClientError::Changed)));
        let found = get_client(&operator, &id).await.unwrap();
        assert_eq!((found.name.as_str(), found.is_enabled), ("idle", false));

        for _ in 0..5 {
            let tries: Vec<_> = (0..10)
                .map(|n| {
                    let (ctx, on) = (operator.clone(), n % 2 == 0);
                    let change = change(if on { "on" } else { "off" }, Some(on), None);
                    tokio::spawn(async move { update_client(&ctx, change).await })
                })
                .collect();
            for tried in tries {
                assert!(matches!(tried.await.unwrap(), Ok(_) | Err(UpdateClientError::Changed)));
            }
            let found = get_client(&operator, &id).await.unwrap();
            assert_eq!(found.name == "on", found.is_enabled, "{}", found.name);
        }
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
        // PostgreSQL takes no such character in a text, and SQLite ends a pattern there.
        for (search, after) in [("\0", None), ("yard\0", None), ("", Some("\0"))] {
            assert!(find(search, after, 9).await.is_empty(), "{search:?} {after:?}");
        }
        assert!(matches!(get_client(&operator, "a\0").await, Err(GetClientError::NotFound)));
        assert!(find_client(&core, "a\0").await.unwrap().is_none());
        let gone = delete_client(&operator, DeleteClient { client_id: "a\0".to_owned(), version: None }).await;
        assert!(matches!(gone, Err(DeleteClientError::NotFound)));
        let secret = RevokeClientSecret { client_id: "a\0".to_owned(), secret_id: core.new_id() };
        let ended = revoke_client_secret(&operator, secret).await;
        assert!(matches!(ended, Err(RevokeClientSecretError::NotFound)));
        assert_eq!(find(" ", None, 9).await, ["a", "b_1", "c"], "our own is never listed");
        assert_eq!(count_clients(&operator).await.unwrap(), 3);
    })
    .await;
}
