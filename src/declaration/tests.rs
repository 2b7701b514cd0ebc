//! D11: what a file declares is made so, once, wholly, and nothing else is touched.

mod catalogue;
mod permissions;

use super::*;
use crate::{
    client::{self, ClientSettings, CreateClient, RotateClientSecret, SetClientEnabled, UpdateClient},
    core::Ctx,
    protocol::{ClientCredentials, RedirectUri, TokenEndpointAuthMethod},
    secret::SecretString,
    testing::{TestCore, on_both_engines},
    text::DisplayName,
};

const GIVEN: &str = "a-secret-from-a-file-of-32-characters-or-more";

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap()
}

fn declared(id: &str) -> DeclaredClient {
    DeclaredClient {
        id: id.to_owned(),
        name: DisplayName::try_from(id).unwrap(),
        settings: ClientSettings {
            redirect_uris: vec![uri("https://app.example/callback")],
            ..ClientSettings::default()
        },
        is_enabled: None,
        secret: None,
    }
}

fn public(id: &str) -> DeclaredClient {
    let mut client = declared(id);
    client.settings.auth_method = TokenEndpointAuthMethod::None;
    client
}

fn by(owner: &str, clients: Vec<DeclaredClient>) -> ApplyDeclaration {
    let owner = OwnerLabel::try_from(owner).unwrap();
    ApplyDeclaration { declaration: Declaration { clients, ..Declaration::new(owner) }, adopt: false, prune: false }
}

async fn apply(ctx: &Ctx, cmd: &ApplyDeclaration) -> DeclarationApplied {
    apply_declaration(ctx, cmd.clone()).await.unwrap()
}

/// Applying it once more changes nothing.
async fn settled(ctx: &Ctx, cmd: &ApplyDeclaration) {
    let plan = plan_declaration(ctx, cmd).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    let applied = apply(ctx, cmd).await;
    assert!(applied.plan.is_empty() && applied.secrets.is_empty(), "{}", applied.plan);
}

async fn make_by_hand(ctx: &Ctx, id: &str) {
    let DeclaredClient { name, settings, .. } = declared(id);
    client::create_client(ctx, CreateClient { id: Some(id.to_owned()), name, settings }).await.unwrap();
}

async fn proves_itself(core: &TestCore, id: &str, secret: &str) -> bool {
    let credentials = ClientCredentials::Basic { client_id: id.to_owned(), secret: SecretString::from(secret) };
    let endpoint = "https://sso.example/connect/token";
    let cmd = client::AuthenticateClient { credentials: &credentials, endpoint, certificate: None };
    client::authenticate_client(&core.anonymous(), cmd).await.is_ok()
}

async fn versions(ctx: &Ctx, ids: &[&str]) -> Vec<i64> {
    let mut versions = Vec::new();
    for id in ids {
        versions.push(client::get_client(ctx, id).await.unwrap().version);
    }
    versions
}

/// D11: the plan says what applying does, and writes nothing; applied twice, the second time does nothing.
#[tokio::test]
async fn applying_twice_is_applying_once() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let cmd = by("team", vec![declared("web"), public("app")]);
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert_eq!(plan.to_string(), "+ client app\n+ client web\n");
        assert!(client::get_client(&ctx, "web").await.is_err(), "a plan writes nothing");
        let applied = apply(&ctx, &cmd).await;
        assert_eq!(applied.plan, plan);
        let [made] = &applied.secrets[..] else { panic!("{applied:?}") };
        assert_eq!(made.client_id, "web");
        assert!(proves_itself(&core, "web", made.secret.expose()).await);
        let before = versions(&ctx, &["web", "app"]).await;
        settled(&ctx, &cmd).await;
        assert_eq!(versions(&ctx, &["web", "app"]).await, before);
        let web = client::get_client(&ctx, "web").await.unwrap();
        assert_eq!((web.owner.as_deref(), web.differs_from_declaration()), (Some("team"), false));
    })
    .await;
}

/// D11: each changed field is a line; what was changed by hand since is said so, and goes.
#[tokio::test]
async fn changes_and_drift_are_told_and_made() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = by("team", vec![declared("web")]);
        apply(&ctx, &cmd).await;
        let web = &mut cmd.declaration.clients[0];
        web.name = DisplayName::try_from("Web").unwrap();
        web.settings.redirect_uris.push(uri("https://app.example/other"));
        web.settings.access_token_ttl_secs = Some(600);
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert_eq!(
            plan.to_string(),
            "~ client web: name \"web\" → \"Web\"\n~ client web: access_token_ttl_secs null → 600\n\
             ~ client web: redirect_uris + https://app.example/other\n"
        );
        apply(&ctx, &cmd).await;
        settled(&ctx, &cmd).await;

        let mut settings = cmd.declaration.clients[0].settings.clone();
        settings.redirect_uris.push(uri("https://evil.example/"));
        let name = DisplayName::try_from("Web").unwrap();
        let by_hand = UpdateClient { client_id: "web".to_owned(), name, settings, is_enabled: None, version: None };
        client::update_client(&ctx, by_hand).await.unwrap();
        assert!(client::get_client(&ctx, "web").await.unwrap().differs_from_declaration());
        let drift = apply(&ctx, &cmd).await.plan;
        assert_eq!(
            drift.to_string(),
            "! client web was changed by hand since it was last applied\n\
             ~ client web: redirect_uris - https://evil.example/\n"
        );
        let web = client::get_client(&ctx, "web").await.unwrap();
        assert_eq!((web.settings.redirect_uris.len(), web.differs_from_declaration()), (2, false));
        settled(&ctx, &cmd).await;
    })
    .await;
}

