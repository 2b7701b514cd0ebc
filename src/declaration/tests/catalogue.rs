//! D11: scopes and APIs are declared like clients, and come and go in an order in which each is whole.

use super::*;
use crate::{
    protocol::ScopeSet,
    resource::{self, CreateResource, DeleteScope, SaveScope, UpdateResource, find_catalogue},
};

const API: &str = "https://api.example/reports";

fn set(scopes: &str) -> ScopeSet {
    ScopeSet::parse(scopes).unwrap()
}

fn scope(name: &str) -> DeclaredScope {
    let settings = ScopeSettings { description: format!("Words for {name}"), optional: false };
    DeclaredScope { name: Scope::parse(name).unwrap(), settings }
}

fn api(identifier: &str, scopes: &str) -> DeclaredResource {
    let settings = ResourceSettings { scopes: set(scopes), ..ResourceSettings::default() };
    DeclaredResource { identifier: identifier.to_owned(), name: DisplayName::try_from("Reports").unwrap(), settings }
}

fn user(id: &str, scopes: &str) -> DeclaredClient {
    let mut client = public(id);
    client.settings.scopes = set(scopes);
    client
}

/// A scope, the API that owns it, and a client that may ask for it.
fn whole(owner: &str) -> ApplyDeclaration {
    let mut cmd = by(owner, vec![user("app", "openid reports:read")]);
    cmd.declaration.scopes = vec![scope("reports:read")];
    cmd.declaration.resources = vec![api(API, "reports:read")];
    cmd
}

async fn save_by_hand(ctx: &Ctx, name: &str, words: &str) {
    let settings = ScopeSettings { description: words.to_owned(), optional: false };
    let cmd = SaveScope { name: Scope::parse(name).unwrap(), settings, version: None };
    resource::save_scope(ctx, cmd).await.unwrap();
}

async fn create_by_hand(ctx: &Ctx, identifier: &str, scopes: &str) {
    let DeclaredResource { identifier, name, settings } = api(identifier, scopes);
    resource::create_resource(ctx, CreateResource { identifier, name, settings }).await.unwrap();
}

/// Everything that is there: names with versions and owners.
async fn there(ctx: &Ctx) -> Vec<String> {
    let line = |id: &str, mark: &Mark| format!("{id} {} {}", mark.version, mark.owner.as_deref().unwrap_or("-"));
    let scopes = resource::list_scopes(ctx).await.unwrap();
    let apis = resource::list_resources(ctx).await.unwrap();
    let scopes = scopes.iter().map(|scope| line(scope.name.as_str(), &scope.mark));
    scopes.chain(apis.iter().map(|api| line(&api.identifier, &api.mark))).collect()
}

/// D11: the plan writes nothing; what is applied is known at once; the second time there is nothing to do.
#[tokio::test]
async fn a_whole_is_applied_once() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let cmd = whole("team");
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert_eq!(plan.to_string(), format!("+ scope reports:read\n+ resource {API}\n+ client app\n"));
        assert!(there(&ctx).await.is_empty(), "a plan writes nothing");
        find_catalogue(&core).await.unwrap();
        assert_eq!(apply(&ctx, &cmd).await.plan, plan);
        let catalogue = find_catalogue(&core).await.unwrap();
        let client = client::find_client(&core, "app").await.unwrap().unwrap();
        assert!(catalogue.allows(&client, API), "a client may name a scope of the same declaration");
        assert!(catalogue.scopes().next().is_some(), "what is in memory follows");
        let all = [format!("{} 1 team", "reports:read"), format!("{API} 1 team")];
        assert_eq!(there(&ctx).await, all);
        settled(&ctx, &cmd).await;
        assert_eq!(there(&ctx).await, all);
        let mut conn = core.db().read().await.unwrap();
        let recorded: i64 = conn
            .query(
                "SELECT COUNT(*) FROM audit \
                 WHERE kind IN ('scope_saved', 'resource_created', 'client_created', 'declaration_applied')",
            )
            .scalar()
            .await
            .unwrap();
        assert_eq!(recorded, 4);
    })
    .await;
}

