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
        let cmd = UpdateResource { identifier: id.to_owned(), name: name("All reports"), settings: settings.clone() };
        update_resource(&core.operator(), cmd.clone()).await.unwrap();
        let [found] = &list_resources(&core.operator()).await.unwrap()[..] else { panic!() };
        assert_eq!((found.name.as_str(), &found.settings), ("All reports", &settings));
        let gone = DeleteResource { identifier: id.to_owned() };
        delete_resource(&core.operator(), gone.clone()).await.unwrap();
        assert!(find_catalogue(&core).await.unwrap().resource(id).is_none());
        assert!(matches!(delete_resource(&core.operator(), gone).await, Err(DeleteResourceError::NotFound)));
        assert!(matches!(update_resource(&core.operator(), cmd).await, Err(UpdateResourceError::NotFound)));
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
        let scope = |name: &str, words: &str| SaveScope {
            name: Scope::parse(name).unwrap(),
            settings: ScopeSettings { description: words.to_owned(), optional: false },
        };
        assert!(matches!(save_scope(&core.anonymous(), scope("a", "b")).await, Err(SaveScopeError::Denied(Denied))));
        for (name, words) in [("openid", "x"), ("a", " "), ("a", "x\ny"), ("a", &"x".repeat(201))] {
            let refused = save_scope(&core.operator(), scope(name, words)).await;
            assert!(matches!(refused, Err(SaveScopeError::Settings(_))), "{name} {words}");
        }
        save_scope(&core.operator(), scope("a", "First")).await.unwrap();
        save_scope(&core.operator(), scope("a", "Second")).await.unwrap();
        let [found] = &list_scopes(&core.operator()).await.unwrap()[..] else { panic!() };
        assert_eq!(found.settings.description, "Second");
        let gone = DeleteScope { name: "a".to_owned() };
        assert!(matches!(delete_scope(&core.anonymous(), gone.clone()).await, Err(DeleteScopeError::Denied(Denied))));
        delete_scope(&core.operator(), gone.clone()).await.unwrap();
        assert!(matches!(delete_scope(&core.operator(), gone).await, Err(DeleteScopeError::NotFound)));
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
