//! D11: APIs and scopes are an operator's to change, and known to everybody at once.

use super::*;
use crate::{
    authz::Denied,
    protocol::SigningAlg,
    testing::{TestCore, on_both_engines},
    text::DisplayName,
};

fn name(text: &str) -> DisplayName {
    DisplayName::try_from(text).unwrap()
}

fn api(identifier: &str, scopes: &str) -> CreateResource {
    let settings = ResourceSettings { scopes: ScopeSet::parse(scopes).unwrap(), ..ResourceSettings::default() };
    CreateResource { identifier: identifier.to_owned(), name: name("Reports"), settings }
}

fn scope(name: &str, words: &str) -> SaveScope {
    let settings = ScopeSettings { description: words.to_owned(), optional: false };
    SaveScope { name: Scope::parse(name).unwrap(), settings, version: None }
}

/// D11: registered, changed, removed; each is on record, and what is in memory follows.
#[tokio::test]
async fn a_resource_from_its_beginning_to_its_end() {
    on_both_engines(async |core: TestCore| {
        let id = "https://api.example/reports";
        assert!(find_catalogue(&core).await.unwrap().resource(id).is_none());
        create_resource(&core.operator(), api(id, "reports:read")).await.unwrap();
        assert!(matches!(
            create_resource(&core.operator(), api(id, "reports:read")).await,
            Err(CreateResourceError::Taken)
        ));
        let found = find_catalogue(&core).await.unwrap();
        assert_eq!(found.resource(id).unwrap().name, "Reports");
        let settings = ResourceSettings { access_token_ttl_secs: Some(60), open: true, ..ResourceSettings::default() };
        let change = |version| UpdateResource {
            identifier: id.to_owned(),
            name: name("All reports"),
            settings: settings.clone(),
            version,
        };
        let stale = update_resource(&core.operator(), change(Some(2))).await;
        assert!(matches!(stale, Err(UpdateResourceError::Changed)), "{stale:?}");
        for seen in [Some(1), Some(2), None] {
            let saved = update_resource(&core.operator(), change(seen)).await.unwrap();
            assert_eq!(saved.version, 2, "nothing to change is no change");
        }
        let [found] = &list_resources(&core.operator()).await.unwrap()[..] else { panic!() };
        assert_eq!((found.name.as_str(), &found.settings), ("All reports", &settings));
        assert_eq!(&get_resource(&core.operator(), id).await.unwrap(), found);
        let gone = DeleteResource { identifier: id.to_owned(), version: Some(2) };
        let stale = DeleteResource { version: Some(1), ..gone.clone() };
        assert!(matches!(delete_resource(&core.operator(), stale).await, Err(DeleteResourceError::Changed)));
        delete_resource(&core.operator(), gone.clone()).await.unwrap();
        assert!(find_catalogue(&core).await.unwrap().resource(id).is_none());
        assert!(matches!(delete_resource(&core.operator(), gone).await, Err(DeleteResourceError::NotFound)));
        assert!(matches!(update_resource(&core.operator(), change(None)).await, Err(UpdateResourceError::NotFound)));
        let mut conn = core.db().read().await.unwrap();
        let recorded: i64 =
            conn.query("SELECT COUNT(*) FROM audit WHERE kind LIKE 'resource%'").scalar().await.unwrap();
        assert_eq!(recorded, 3);
    })
    .await;
}

/// D11: what cannot work is refused, and so is everybody who is no operator.
#[tokio::test]
async fn what_cannot_work_is_refused() {
    on_both_engines(async |core: TestCore| {
        for (identifier, change, expected) in [
            ("", ResourceSettings::default(), ResourceProblem::Identifier),
            ("a b", ResourceSettings::default(), ResourceProblem::Identifier),
            ("https://a.example/#x", ResourceSettings::default(), ResourceProblem::Identifier),
            (
                "a",
                ResourceSettings { access_token_ttl_secs: Some(9), ..ResourceSettings::default() },
                ResourceProblem::AccessTokenLife,
            ),
            (
                "a",
                ResourceSettings { access_token_alg: Some(SigningAlg::Hs256), ..ResourceSettings::default() },
                ResourceProblem::SharedSecret,
            ),
            (
                "a",
                ResourceSettings { scopes: ScopeSet::parse("email").unwrap(), ..ResourceSettings::default() },
                ResourceProblem::StandardScope,
            ),
        ] {
            let cmd = CreateResource { identifier: identifier.to_owned(), name: name("x"), settings: change };
            match create_resource(&core.operator(), cmd).await {
                Err(CreateResourceError::Settings(problem)) => assert_eq!(problem, expected),
                other => panic!("{identifier}: {other:?}"),
            }
        }
        let denied = create_resource(&core.anonymous(), api("a", "")).await;
        assert!(matches!(denied, Err(CreateResourceError::Denied(Denied))));
        assert!(matches!(list_resources(&core.anonymous()).await, Err(ListError::Denied(Denied))));
        assert!(matches!(list_scopes(&core.anonymous()).await, Err(ListError::Denied(Denied))));
        assert!(matches!(save_scope(&core.anonymous(), scope("a", "b")).await, Err(SaveScopeError::Denied(Denied))));
        for (name, words) in [("openid", "x"), ("a", " "), ("a", "x\ny"), ("a", &"x".repeat(201))] {
            let refused = save_scope(&core.operator(), scope(name, words)).await;
            assert!(matches!(refused, Err(SaveScopeError::Settings(_))), "{name} {words}");
        }
        let gone = DeleteScope { name: "a".to_owned(), version: None };
        assert!(matches!(delete_scope(&core.anonymous(), gone).await, Err(DeleteScopeError::Denied(Denied))));
        assert!(matches!(get_scope(&core.anonymous(), "a").await, Err(GetError::Denied(Denied))));
        assert!(matches!(get_resource(&core.anonymous(), "a").await, Err(GetError::Denied(Denied))));
    })
    .await;
}