/// D11: each changed field is a line; what was changed by hand is said so, and goes; back again is no difference.
#[tokio::test]
async fn changes_by_hand_go() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = whole("team");
        apply(&ctx, &cmd).await;
        cmd.declaration.scopes[0].settings.description = "See the reports".to_owned();
        let api = &mut cmd.declaration.resources[0];
        api.settings.access_token_ttl_secs = Some(60);
        api.settings.scopes = set("reports:read reports:write");
        api.name = DisplayName::try_from("All reports").unwrap();
        let plan = apply(&ctx, &cmd).await.plan.to_string();
        assert_eq!(
            plan,
            format!(
                "~ scope reports:read: description \"Words for reports:read\" → \"See the reports\"\n\
                 ~ resource {API}: access_token_ttl_secs null → 60\n\
                 ~ resource {API}: name \"Reports\" → \"All reports\"\n\
                 ~ resource {API}: scopes + reports:write\n"
            )
        );
        settled(&ctx, &cmd).await;

        save_by_hand(&ctx, "reports:read", "Other words").await;
        let DeclaredResource { identifier, name, settings } = cmd.declaration.resources[0].clone();
        let by_hand = |name, open| UpdateResource {
            identifier: identifier.clone(),
            name,
            settings: ResourceSettings { open, ..settings.clone() },
            version: None,
        };
        resource::update_resource(&ctx, by_hand(name.clone(), true)).await.unwrap();
        assert!(resource::get_resource(&ctx, API).await.unwrap().mark.differs_from_declaration());
        assert!(resource::get_scope(&ctx, "reports:read").await.unwrap().mark.differs_from_declaration());
        let drift = apply(&ctx, &cmd).await.plan.to_string();
        assert_eq!(
            drift,
            format!(
                "! scope reports:read was changed by hand since it was last applied\n\
                 ~ scope reports:read: description \"Other words\" → \"See the reports\"\n\
                 ! resource {API} was changed by hand since it was last applied\n\
                 ~ resource {API}: open true → false\n"
            )
        );
        settled(&ctx, &cmd).await;

        resource::update_resource(&ctx, by_hand(name.clone(), true)).await.unwrap();
        resource::update_resource(&ctx, by_hand(name, false)).await.unwrap();
        save_by_hand(&ctx, "reports:read", "See the reports").await;
        assert!(resource::get_resource(&ctx, API).await.unwrap().mark.differs_from_declaration());
        settled(&ctx, &cmd).await;
        assert!(!resource::get_resource(&ctx, API).await.unwrap().mark.differs_from_declaration());

        // What was removed by hand is made anew.
        let gone = DeleteScope { name: "reports:read".to_owned(), version: None };
        resource::delete_scope(&ctx, gone).await.unwrap();
        assert_eq!(apply(&ctx, &cmd).await.plan.to_string(), "+ scope reports:read\n");
        settled(&ctx, &cmd).await;
    })
    .await;
}

/// D11: what was made by hand or by another declaration is left alone, until it is asked to be taken over.
#[tokio::test]
async fn foreign_things_are_left_alone() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        save_by_hand(&ctx, "hand:scope", "By hand").await;
        create_by_hand(&ctx, "hand-api", "").await;
        let mut theirs = by("other", vec![]);
        theirs.declaration.scopes = vec![scope("their:scope")];
        theirs.declaration.resources = vec![api("their-api", "")];
        apply(&ctx, &theirs).await;
        let before = there(&ctx).await;

        let scopes = |names: &[&str]| names.iter().map(|name| scope(name)).collect::<Vec<_>>();
        let apis = |ids: &[&str]| ids.iter().map(|id| api(id, "")).collect::<Vec<_>>();
        for (kind, id, is_theirs) in [
            (Kind::Scope, "hand:scope", false),
            (Kind::Scope, "their:scope", true),
            (Kind::Resource, "hand-api", false),
            (Kind::Resource, "their-api", true),
        ] {
            let mut cmd = by("team", vec![public("new")]);
            cmd.declaration.scopes = scopes(&["a:new"]);
            match kind {
                Kind::Scope => cmd.declaration.scopes.extend(scopes(&[id])),
                _ => cmd.declaration.resources = apis(&[id]),
            }
            let planned = plan_declaration(&ctx, &cmd).await.unwrap_err();
            let refused = apply_declaration(&ctx, cmd).await.unwrap_err();
            assert_eq!((planned.to_string(), refused.object()), (refused.to_string(), Some(&Object::new(kind, id))));
            let as_expected = match refused {
                ApplyError::OwnedByOther { owner, .. } => is_theirs && owner == "other",
                ApplyError::MadeByHand { .. } => !is_theirs,
                _ => false,
            };
            assert!(as_expected, "{id}");
            assert_eq!(there(&ctx).await, before, "all of it or nothing");
            assert!(client::get_client(&ctx, "new").await.is_err());
        }

        let mut adopting = ApplyDeclaration { adopt: true, prune: true, ..by("team", vec![]) };
        adopting.declaration.scopes = scopes(&["hand:scope", "their:scope"]);
        adopting.declaration.scopes[0].settings.description = "By hand".to_owned();
        adopting.declaration.resources = apis(&["hand-api", "their-api"]);
        let plan = apply(&ctx, &adopting).await.plan.to_string();
        assert_eq!(
            plan,
            "~ scope hand:scope: owner null → \"team\"\n~ scope their:scope: owner \"other\" → \"team\"\n\
             ~ resource hand-api: owner null → \"team\"\n~ resource their-api: owner \"other\" → \"team\"\n"
        );
        let all = ["hand:scope 1 team", "their:scope 1 team", "hand-api 1 team", "their-api 1 team"];
        assert_eq!(there(&ctx).await, all, "an owner is no new version");
        adopting.adopt = false;
        settled(&ctx, &adopting).await;
        let pruned = apply(&ctx, &ApplyDeclaration { prune: true, ..by("other", vec![]) }).await.plan;
        assert!(pruned.is_empty() && pruned.kept.is_empty(), "the other declaration owns them no more");
    })
    .await;
}

