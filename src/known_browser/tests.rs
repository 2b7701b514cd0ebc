//! New sign-ins are told (B9).

use crate::{
    account::{self, CreateUser, SignIn, SignInOutcome},
    core::{Actor, RequestMeta},
    jobs,
    known_browser::REMEMBERED_FOR,
    secret::{Digest, SecretString},
    session::SessionKind,
    testing::{TestCore, on_both_engines},
};

const MARA: &str = "mara@nordhavn.example";
const PASSWORD: &str = "Seven-lanterns-7";

async fn person(core: &TestCore) {
    let cmd = CreateUser {
        email: MARA.try_into().unwrap(),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    account::create_user(&core.operator(), cmd).await.unwrap();
}

/// Signs in as a browser that is known by this, or as a program.
async fn enter(core: &TestCore, browser: Option<&str>, agent: &str) {
    core.clock.advance(std::time::Duration::from_mins(2));
    let meta = RequestMeta {
        browser: browser.map(|browser| Digest::of(browser.as_bytes())),
        user_agent: Some(agent.to_owned()),
        ..core.meta()
    };
    let cmd = SignIn {
        identifier: MARA.to_owned(),
        password: SecretString::from(PASSWORD),
        stay: false,
        kind: SessionKind::Browser,
    };
    let outcome = account::sign_in(&core.ctx(Actor::Anonymous, meta), cmd).await.unwrap();
    assert!(matches!(outcome, SignInOutcome::SignedIn(_)));
}

async fn told(core: &TestCore) -> usize {
    core.mails().await.iter().filter(|mail| mail.kind == "NewDevice").count()
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// B9: the first time in a browser is told, the first time of all and every later one are not.
#[tokio::test]
async fn a_new_browser_is_told() {
    on_both_engines(async |core| {
        person(&core).await;
        enter(&core, Some("one"), FIREFOX).await;
        enter(&core, Some("one"), FIREFOX).await;
        assert_eq!(told(&core).await, 0);
        // The same make of browser, and yet another one.
        enter(&core, Some("two"), FIREFOX).await;
        assert_eq!(told(&core).await, 1);
        let mail = core.mails().await.pop().unwrap();
        for words in ["Firefox on Linux", "192.0.2.44", "/not-me?t="] {
            assert!(mail.raw.replace("=\r\n", "").replace("=3D", "=").contains(words), "{words}: {}", mail.raw);
        }
        for again in ["one", "two"] {
            enter(&core, Some(again), FIREFOX).await;
        }
        // What has no cookie is known by its name.
        enter(&core, None, "backup-script/1").await;
        enter(&core, None, "backup-script/1").await;
        assert_eq!(told(&core).await, 2);
    })
    .await;
}

/// B9: what was not used for more than a year is new again.
#[tokio::test]
async fn old_browsers_are_forgotten() {
    on_both_engines(async |core| {
        person(&core).await;
        enter(&core, Some("old"), FIREFOX).await;
        core.clock.advance(REMEMBERED_FOR / 2);
        enter(&core, Some("new"), FIREFOX).await;
        core.clock.advance(REMEMBERED_FOR / 2);
        jobs::clean_up(&core).await.unwrap();
        let before = told(&core).await;
        enter(&core, Some("new"), FIREFOX).await;
        assert_eq!(told(&core).await, before);
        enter(&core, Some("old"), FIREFOX).await;
        assert_eq!(told(&core).await, before + 1);
    })
    .await;
}
