//! The commands about second factors, on both engines.

use std::time::Duration;

use super::*;
use crate::{
    account::{CreateUser, SignIn, SignInOutcome, create_user, sign_in},
    authz::Denied,
    core::{Actor, Core, Ctx, UserActor},
    id::AuthenticatorId,
    secret::SecretString,
    session::{SessionKind, resume_session},
    testing::{TestAuthenticator, TestCore, on_both_engines},
    text::{DisplayName, EmailAddress},
};

const MINUTE: Duration = Duration::from_mins(1);
const PASSWORD: &str = "Seven-lanterns-7";

fn name(text: &str) -> DisplayName {
    DisplayName::try_from(text).unwrap()
}

/// Somebody who has just signed in with a password.
async fn person(core: &TestCore, address: &str) -> Ctx {
    let cmd = CreateUser {
        email: EmailAddress::try_from(address).unwrap(),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    create_user(&core.operator(), cmd).await.unwrap();
    let cmd = SignIn {
        identifier: address.to_owned(),
        password: SecretString::from(PASSWORD),
        stay: false,
        kind: SessionKind::Browser,
    };
    let SignInOutcome::SignedIn(new) = sign_in(&core.anonymous(), cmd).await.unwrap() else { panic!("asked for more") };
    let live = resume_session(core, new.session_id).await.unwrap().unwrap();
    core.ctx(Actor::User(live.actor), core.meta())
}

fn nothing() -> FactorsView {
    FactorsView {
        authenticators: vec![],
        recovery_codes: None,
        email_codes: CodesView::Off,
        sms_codes: CodesView::Unavailable,
    }
}

async fn begin(ctx: &Ctx, text: &str) -> TestAuthenticator {
    begin_totp(ctx, BeginTotp { name: name(text) }).await.unwrap();
    TestAuthenticator::with_key(find_totp_set_up(ctx).await.unwrap().unwrap().key.expose())
}

async fn confirm(ctx: &Ctx, code: SecretString) -> Result<TotpConfirmed, ConfirmTotpError> {
    confirm_totp(ctx, ConfirmTotp { code }).await
}

async fn names(ctx: &Ctx) -> Vec<String> {
    let listed = list_factors(ctx).await.unwrap().authenticators;
    listed.into_iter().map(|view| view.name.as_str().to_owned()).collect()
}

async fn stored_texts(core: &Core) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM authenticators").scalar().await.unwrap()
}

/// B2: an app counts for nothing before its first code; its secret is not in the table; the address is what cameras read.
#[tokio::test]
async fn an_app_is_set_up_in_two_steps() {
    on_both_engines(async |core| {
        let ctx = person(&core, "mara@nordhavn.example").await;
        assert!(find_totp_set_up(&ctx).await.unwrap().is_none());
        let app = begin(&ctx, "Phone").await;
        let set_up = find_totp_set_up(&ctx).await.unwrap().unwrap();
        let uri = set_up.uri.expose();
        let key = set_up.key.expose();
        assert!(uri.starts_with("otpauth://totp/Ostiary:mara%40nordhavn.example?"), "{uri}");
        assert!(uri.contains(&format!("secret={key}")) && uri.contains("issuer=Ostiary"), "{uri}");
        assert_eq!(key.len(), 32, "160 bits");
        assert!(!format!("{set_up:?}").contains(key));
        assert_eq!(list_factors(&ctx).await.unwrap(), nothing());

        let wrong = confirm(&ctx, SecretString::from("12345")).await;
        assert!(matches!(wrong, Err(ConfirmTotpError::WrongCode)));
        let confirmed = confirm(&ctx, app.code(ctx.now())).await.unwrap();
        assert_eq!(confirmed.recovery_codes.len(), RECOVERY_CODES);
        let factors = list_factors(&ctx).await.unwrap();
        assert_eq!(factors.authenticators[0].id, confirmed.id);
        assert_eq!(factors.recovery_codes.map(|codes| codes.left), Some(10));
        assert!(matches!(confirm(&ctx, app.code(ctx.now())).await, Err(ConfirmTotpError::Gone)));

        // A second one brings no codes and ends nothing.
        core.clock.advance(Duration::from_secs(1));
        let tablet = begin(&ctx, "Tablet").await;
        let confirmed = confirm(&ctx, tablet.code(ctx.now())).await.unwrap();
        assert!(confirmed.recovery_codes.is_empty());
        assert_eq!(names(&ctx).await, ["Phone", "Tablet"]);
        let kinds: Vec<_> = core.mails().await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, ["AuthenticatorAdded", "AuthenticatorAdded"]);
    })
    .await;
}

/// A set-up is forgotten after ten minutes, and by beginning another one.
#[tokio::test]
async fn set_ups_do_not_stay() {
    on_both_engines(async |core| {
        let ctx = person(&core, "mara@nordhavn.example").await;
        let first = begin(&ctx, "Phone").await;
        let second = begin(&ctx, "Phone").await;
        assert_eq!(stored_texts(&core).await, 1);
        assert!(matches!(confirm(&ctx, first.code(ctx.now())).await, Err(ConfirmTotpError::WrongCode)));
        core.clock.advance(10 * MINUTE);
        // The same person, who has just signed in again: it is not their sign-in that is too old.
        let actor = UserActor { auth_time: core.now(), ..ctx.user().unwrap().clone() };
        let ctx = core.ctx(Actor::User(actor), core.meta());
        assert!(find_totp_set_up(&ctx).await.unwrap().is_none());
        assert!(matches!(confirm(&ctx, second.code(ctx.now())).await, Err(ConfirmTotpError::Gone)));
        core.clock.advance(MINUTE);
        crate::jobs::clean_up(&core).await.unwrap();
        assert_eq!(stored_texts(&core).await, 0);
    })
    .await;
}

