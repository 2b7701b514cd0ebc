//! What a store of users must be able to do, on both engines: the list that ASP.NET Core Identity asks of its stores, and where
//! each of it is proved. The tests here walk through each store's operations once, by the commands that stand for them; the
//! tests beside them (named in the list) go to the edges.
//!
//! | store | operations | proved by |
//! |---|---|---|
//! | `IUserStore`, `IQueryableUserStore` | create, find by id and by name, update, delete, list | [`users`]; `operators`, `profile`, `leaving`, `concurrency::one_address_goes_to_one` |
//! | `IUserPasswordStore` | get, set, has | [`passwords`]; `passwords`, `sign_in::foreign_hashes_are_replaced`, `import::formats` |
//! | `IUserEmailStore` | get, set, confirmed, find by address | [`addresses`]; `email_change`, `verification` |
//! | `IUserPhoneNumberStore` | get, set, confirmed | not there yet: comes with codes by SMS |
//! | `IUserLockoutStore` | end, count, reset | [`lockout`]; `sign_in`, `concurrency::wrong_passwords_at_once_are_all_counted` |
//! | `IUserTwoFactorStore`, `IUserAuthenticatorKeyStore` | is it on, set and get the key | [`second_factors`]; `second_factor`, `sent_codes`, `factor::tests` |
//! | `IUserTwoFactorRecoveryCodeStore` | replace, redeem once, count | [`second_factors`]; `second_factor::a_recovery_code_works_once` |
//! | `IUserPasskeyStore` | add or change, list, find by credential, remove | `passkey::tests`: `enrolment`, `account`, `sign_in` |
//! | `IUserLoginStore` | add, remove, list, find by provider and key | [`ids_elsewhere`] for ids of other systems; signing in by other providers is not there yet, and nothing removes an id |
//! | `IUserClaimStore` | get, add, replace, remove | [`claims`]; `profile`. Only the standard claims of a profile; finding users by a claim is not there |
//! | `IUserRoleStore` | add, remove, list, is in role | not there yet: roles come with organisations. There is one, [`User::is_admin`] |
//! | `IUserAuthenticationTokenStore` | set, get, remove | not there yet: tokens of other providers come with signing in by them. What applications hold here: `grant::tests::applications` |
//! | `IUserSecurityStampStore` | get, set | [`stamps`]; `second_factor::a_new_factor_ends_what_was_opened_without_it` |
//! | `IProtectedUserStore` | personal data is marked and can be taken along | `leaving::people_take_their_data_along` |

use super::*;
use crate::{
    factor::{Proof, RemoveAuthenticator, list_factors, make_recovery_codes, remove_authenticator},
    testing::TestAuthenticator,
    text::DisplayName,
};

fn somebody() -> CreateUser {
    CreateUser {
        email: email(MARA),
        username: Some(Username::try_from("Mara").unwrap()),
        display_name: Some(DisplayName::try_from("Mara Lindqvist").unwrap()),
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    }
}

async fn make(core: &TestCore, cmd: CreateUser) -> UserId {
    create_user(&core.operator(), cmd).await.unwrap().user_id
}

async fn finds(core: &TestCore, identifier: &str) -> Option<UserId> {
    match find_user(&core.operator(), identifier).await {
        Ok(user) => Some(user.id),
        Err(GetUserError::NotFound) => None,
        Err(other) => panic!("{other}"),
    }
}

/// A11: created once, found by id, name and address whatever their case, changed, listed, deleted, and gone in the end.
#[tokio::test]
async fn users() {
    on_both_engines(async |core| {
        let id = make(&core, somebody()).await;
        let again = create_user(&core.operator(), somebody()).await;
        assert!(matches!(again, Err(CreateUserError::AddressTaken)));
        let namesake = CreateUser { email: email("other@nordhavn.example"), ..somebody() };
        assert!(matches!(create_user(&core.operator(), namesake).await, Err(CreateUserError::UsernameTaken)));
        for identifier in ["mara", "MARA", &MARA.to_uppercase(), &id.to_string()] {
            assert_eq!(finds(&core, identifier).await, Some(id), "{identifier}");
        }
        assert_eq!(finds(&core, "nobody").await, None);
        let made = user(&core, id).await;
        assert_eq!((made.created_at, made.updated_at, made.deleted_at), (core.now(), core.now(), None));

        core.clock.advance(MINUTE);
        let name = DisplayName::try_from("M. L.").unwrap();
        let cmd = |version| UpdateProfile {
            user_id: id,
            display_name: Some(name.clone()),
            profile: Profile::default(),
            version: Some(version),
        };
        let changed = update_profile(&core.operator(), cmd(made.version())).await.unwrap();
        assert!(changed.name() == "M. L." && changed.version() > made.version());
        let stale = update_profile(&core.operator(), cmd(made.version())).await;
        assert!(matches!(stale, Err(UpdateProfileError::Changed)));
        let page = list_users(&core.operator(), ListUsers { after: None, limit: 10 }).await.unwrap();
        assert_eq!(page.users, [changed]);

        delete_user(&core.operator(), id).await.unwrap();
        for identifier in ["mara", MARA, &id.to_string()] {
            assert_eq!(finds(&core, identifier).await, None, "{identifier}");
        }
        core.clock.advance(GRACE);
        crate::jobs::clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 0);
        assert_ne!(make(&core, somebody()).await, id, "no id is given twice");
    })
    .await;
}