/// D11: changed by hand and back again, a client is as declared.
#[tokio::test]
async fn back_again_is_no_difference() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let cmd = by("team", vec![public("app")]);
        apply(&ctx, &cmd).await;
        for name in ["Other", "app"] {
            let settings = public("app").settings;
            let name = DisplayName::try_from(name).unwrap();
            let change = UpdateClient { client_id: "app".to_owned(), name, settings, is_enabled: None, version: None };
            client::update_client(&ctx, change).await.unwrap();
        }
        assert!(client::get_client(&ctx, "app").await.unwrap().differs_from_declaration());
        settled(&ctx, &cmd).await;
        assert!(!client::get_client(&ctx, "app").await.unwrap().differs_from_declaration());
    })
    .await;
}

/// D11: what was made by hand, by another declaration or by Ostiary is left alone, until it is asked to be taken over.
#[tokio::test]
async fn only_its_own_is_touched() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        make_by_hand(&ctx, "hand").await;
        apply(&ctx, &by("other", vec![declared("theirs")])).await;
        let before = versions(&ctx, &["hand", "theirs"]).await;

        let hand = apply_declaration(&ctx, by("team", vec![public("new"), declared("hand")])).await;
        assert!(matches!(hand, Err(ApplyError::MadeByHand { ref object }) if object.id == "hand"), "{hand:?}");
        let theirs = apply_declaration(&ctx, by("team", vec![public("new"), declared("theirs")])).await;
        assert!(matches!(theirs, Err(ApplyError::OwnedByOther { ref owner, .. }) if owner == "other"), "{theirs:?}");
        assert!(client::get_client(&ctx, "new").await.is_err(), "all of it or nothing");
        for adopt in [false, true] {
            let own = ApplyDeclaration { adopt, ..by("team", vec![public(client::FIRST_PARTY_CLIENT_ID)]) };
            assert!(matches!(apply_declaration(&ctx, own).await, Err(ApplyError::Reserved { .. })));
        }
        assert_eq!(versions(&ctx, &["hand", "theirs"]).await, before);

        let mut adopting = by("team", vec![declared("hand"), declared("theirs")]);
        adopting.adopt = true;
        let plan = apply(&ctx, &adopting).await.plan.to_string();
        assert_eq!(plan, "~ client hand: owner null → \"team\"\n~ client theirs: owner \"other\" → \"team\"\n");
        adopting.adopt = false;
        settled(&ctx, &adopting).await;
        let gone = plan_declaration(&ctx, &by("other", vec![])).await.unwrap();
        assert!(gone.is_empty() && gone.kept.is_empty(), "the other declaration owns it no more");
    })
    .await;
}

/// D11: what is no longer declared is kept, and removed only when that is asked for; others' clients stay.
#[tokio::test]
async fn removal_is_asked_for() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        make_by_hand(&ctx, "hand").await;
        apply(&ctx, &by("other", vec![public("theirs")])).await;
        apply(&ctx, &by("team", vec![public("a"), public("b")])).await;
        let mut cmd = by("team", vec![public("a")]);
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert!(plan.is_empty());
        assert_eq!(plan.to_string(), "  client b (owned, no longer declared; kept, --prune removes it)\n");
        cmd.prune = true;
        assert_eq!(apply(&ctx, &cmd).await.plan.to_string(), "- client b (owned, no longer declared)\n");
        assert!(client::get_client(&ctx, "b").await.is_err());
        settled(&ctx, &cmd).await;
        cmd.declaration.clients.clear();
        apply(&ctx, &cmd).await;
        versions(&ctx, &["hand", "theirs"]).await;
        assert!(client::get_client(&ctx, "a").await.is_err());
    })
    .await;
}