/// D11: what is no longer declared is kept, and goes only when that is asked for: clients, APIs, scopes.
#[tokio::test]
async fn what_is_no_longer_declared_goes_when_asked() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        save_by_hand(&ctx, "hand:scope", "By hand").await;
        create_by_hand(&ctx, "hand-api", "hand:scope").await;
        apply(&ctx, &whole("team")).await;
        save_by_hand(&ctx, "reports:read", "Other words").await;
        let mut nothing = by("team", vec![]);
        let plan = apply(&ctx, &nothing).await.plan;
        assert!(plan.is_empty());
        let kept = "(owned, no longer declared; kept, --prune removes it)";
        assert_eq!(
            plan.to_string(),
            format!("  scope reports:read {kept}\n  resource {API} {kept}\n  client app {kept}\n")
        );
        nothing.prune = true;
        let plan = apply(&ctx, &nothing).await.plan;
        assert_eq!(
            plan.to_string(),
            format!(
                "- client app (owned, no longer declared)\n- resource {API} (owned, no longer declared)\n\
                 ! scope reports:read was changed by hand since it was last applied\n\
                 - scope reports:read (owned, no longer declared)\n"
            )
        );
        assert_eq!(there(&ctx).await, ["hand:scope 1 -", "hand-api 1 -"]);
        assert!(client::get_client(&ctx, "app").await.is_err());
        assert_eq!(find_catalogue(&core).await.unwrap().resources().count(), 1, "what is in memory follows");
        settled(&ctx, &nothing).await;
    })
    .await;
}

/// D11: a scope does not go while something that stays names it, whoever made that; nothing is half done.
#[tokio::test]
async fn a_scope_in_use_stays() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = ApplyDeclaration { prune: true, ..whole("team") };
        cmd.declaration.resources.push(api("other-api", ""));
        apply(&ctx, &cmd).await;
        let before = there(&ctx).await;
        let refused = async |cmd: &ApplyDeclaration| {
            let planned = plan_declaration(&ctx, cmd).await.unwrap_err();
            let refused = apply_declaration(&ctx, cmd.clone()).await.unwrap_err();
            assert_eq!(planned.to_string(), refused.to_string());
            assert_eq!(there(&ctx).await, before, "all of it or nothing");
            match refused {
                ApplyError::InUse { object, users } => {
                    assert_eq!(object, Object::new(Kind::Scope, "reports:read"));
                    users.iter().map(Object::to_string).collect::<Vec<_>>()
                }
                other => panic!("{other}"),
            }
        };

        // Both stay as they are; one of two other things that would go does not.
        let mut without = cmd.clone();
        without.declaration.scopes.clear();
        without.declaration.resources.truncate(1);
        assert_eq!(refused(&without).await, [&format!("resource {API}"), "client app"]);
        // One is changed, and still names it.
        without.declaration.resources[0].settings.open = true;
        assert_eq!(refused(&without).await, [&format!("resource {API}"), "client app"]);
        // The API gives it up, the client goes, but one made by hand may ask for it as well.
        without.declaration.resources[0].settings.scopes = set("");
        without.declaration.clients.clear();
        let DeclaredClient { name, settings, .. } = user("hand", "reports:read");
        let by_hand = CreateClient { id: Some("hand".to_owned()), name, settings };
        client::create_client(&ctx, by_hand).await.unwrap();
        assert_eq!(refused(&without).await, ["client hand"]);
        // A client that is new names it.
        without.declaration.clients = vec![user("new", "reports:read")];
        assert_eq!(refused(&without).await, ["client hand", "client new"]);
        // No more are named than anybody reads.
        without.declaration.clients = (0..9).map(|n| user(&format!("new{n}"), "reports:read")).collect();
        assert_eq!(refused(&without).await.len(), 5);

        client::delete_client(&ctx, client::DeleteClient { client_id: "hand".to_owned(), version: None })
            .await
            .unwrap();
        without.declaration.clients.clear();
        let plan = apply(&ctx, &without).await.plan.to_string();
        let gone = ["client app", "resource other-api", "scope reports:read"];
        let gone = gone.map(|object| format!("- {object} (owned, no longer declared)\n")).concat();
        assert_eq!(
            plan,
            format!("~ resource {API}: open false → true\n~ resource {API}: scopes - reports:read\n{gone}")
        );
        settled(&ctx, &without).await;
    })
    .await;
}