/// A3, A6: there is none, it is set, compared and replaced.
#[tokio::test]
async fn passwords() {
    on_both_engines(async |core| {
        let id = make(&core, CreateUser { password: None, ..somebody() }).await;
        let made = user(&core, id).await;
        assert_eq!((made.has_password, made.password_changed_at), (false, None));
        assert!(is_refused(&core, MARA, PASSWORD).await);
        let token = reset_token(&last_mail(&core, "ChoosePassword").await);
        core.clock.advance(MINUTE);
        let cmd = ResetPassword { token, password: SecretString::from(PASSWORD) };
        reset_password(&core.anonymous(), cmd).await.unwrap();
        let set = user(&core, id).await;
        assert_eq!((set.has_password, set.password_changed_at), (true, Some(core.now())));
        let inside = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        core.clock.advance(MINUTE);
        let cmd = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        change_password(&inside, cmd).await.unwrap();
        assert!(is_refused(&core, MARA, PASSWORD).await);
        enter(&core, MARA, OTHER).await.unwrap();
        assert_eq!(user(&core, id).await.password_changed_at, Some(core.now()));
    })
    .await;
}

/// A4, A9: not confirmed, confirmed, and another one, which is then the one that is found.
#[tokio::test]
async fn addresses() {
    on_both_engines(async |core| {
        let id = make(&core, CreateUser { is_verified: false, ..somebody() }).await;
        assert_eq!(user(&core, id).await.email_verified_at, None);
        let token = verification_token(&last_mail(&core, "VerifyEmail").await);
        verify_email(&core.anonymous(), VerifyEmail::Link(token)).await.unwrap();
        assert_eq!(user(&core, id).await.email_verified_at, Some(core.now()));
        core.clock.advance(MINUTE);
        let inside = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let other = "mara@lindqvist.example";
        request_email_change(&inside, RequestEmailChange { email: email(other) }).await.unwrap();
        assert_eq!(finds(&core, other).await, None, "not before it is proved");
        let code = last_mail(&core, "ProveEmail").await.code.unwrap();
        confirm_email_change(&inside, ConfirmEmailChange::Code(code)).await.unwrap();
        let changed = user(&core, id).await;
        assert_eq!((changed.email.as_str(), changed.email_verified_at), (other, Some(core.now())));
        assert_eq!((finds(&core, other).await, finds(&core, MARA).await), (Some(id), None));
    })
    .await;
}

/// A7: failures are counted, the last one allowed sets an end, and a sign-in forgets them.
#[tokio::test]
async fn lockout() {
    on_both_engines(async |core| {
        let id = make(&core, somebody()).await;
        for n in 1..=4 {
            assert!(is_refused(&core, MARA, OTHER).await);
            let counted = user(&core, id).await;
            assert_eq!((counted.failures, counted.locked_until), (n, None));
        }
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert_eq!(user(&core, id).await.failures, 0);
        for _ in 0..5 {
            assert!(is_refused(&core, MARA, OTHER).await);
        }
        assert_eq!(user(&core, id).await.locked_until, Some(core.now() + 15 * MINUTE));
        core.clock.advance(15 * MINUTE);
        enter(&core, MARA, PASSWORD).await.unwrap();
        let free = user(&core, id).await;
        assert_eq!((free.failures, free.locked_until), (0, None));
    })
    .await;
}

