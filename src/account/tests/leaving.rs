//! A10: taking one's data along, and leaving.

use super::*;
use crate::{
    authz::FRESH,
    jobs::clean_up,
    org::{Builtin, CreateOrganization, add_member, create_organization, transfer_ownership},
};

async fn inside(core: &TestCore, address: &str) -> Ctx {
    // Mails of one moment have no order.
    core.clock.advance(MINUTE);
    member(core, address).await;
    as_user(core, &enter(core, address, PASSWORD).await.unwrap())
}

fn come_back_token(mail: &TestMail) -> PlainToken {
    PlainToken::parse(TokenKind::ComeBack, mail.token()).unwrap()
}

/// A10: the export has what is kept about the person, and nothing that opens anything or belongs to others.
#[tokio::test]
async fn people_take_their_data_along() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        core.clock.advance(MINUTE);
        member(&core, "jonas@nordhavn.example").await;
        assert!(matches!(export_account(&core.anonymous()).await, Err(ExportError::Denied(_))));
        let export = export_account(&ctx).await.unwrap();
        assert_eq!(export["account"]["email"], MARA);
        assert_eq!(export["sessions"].as_array().unwrap().len(), 1);
        let kinds: Vec<_> = export["activity"].as_array().unwrap().iter().map(|line| line["kind"].clone()).collect();
        assert!(kinds.contains(&"user_registered".into()) && kinds.contains(&"login".into()), "{kinds:?}");
        let text = export.to_string();
        let hash: String = core
            .db()
            .read()
            .await
            .unwrap()
            .query("SELECT password_hash FROM users WHERE email = $1")
            .bind(MARA.to_owned())
            .scalar()
            .await
            .unwrap();
        let stamp = user(&core, ctx.user().unwrap().user_id).await.stamp.to_string();
        for secret in [hash.as_str(), stamp.as_str(), "argon2", "digest", "ost_", "jonas"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    })
    .await;
}

/// A10, B6: a deactivated account is shut at once, for its owner too, and opened again by the link of the mail, once.
#[tokio::test]
async fn an_account_rests_and_comes_back() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        core.clock.advance(FRESH);
        assert!(matches!(deactivate_account(&ctx).await, Err(LeaveError::SignInAgain)));
        assert!(matches!(deactivate_account(&core.anonymous()).await, Err(LeaveError::Denied(_))));
        let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        deactivate_account(&ctx).await.unwrap();
        assert!(!is_alive(&core, ctx.user().unwrap().session_id).await);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        let mail = last_mail(&core, "AccountDeactivated").await;
        core.clock.advance(360 * DAY);
        assert_eq!(find_come_back(&core.anonymous(), &come_back_token(&mail)).await.unwrap().unwrap().as_str(), MARA);
        let cmd = || ComeBack { token: come_back_token(&mail) };
        assert_eq!(come_back(&core.anonymous(), cmd()).await.unwrap().as_str(), MARA);
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert!(matches!(come_back(&core.anonymous(), cmd()).await, Err(ComeBackError::Unknown)));
        let wrong = PlainToken::generate(TokenKind::ComeBack, core.entropy());
        assert!(matches!(come_back(&core.anonymous(), ComeBack { token: wrong }).await, Err(ComeBackError::Unknown)));
    })
    .await;
}