/// D11: described, described anew, removed; each only on what was seen, when that is said.
#[tokio::test]
async fn a_scope_from_its_beginning_to_its_end() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let unseen = SaveScope { version: Some(1), ..scope("a", "First") };
        assert!(matches!(save_scope(&operator, unseen).await, Err(SaveScopeError::Changed)), "there is none");
        for (words, seen, version) in
            [("First", None, 1), ("First", None, 1), ("Second", Some(1), 2), ("Third", None, 3), ("Third", Some(3), 3)]
        {
            let saved = save_scope(&operator, SaveScope { version: seen, ..scope("a", words) }).await.unwrap();
            assert_eq!(saved.version, version, "{words}");
        }
        let stale = save_scope(&operator, SaveScope { version: Some(2), ..scope("a", "Fourth") }).await;
        assert!(matches!(stale, Err(SaveScopeError::Changed)), "{stale:?}");
        let [found] = &list_scopes(&operator).await.unwrap()[..] else { panic!() };
        assert_eq!((found.settings.description.as_str(), found.mark.version), ("Third", 3));
        assert_eq!(&get_scope(&operator, "a").await.unwrap(), found);
        let gone = |version| DeleteScope { name: "a".to_owned(), version };
        assert!(matches!(delete_scope(&operator, gone(Some(2))).await, Err(DeleteScopeError::Changed)));
        delete_scope(&operator, gone(Some(3))).await.unwrap();
        assert!(matches!(delete_scope(&operator, gone(None)).await, Err(DeleteScopeError::NotFound)));
        assert!(matches!(get_scope(&operator, "a").await, Err(GetError::NotFound)));
        let mut conn = core.db().read().await.unwrap();
        let recorded: i64 = conn.query("SELECT COUNT(*) FROM audit WHERE kind LIKE 'scope%'").scalar().await.unwrap();
        assert_eq!(recorded, 4, "what is so already is not written");
    })
    .await;
}

/// D11: of many changes made at once to what all have seen, one is carried out.
#[tokio::test]
async fn one_of_many_changes_wins() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        save_scope(&operator, scope("a", "First")).await.unwrap();
        let tries = (0..8).map(|n| {
            let (ctx, cmd) = (operator.clone(), SaveScope { version: Some(1), ..scope("a", &format!("Words {n}")) });
            tokio::spawn(async move { save_scope(&ctx, cmd).await })
        });
        let mut done = 0;
        for tried in tries.collect::<Vec<_>>() {
            match tried.await.unwrap() {
                Ok(saved) => {
                    done += 1;
                    assert_eq!(saved.version, 2);
                }
                Err(SaveScopeError::Changed) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((done, get_scope(&operator, "a").await.unwrap().mark.version), (1, 2));
    })
    .await;
}

/// I1: an address may hold a NUL, a text in PostgreSQL may not: there is nothing under such a name, on both engines.
#[tokio::test]
async fn nothing_has_a_nul_in_its_name() {
    on_both_engines(async |core: TestCore| {
        let operator = core.operator();
        let id = || "a\0b".to_owned();
        assert!(matches!(get_resource(&operator, &id()).await, Err(GetError::NotFound)));
        assert!(matches!(get_scope(&operator, &id()).await, Err(GetError::NotFound)));
        let change =
            UpdateResource { identifier: id(), name: name("x"), settings: ResourceSettings::default(), version: None };
        assert!(matches!(update_resource(&operator, change).await, Err(UpdateResourceError::NotFound)));
        let gone = DeleteResource { identifier: id(), version: None };
        assert!(matches!(delete_resource(&operator, gone).await, Err(DeleteResourceError::NotFound)));
        let gone = DeleteScope { name: id(), version: None };
        assert!(matches!(delete_scope(&operator, gone).await, Err(DeleteScopeError::NotFound)));
    })
    .await;
}

/// D11: another node learns of it.
#[tokio::test]
async fn another_node_learns_of_it() {
    on_both_engines(async |core: TestCore| {
        let other = core.second_node().await;
        create_resource(&core.operator(), api("urn:x:y", "")).await.unwrap();
        assert!(find_catalogue(&other).await.unwrap().resource("urn:x:y").is_some());
        other.db().close().await;
    })
    .await;
}