/// B6: what protects an account is changed by nobody whose sign-in is older than ten minutes, and by nobody without one.
#[tokio::test]
async fn sensitive_changes_need_a_recent_sign_in() {
    on_both_engines(async |core| {
        let ctx = person(&core, "mara@nordhavn.example").await;
        let app = TestAuthenticator::add(&ctx).await;
        let id = app.id.unwrap();
        core.clock.advance(Duration::from_micros(10 * 60_000_000 - 1));
        make_recovery_codes(&ctx).await.unwrap();
        begin(&ctx, "Tablet").await;
        core.clock.advance(Duration::from_micros(1));
        macro_rules! refused {
            ($call:expr, $error:ident) => {
                assert!(matches!($call.await, Err($error::SignInAgain)))
            };
        }
        refused!(begin_totp(&ctx, BeginTotp { name: name("X") }), BeginTotpError);
        refused!(find_totp_set_up(&ctx), BeginTotpError);
        refused!(confirm(&ctx, app.code(ctx.now())), ConfirmTotpError);
        refused!(make_recovery_codes(&ctx), MakeRecoveryCodesError);
        refused!(remove_authenticator(&ctx, RemoveAuthenticator { id }), RemoveAuthenticatorError);
        rename_authenticator(&ctx, RenameAuthenticator { id, name: name("Old phone") }).await.unwrap();
        assert_eq!(names(&ctx).await, ["Old phone"]);

        let nobody = core.anonymous();
        assert!(matches!(
            begin_totp(&nobody, BeginTotp { name: name("X") }).await,
            Err(BeginTotpError::Denied(Denied))
        ));
        assert!(matches!(make_recovery_codes(&nobody).await, Err(MakeRecoveryCodesError::Denied(Denied))));
        assert!(matches!(list_factors(&nobody).await, Err(ListFactorsError::Denied(Denied))));
        let removed = remove_authenticator(&nobody, RemoveAuthenticator { id }).await;
        assert!(matches!(removed, Err(RemoveAuthenticatorError::Denied(Denied))));
    })
    .await;
}

/// What is somebody else's is not there.
#[tokio::test]
async fn foreign_apps_are_not_found() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let id = TestAuthenticator::add(&mara).await.id.unwrap();
        let tove = person(&core, "tove@nordhavn.example").await;
        let unknown: AuthenticatorId = core.new_id();
        for id in [id, unknown] {
            let renamed = rename_authenticator(&tove, RenameAuthenticator { id, name: name("Mine") }).await;
            assert!(matches!(renamed, Err(RenameAuthenticatorError::NotFound)));
            let removed = remove_authenticator(&tove, RemoveAuthenticator { id }).await;
            assert!(matches!(removed, Err(RemoveAuthenticatorError::NotFound)));
        }
        assert_eq!(names(&mara).await, ["Phone"]);
    })
    .await;
}

/// B3: new codes take the place of all before; they go with the last app, and there are none without one.
#[tokio::test]
async fn recovery_codes_come_and_go_with_the_apps() {
    on_both_engines(async |core| {
        let ctx = person(&core, "mara@nordhavn.example").await;
        assert!(matches!(make_recovery_codes(&ctx).await, Err(MakeRecoveryCodesError::NoFactor)));
        let app = TestAuthenticator::add(&ctx).await;
        let fresh = make_recovery_codes(&ctx).await.unwrap();
        let old: Vec<_> = app.recovery_codes.clone();
        assert!(fresh.iter().all(|code| !old.contains(&code.expose().to_owned())));
        let mut distinct: Vec<_> = fresh.iter().map(SecretString::expose).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), RECOVERY_CODES);
        let user_id = ctx.user().unwrap().user_id;
        let mut conn = core.db().read().await.unwrap();
        assert_eq!(of_user(&mut conn, core.config(), user_id).await.unwrap().recovery_codes_left, 10);
        drop(conn);

        remove_authenticator(&ctx, RemoveAuthenticator { id: app.id.unwrap() }).await.unwrap();
        assert_eq!(list_factors(&ctx).await.unwrap(), nothing());
        let mut conn = core.db().read().await.unwrap();
        assert_eq!(of_user(&mut conn, core.config(), user_id).await.unwrap(), SecondFactors::default());
    })
    .await;
}

/// Nobody collects more apps than they could use.
#[tokio::test]
async fn there_is_an_end_to_apps() {
    let core = TestCore::sqlite().await;
    let ctx = person(&core, "mara@nordhavn.example").await;
    for _ in 0..10 {
        TestAuthenticator::add(&ctx).await;
    }
    assert!(matches!(begin_totp(&ctx, BeginTotp { name: name("X") }).await, Err(BeginTotpError::Full)));
}