/// D11: a declared secret is put in place without a gap; what was made by hand in its place goes; plans never tell it.
#[tokio::test]
async fn declared_secrets_take_their_place() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = by("team", vec![declared("web")]);
        let made = apply(&ctx, &cmd).await.secrets.remove(0).secret;
        core.clock.advance(Duration::from_secs(1));
        cmd.declaration.clients[0].secret = Some(SecretString::from(GIVEN));
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert!(plan.to_string().starts_with("~ client web: secret: ") && !format!("{plan:?}").contains(GIVEN));
        assert!(apply(&ctx, &cmd).await.secrets.is_empty());
        for live in [GIVEN, made.expose()] {
            assert!(proves_itself(&core, "web", live).await);
        }
        settled(&ctx, &cmd).await;
        core.clock.advance(OLD_SECRET_WORKS_FOR);
        assert!(proves_itself(&core, "web", GIVEN).await && !proves_itself(&core, "web", made.expose()).await);

        let rotate = RotateClientSecret { client_id: "web".to_owned(), keep_old_for: Duration::ZERO };
        let by_hand = client::rotate_client_secret(&ctx, rotate).await.unwrap().client_secret;
        core.clock.advance(Duration::from_secs(1));
        assert!(!proves_itself(&core, "web", GIVEN).await);
        apply(&ctx, &cmd).await;
        assert!(proves_itself(&core, "web", GIVEN).await && proves_itself(&core, "web", by_hand.expose()).await);
        settled(&ctx, &cmd).await;

        for (secret, public_client) in [("short", false), (GIVEN, true), ("ä".repeat(40).as_str(), false)] {
            let mut bad = by("bad", vec![if public_client { public("bad") } else { declared("bad") }]);
            bad.declaration.clients[0].secret = Some(SecretString::from(secret));
            let refused = apply_declaration(&ctx, bad).await.unwrap_err();
            assert!(matches!(refused, ApplyError::WeakSecret { .. } | ApplyError::NoSecretHere { .. }), "{refused:?}");
            assert!(!refused.to_string().contains(secret));
        }
    })
    .await;
}

/// D11: whoever turned a client off by hand is overruled only by a file that says so.
#[tokio::test]
async fn turned_off_by_hand_stays_off() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = by("team", vec![public("app")]);
        apply(&ctx, &cmd).await;
        let off = SetClientEnabled { client_id: "app".to_owned(), is_enabled: false };
        client::set_client_enabled(&ctx, off).await.unwrap();
        settled(&ctx, &cmd).await;
        assert!(!client::get_client(&ctx, "app").await.unwrap().differs_from_declaration());
        cmd.declaration.clients[0].is_enabled = Some(true);
        assert_eq!(apply(&ctx, &cmd).await.plan.to_string(), "~ client app: enabled false → true\n");
        settled(&ctx, &cmd).await;
        let mut off = by("off", vec![public("off")]);
        off.declaration.clients[0].is_enabled = Some(false);
        apply(&ctx, &off).await;
        assert!(!client::get_client(&ctx, "off").await.unwrap().is_enabled);
        settled(&ctx, &off).await;
    })
    .await;
}

/// D11: many at once make it so once, and all say that it is so.
#[tokio::test]
async fn many_at_once_agree() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        for round in 0..3 {
            let mut cmd = by("team", vec![declared("web"), public("app"), public("tool")]);
            cmd.declaration.clients[0].settings.access_token_ttl_secs = Some(300 + round);
            let runs: Vec<_> = (0..6)
                .map(|_| {
                    let (ctx, cmd) = (ctx.clone(), cmd.clone());
                    tokio::spawn(async move { apply_declaration(&ctx, cmd).await.unwrap() })
                })
                .collect();
            let (mut changed, mut secrets) = (0, 0);
            for run in runs {
                let applied = run.await.unwrap();
                changed += usize::from(!applied.plan.is_empty());
                secrets += applied.secrets.len();
            }
            assert_eq!((changed, secrets), (1, usize::from(round == 0)), "round {round}");
            settled(&ctx, &cmd).await;
        }
        assert_eq!(client::get_client(&ctx, "web").await.unwrap().live_secrets(core.now()).len(), 1);
    })
    .await;
}

/// D11: what cannot be is refused before anything is read, and only operators may ask.
#[tokio::test]
async fn impossible_declarations_are_refused() {
    let core = TestCore::sqlite().await;
    let ctx = core.operator();
    let twice = apply_declaration(&ctx, by("team", vec![public("a"), public("a")])).await;
    assert!(matches!(twice, Err(ApplyError::Twice { .. })));
    let bad_id = apply_declaration(&ctx, by("team", vec![public("a b")])).await;
    assert!(matches!(bad_id, Err(ApplyError::Id { .. })));
    let mut cannot_work = by("team", vec![declared("a")]);
    cannot_work.declaration.clients[0].settings.redirect_uris.clear();
    let refused = apply_declaration(&ctx, cannot_work).await.unwrap_err();
    assert!(refused.to_string().starts_with("client a: redirect_uris: "), "{refused}");
    let stranger = core.anonymous();
    let cmd = by("team", vec![public("a")]);
    assert!(matches!(plan_declaration(&stranger, &cmd).await, Err(ApplyError::Denied(_))));
    assert!(matches!(apply_declaration(&stranger, cmd).await, Err(ApplyError::Denied(_))));
    for bad in ["", "a b", "ä", &"x".repeat(101)] {
        assert!(OwnerLabel::try_from(bad).is_err(), "{bad}");
    }
}