/// B2, B3: off, on with a key of their own and ten codes, each good once, replaced as a whole, and off again.
#[tokio::test]
async fn second_factors() {
    on_both_engines(async |core| {
        make(&core, somebody()).await;
        let inside = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let before = list_factors(&inside).await.unwrap();
        assert!(before.authenticators.is_empty() && before.recovery_codes.is_none());
        let app = TestAuthenticator::add(&inside).await;
        let redeem = async |code: &str| {
            let outcome = super::super::sign_in(&core.anonymous(), attempt(MARA, PASSWORD)).await.unwrap();
            let SignInOutcome::SecondFactorRequired(required) = outcome else { panic!("it is on") };
            let proof = Proof::Recovery(SecretString::from(code));
            let cmd = CompleteSignIn { pending: required.pending, kind: SessionKind::Browser, proof };
            complete_sign_in(&core.anonymous(), cmd).await
        };
        let left = async || list_factors(&inside).await.unwrap().recovery_codes.unwrap().left;
        assert_eq!((app.recovery_codes.len(), left().await), (10, 10));
        redeem(&app.recovery_codes[0]).await.unwrap();
        assert_eq!(left().await, 9);
        assert!(redeem(&app.recovery_codes[0]).await.is_err(), "good once");
        let fresh = make_recovery_codes(&inside).await.unwrap();
        assert_eq!(left().await, 10);
        assert!(redeem(&app.recovery_codes[1]).await.is_err(), "replaced");
        redeem(fresh[0].expose()).await.unwrap();
        remove_authenticator(&inside, RemoveAuthenticator { id: app.id.unwrap() }).await.unwrap();
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A11: an id of another system belongs to one account, and leads to it; an account has one of each system.
#[tokio::test]
async fn ids_elsewhere() {
    on_both_engines(async |core| {
        let id = make(&core, somebody()).await;
        let import = async |line: &str| {
            let mut reader = Reader::open(line.as_bytes(), Format::Lines, None, core.now()).unwrap();
            let entries = std::iter::from_fn(|| reader.next_entry().unwrap()).collect();
            let report = import_users(&core.operator(), ImportUsers { entries, update: true }).await.unwrap();
            report[0].outcome.word()
        };
        let found = async || {
            let mut conn = core.db().read().await.unwrap();
            crate::account::import::external_ids_of(&mut conn, id).await.unwrap().into_iter().collect::<Vec<_>>()
        };
        let line = |address: &str, ids: &str| format!("{{\"email\":\"{address}\",\"external_ids\":{{{ids}}}}}");
        assert_eq!(import(&line(MARA, "\"crm\":\"1\"")).await, "updated");
        assert_eq!(import(&line(MARA, "\"crm\":\"1\",\"hr\":\"1\"")).await, "updated");
        assert_eq!(import(&line(MARA, "\"crm\":\"2\"")).await, "refused");
        let pair = |source: &str| (source.to_owned(), "1".to_owned());
        assert_eq!(found().await, [pair("crm"), pair("hr")]);
        assert_eq!(import(&line("mara@other.example", "\"hr\":\"1\"")).await, "updated", "the id leads to her");
        assert_eq!(user(&core, id).await.email.as_str(), "mara@other.example");
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 1);
    })
    .await;
}

/// A9: claims are set, replaced and taken away; those of nobody else change.
#[tokio::test]
async fn claims() {
    on_both_engines(async |core| {
        let id = make(&core, somebody()).await;
        let other = make(&core, CreateUser { email: email("bo@nordhavn.example"), username: None, ..somebody() }).await;
        let say = async |locale: Option<&str>| {
            let locale = locale.map(|locale| Locale::try_from(locale).unwrap());
            let profile = Profile { locale, ..Profile::default() };
            let cmd = UpdateProfile { user_id: id, display_name: None, profile, version: None };
            update_profile(&core.operator(), cmd).await.unwrap();
            user(&core, id).await.claim("locale").to_owned()
        };
        assert_eq!(say(Some("sv")).await, "sv");
        assert_eq!(say(Some("en-GB")).await, "en-GB");
        assert_eq!(user(&core, other).await.claim("locale"), "");
        assert_eq!(say(None).await, "");
    })
    .await;
}

/// A8: it changes with whatever older sessions and tokens must not outlive, and with nothing else.
#[tokio::test]
async fn stamps() {
    on_both_engines(async |core| {
        let id = make(&core, somebody()).await;
        let inside = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let mut last = user(&core, id).await.stamp;
        let mut changes = async || {
            let stamp = user(&core, id).await.stamp;
            std::mem::replace(&mut last, stamp) != stamp
        };
        let cmd = UpdateProfile { user_id: id, display_name: None, profile: Profile::default(), version: None };
        update_profile(&inside, cmd).await.unwrap();
        assert!(!changes().await, "a name opens nothing");
        let cmd = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        change_password(&inside, cmd).await.unwrap();
        assert!(changes().await, "password");
        let app = TestAuthenticator::add(&inside).await;
        assert!(changes().await, "a first second factor");
        remove_authenticator(&inside, RemoveAuthenticator { id: app.id.unwrap() }).await.unwrap();
        assert!(changes().await, "one that was removed");
        disable_user(&core.operator(), id).await.unwrap();
        assert!(changes().await, "deactivation");
        enable_user(&core.operator(), id).await.unwrap();
        changes().await;
        delete_user(&core.operator(), id).await.unwrap();
        restore_user(&core.operator(), MARA).await.unwrap();
        assert!(changes().await, "deletion");
    })
    .await;
}