/// A10: what an operator deactivates is not opened again by an older link.
#[tokio::test]
async fn an_operators_word_is_the_last() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        let id = ctx.user().unwrap().user_id;
        deactivate_account(&ctx).await.unwrap();
        let mail = last_mail(&core, "AccountDeactivated").await;
        disable_user(&core.operator(), id).await.unwrap();
        let token = come_back_token(&mail);
        assert_eq!(find_come_back(&core.anonymous(), &token).await.unwrap(), None);
        assert!(matches!(come_back(&core.anonymous(), ComeBack { token }).await, Err(ComeBackError::Unknown)));
        enable_user(&core.operator(), id).await.unwrap();
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A10: an account is erased 30 days after its owner asked for it, unless they sign in and keep it. The record keeps the id,
/// and nothing that tells who it was.
#[tokio::test]
async fn an_account_is_erased_after_its_grace() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        let id = ctx.user().unwrap().user_id;
        let jonas = inside(&core, "jonas@nordhavn.example").await;
        let at = schedule_deletion(&ctx).await.unwrap();
        assert_eq!(at, core.now() + 30 * DAY);
        assert!(!is_alive(&core, ctx.user().unwrap().session_id).await);
        assert_eq!(last_mail(&core, "DeletionScheduled").await.to, MARA);

        core.clock.advance(29 * DAY);
        clean_up(&core).await.unwrap();
        let back = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        assert_eq!(find_deletion(&back).await.unwrap(), Some(at));
        assert_eq!(schedule_deletion(&back).await.unwrap(), at, "asked for twice, the first time counts");
        assert!(is_alive(&core, back.user().unwrap().session_id).await);
        keep_account(&jonas).await.unwrap();
        assert_eq!(find_deletion(&back).await.unwrap(), Some(at), "nobody keeps it for somebody else");
        keep_account(&back).await.unwrap();
        keep_account(&back).await.unwrap();
        assert_eq!(find_deletion(&back).await.unwrap(), None);
        core.clock.advance(2 * DAY);
        clean_up(&core).await.unwrap();
        let again = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        assert_eq!(times_on_record(&core, AuditKind::UserKept).await, 1);

        schedule_deletion(&again).await.unwrap();
        core.clock.advance(30 * DAY);
        let pressed_too_late = keep_account(&again).await;
        assert!(pressed_too_late.is_ok());
        clean_up(&core).await.unwrap();
        assert!(is_refused(&core, MARA, PASSWORD).await);
        assert!(matches!(get_user(&core.operator(), id).await, Err(GetUserError::NotFound)));
        let mut conn = core.db().read().await.unwrap();
        let lines: i64 = conn.query("SELECT COUNT(*) FROM audit WHERE user_id = $1").bind(id).scalar().await.unwrap();
        let told: i64 = conn
            .query("SELECT COUNT(*) FROM audit WHERE user_id = $1 AND (ip IS NOT NULL OR user_agent IS NOT NULL)")
            .bind(id)
            .scalar()
            .await
            .unwrap();
        assert!(lines > 5 && told == 0, "{lines} {told}");
        drop(conn);
        enter(&core, "jonas@nordhavn.example", PASSWORD).await.unwrap();
        register(&core.anonymous(), registration(MARA)).await.unwrap();
    })
    .await;
}

/// A10: somebody has to look after the instance.
#[tokio::test]
async fn the_last_administrator_stays() {
    on_both_engines(async |core| {
        let admin = async |address: &str| {
            let cmd = CreateUser {
                email: email(address),
                username: None,
                display_name: None,
                password: Some(SecretString::from(PASSWORD)),
                is_verified: true,
                is_admin: true,
            };
            create_user(&core.operator(), cmd).await.unwrap();
            let ctx = as_user(&core, &enter(&core, address, PASSWORD).await.unwrap());
            let mut actor = ctx.user().unwrap().clone();
            actor.is_admin = true;
            core.ctx(Actor::User(actor), core.meta())
        };
        let ada = admin("ada@nordhavn.example").await;
        assert!(is_last_admin(&ada).await.unwrap());
        assert!(matches!(deactivate_account(&ada).await, Err(LeaveError::LastAdmin)));
        assert!(matches!(schedule_deletion(&ada).await, Err(LeaveError::LastAdmin)));
        let bob = admin("bob@nordhavn.example").await;
        schedule_deletion(&ada).await.unwrap();
        assert!(is_last_admin(&bob).await.unwrap(), "one who leaves does not count");
        assert!(matches!(deactivate_account(&bob).await, Err(LeaveError::LastAdmin)));
    })
    .await;
}