/// D11: a scope is renamed with everything that names it, in one go.
#[tokio::test]
async fn a_scope_is_renamed_with_its_users() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = ApplyDeclaration { prune: true, ..whole("team") };
        apply(&ctx, &cmd).await;
        cmd.declaration.scopes = vec![scope("reports:view")];
        cmd.declaration.resources[0].settings.scopes = set("reports:view");
        cmd.declaration.clients[0].settings.scopes = set("openid reports:view");
        assert_eq!(
            apply(&ctx, &cmd).await.plan.to_string(),
            format!(
                "+ scope reports:view\n~ resource {API}: scopes + reports:view - reports:read\n\
                 ~ client app: scopes + reports:view - reports:read\n\
                 - scope reports:read (owned, no longer declared)\n"
            )
        );
        assert_eq!(there(&ctx).await, ["reports:view 1 team".to_owned(), format!("{API} 2 team")]);
        settled(&ctx, &cmd).await;
        // So is an API, which is another one from then on.
        cmd.declaration.resources[0].identifier = "reports".to_owned();
        let plan = apply(&ctx, &cmd).await.plan.to_string();
        assert_eq!(plan, format!("+ resource reports\n- resource {API} (owned, no longer declared)\n"));
        settled(&ctx, &cmd).await;
    })
    .await;
}

/// D11: many at once make it so once, and all say that it is so.
#[tokio::test]
async fn many_wholes_at_once_agree() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        for round in 0..3 {
            let mut cmd = whole("team");
            cmd.declaration.scopes.push(scope("reports:write"));
            cmd.declaration.resources[0].settings.access_token_ttl_secs = Some(60 + round);
            cmd.declaration.scopes[0].settings.optional = round == 1;
            let runs = (0..6).map(|_| {
                let (ctx, cmd) = (ctx.clone(), cmd.clone());
                tokio::spawn(async move { apply_declaration(&ctx, cmd).await.unwrap() })
            });
            let mut changed = 0;
            for run in runs.collect::<Vec<_>>() {
                changed += usize::from(!run.await.unwrap().plan.is_empty());
            }
            assert_eq!(changed, 1, "round {round}");
            settled(&ctx, &cmd).await;
        }
        let versions: Vec<i64> =
            resource::list_scopes(&ctx).await.unwrap().iter().map(|scope| scope.mark.version).collect();
        assert_eq!(versions, [3, 1]);
    })
    .await;
}

/// D11: what cannot be is refused before anything is read, with the limits that REST and the command line have.
#[tokio::test]
async fn impossible_scopes_and_apis_are_refused() {
    let core = TestCore::sqlite().await;
    let ctx = core.operator();
    let refused = async |change: &dyn Fn(&mut Declaration)| {
        let mut cmd = whole("team");
        change(&mut cmd.declaration);
        apply_declaration(&ctx, cmd).await.unwrap_err().to_string()
    };
    let twice = refused(&|declaration| declaration.scopes.push(scope("reports:read"))).await;
    assert_eq!(twice, "scope reports:read is declared twice");
    let twice = refused(&|declaration| declaration.resources.push(api(API, ""))).await;
    assert_eq!(twice, format!("resource {API} is declared twice"));
    let standard = refused(&|declaration| declaration.scopes.push(scope("email"))).await;
    assert!(standard.starts_with("scope email: the scopes of OpenID Connect"), "{standard}");
    let silent = refused(&|declaration| declaration.scopes[0].settings.description.clear()).await;
    assert!(silent.starts_with("scope reports:read: a description has"), "{silent}");
    let hostile = refused(&|declaration| declaration.resources.push(api("a\u{1b}[2J", ""))).await;
    assert!(hostile.starts_with("resource \"a\\u{1b}[2J\": the identifier must"), "{hostile}");
    let short = refused(&|declaration| declaration.resources[0].settings.access_token_ttl_secs = Some(9)).await;
    assert!(short.starts_with(&format!("resource {API}: the life of access tokens")), "{short}");
    assert!(there(&ctx).await.is_empty() && client::get_client(&ctx, "app").await.is_err());
    // A scope, an API and a client may have the same name.
    let mut same = by("team", vec![public("reports")]);
    same.declaration.scopes = vec![scope("reports")];
    same.declaration.resources = vec![api("reports", "reports")];
    apply(&ctx, &same).await;
    settled(&ctx, &same).await;
}