/// A10: an operator deletes an account: there is none for anybody from then on, its owner is told, and it can be brought back
/// for 30 days. Then it is erased.
#[tokio::test]
async fn an_operator_deletes_and_brings_back() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        let id = ctx.user().unwrap().user_id;
        let stamp = user(&core, id).await.stamp;
        assert!(matches!(delete_user(&ctx, id).await, Err(DeleteUserError::Denied(_))));
        assert!(matches!(delete_user(&core.operator(), core.new_id()).await, Err(DeleteUserError::NotFound)));
        let erase_at = delete_user(&core.operator(), id).await.unwrap();
        assert_eq!(erase_at, core.now() + 30 * DAY);
        assert!(matches!(delete_user(&core.operator(), id).await, Err(DeleteUserError::NotFound)));
        assert!(!is_alive(&core, ctx.user().unwrap().session_id).await);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        assert!(matches!(get_user(&core.operator(), id).await, Err(GetUserError::NotFound)));
        assert_eq!(last_mail(&core, "AccountDeleted").await.to, MARA);
        let again = register(&core.anonymous(), registration(MARA)).await.unwrap();
        assert!(matches!(again, Registered::AddressTaken), "the address waits for its owner");

        core.clock.advance(29 * DAY);
        clean_up(&core).await.unwrap();
        assert!(matches!(restore_user(&ctx, MARA).await, Err(RestoreUserError::Denied(_))));
        assert!(matches!(restore_user(&core.operator(), "x\0").await, Err(RestoreUserError::NotFound)));
        assert_eq!(restore_user(&core.operator(), &MARA.to_uppercase()).await.unwrap().id, id);
        assert!(matches!(restore_user(&core.operator(), MARA).await, Err(RestoreUserError::NotFound)));
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert_ne!(user(&core, id).await.stamp, stamp);

        delete_user(&core.operator(), id).await.unwrap();
        core.clock.advance(30 * DAY);
        assert!(matches!(restore_user(&core.operator(), &id.to_string()).await, Err(RestoreUserError::NotFound)));
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 0);
        for (kind, times) in [(AuditKind::UserDeleted, 2), (AuditKind::UserRestored, 1)] {
            assert_eq!(times_on_record(&core, kind).await, times);
        }
        created(register(&core.anonymous(), registration(MARA)).await.unwrap());
    })
    .await;
}

/// A10: of two administrators who delete each other at the same moment, one stays.
#[tokio::test]
async fn one_administrator_always_stays() {
    on_both_engines(async |core| {
        let mut admins = Vec::new();
        for address in ["ada@nordhavn.example", "bob@nordhavn.example"] {
            let cmd = CreateUser {
                email: email(address),
                username: None,
                display_name: None,
                password: Some(SecretString::from(PASSWORD)),
                is_verified: true,
                is_admin: true,
            };
            admins.push(create_user(&core.operator(), cmd).await.unwrap().user_id);
        }
        let operator = core.operator();
        let (first, second) = tokio::join!(delete_user(&operator, admins[0]), delete_user(&operator, admins[1]));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let last = [first, second].into_iter().find_map(Result::err).unwrap();
        assert!(matches!(last, DeleteUserError::LastAdmin));
    })
    .await;
}

/// A10, E1: whoever owns an organisation that others belong to hands it over before leaving for good; resting is no reason
/// for that, and an operator is not stopped by it. One that nobody else is in stops nobody.
#[tokio::test]
async fn what_others_belong_to_is_handed_over_first() {
    on_both_engines(async |core| {
        let mara = inside(&core, MARA).await;
        let jonas = inside(&core, "jonas@nordhavn.example").await;
        let (mara_id, jonas_id) = (mara.user().unwrap().user_id, jonas.user().unwrap().user_id);
        let cmd = CreateOrganization { name: "Nordhavn Studio".try_into().unwrap(), slug: None, owner: None };
        let made = create_organization(&mara, cmd).await.unwrap();
        assert_eq!(list_to_hand_over(&mara).await.unwrap(), [], "nobody else is in it");
        add_member(&core.operator(), &made.id.into(), jonas_id, Builtin::Viewer.id()).await.unwrap();
        let LeaveError::OwnsOrganizations(owned) = schedule_deletion(&mara).await.unwrap_err() else {
            panic!("it was not refused for that")
        };
        assert_eq!(owned, list_to_hand_over(&mara).await.unwrap());
        assert_eq!(owned.first().map(|one| (one.id, one.name.as_str())), Some((made.id, "Nordhavn Studio")));
        assert_eq!(find_deletion(&mara).await.unwrap(), None);
        assert_eq!(list_to_hand_over(&jonas).await.unwrap(), [], "members leave as they like");
        transfer_ownership(&mara, &made.id.into(), jonas_id).await.unwrap();
        schedule_deletion(&mara).await.unwrap();
        keep_account(&as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap())).await.unwrap();
        assert!(matches!(schedule_deletion(&jonas).await, Err(LeaveError::OwnsOrganizations(_))));
        deactivate_account(&jonas).await.unwrap();
        delete_user(&core.operator(), jonas_id).await.unwrap();
        delete_user(&core.operator(), mara_id).await.unwrap();
    })
    .await;
}
