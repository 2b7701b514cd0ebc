use super::*;
use crate::password::StoredHash;

/// A1 A11: by address or username, without regard to case; the time is noted and the session lives.
#[tokio::test]
async fn the_right_password_opens_a_session() {
    on_both_engines(async |core| {
        let mut cmd = registration(MARA);
        cmd.username = Some(Username::try_from("mara.l").unwrap());
        let id = created(register(&core.anonymous(), cmd).await.unwrap());
        let token = verification_token(&last_mail(&core, "VerifyEmail").await);
        verify_email(&core.anonymous(), VerifyEmail::Link(token)).await.unwrap();
        core.clock.advance(HOUR);
        for identifier in [MARA, &MARA.to_uppercase(), " mara.l ", "MARA.L"] {
            let signed_in = enter(&core, identifier, PASSWORD).await.unwrap();
            assert_eq!((signed_in.user_id, signed_in.auth_time), (id, core.now()));
            assert!(is_alive(&core, signed_in.session_id).await);
        }
        assert_eq!(user(&core, id).await.last_sign_in_at, Some(core.now()));
        assert_eq!(times_on_record(&core, AuditKind::SignedIn).await, 4);
    })
    .await;
}

/// A7: unknown, wrong, locked, deactivated and unconfirmed accounts are refused alike, each for one hash.
#[tokio::test]
async fn refusals_do_not_tell_which() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let locked = "locked@nordhavn.example";
        member(&core, locked).await;
        for _ in 0..5 {
            assert!(is_refused(&core, locked, "Wrong-password-1").await);
        }
        let off = "off@nordhavn.example";
        let off_id = member(&core, off).await;
        disable_user(&core.operator(), off_id).await.unwrap();
        let pending = "pending@nordhavn.example";
        register(&core.anonymous(), registration(pending)).await.unwrap();
        let bare = CreateUser {
            email: email("bare@nordhavn.example"),
            username: None,
            display_name: None,
            password: None,
            is_verified: true,
            is_admin: false,
        };
        create_user(&core.operator(), bare).await.unwrap();
        for (identifier, password) in [
            ("nobody@nordhavn.example", PASSWORD),
            ("nobody", PASSWORD),
            ("", PASSWORD),
            ("a\0b", PASSWORD),
            (MARA, "Wrong-password-1"),
            (MARA, ""),
            (locked, PASSWORD),
            (off, PASSWORD),
            (pending, "Wrong-password-1"),
            ("bare@nordhavn.example", PASSWORD),
        ] {
            let before = core.hasher().work_asked();
            let on_record = times_on_record(&core, AuditKind::SignInFailed).await;
            assert!(is_refused(&core, identifier, password).await, "{identifier}");
            assert_eq!(core.hasher().work_asked() - before, 1, "{identifier}");
            assert_eq!(times_on_record(&core, AuditKind::SignInFailed).await, on_record + 1, "{identifier}");
        }
    })
    .await;
}

/// H1: what was typed as an identifier is not put on record; people type passwords there.
#[tokio::test]
async fn what_was_typed_is_not_recorded() {
    on_both_engines(async |core| {
        assert!(is_refused(&core, "My-secret-password-1", "x").await);
        let mut conn = core.db().read().await.unwrap();
        let details: sqlx::types::Json<serde_json::Value> =
            conn.query("SELECT details FROM audit").scalar().await.unwrap();
        assert_eq!(details.0, serde_json::json!({ "reason": "unknown" }));
    })
    .await;
}

/// A7 B9: five failures pause sign-in for 15 minutes, even with the right password; the owner is told once.
#[tokio::test]
async fn failures_pause_sign_in() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        for n in 1..=5 {
            assert!(is_refused(&core, MARA, "Wrong-password-1").await);
            assert_eq!(user(&core, id).await.failures, n);
        }
        assert!(user(&core, id).await.is_locked(core.now()));
        for _ in 0..3 {
            assert!(is_refused(&core, MARA, PASSWORD).await);
        }
        assert_eq!(times_on_record(&core, AuditKind::AccountLocked).await, 1);
        let told = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "AccountLocked").count();
        assert_eq!(told, 1);

        core.clock.advance(Duration::from_micros(15 * 60_000_000 - 1));
        assert!(is_refused(&core, MARA, PASSWORD).await);
        core.clock.advance(Duration::from_micros(1));
        assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        assert_eq!(user(&core, id).await.failures, 1, "after the pause counting begins anew");
        enter(&core, MARA, PASSWORD).await.unwrap();
        let user = user(&core, id).await;
        assert_eq!((user.failures, user.locked_until), (0, None));
    })
    .await;
}

/// A7: failures decay.
#[tokio::test]
async fn old_failures_count_no_more() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        for _ in 0..4 {
            assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        }
        core.clock.advance(15 * MINUTE);
        assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        assert_eq!(user(&core, id).await.failures, 1);
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A4 A7: the right password for an unconfirmed address says so; mails about pauses go to confirmed addresses only.
#[tokio::test]
async fn an_unconfirmed_account_locks_silently() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        assert!(matches!(enter(&core, MARA, PASSWORD).await, Err(SignInError::NotVerified { .. })));
        for _ in 0..5 {
            assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        }
        assert!(is_refused(&core, MARA, PASSWORD).await, "paused");
        assert_eq!(kinds_of_mail(&core).await, ["VerifyEmail"]);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM sessions").await, 0);
    })
    .await;
}

async fn set_hash(core: &Core, id: UserId, hash: &StoredHash) {
    let mut tx = core.db().write().await.unwrap();
    let update = tx.query("UPDATE users SET password_hash = $2 WHERE id = $1").bind(id).bind(hash.clone());
    update.execute().await.unwrap();
    tx.commit().await.unwrap();
}

async fn hash_of(core: &Core, id: UserId) -> StoredHash {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT password_hash FROM users WHERE id = $1").bind(id).scalar().await.unwrap()
}

/// A3: a foreign hash is accepted and silently replaced, by the first sign-in that knows the password; many at once do
/// not get into each other's way.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn foreign_hashes_are_replaced() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        // bcrypt, cost 10, of PASSWORD.
        let foreign = StoredHash::parse(&bcrypt::hash(PASSWORD, 10).unwrap()).unwrap();
        set_hash(&core, id, &foreign).await;
        assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        assert_eq!(hash_of(&core, id).await, foreign, "only the right password replaces it");

        let tries = (0..8).map(|_| {
            let ctx = core.anonymous();
            tokio::spawn(async move { super::super::sign_in(&ctx, attempt(MARA, PASSWORD)).await })
        });
        for entered in tries.collect::<Vec<_>>() {
            entered.await.unwrap().unwrap();
        }
        assert!(hash_of(&core, id).await.as_str().starts_with("$argon2id$"));
        assert_eq!(times_on_record(&core, AuditKind::PasswordRehashed).await, 1);
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert_eq!(times_on_record(&core, AuditKind::PasswordRehashed).await, 1);
    })
    .await;
}

/// I5: sign-ins are limited per account and address.
#[tokio::test]
async fn sign_ins_are_limited() {
    let core = TestCore::sqlite_with(|config| config.limits.sign_in_per_minute = 2).await;
    for _ in 0..2 {
        assert!(is_refused(&core, MARA, PASSWORD).await);
    }
    assert!(matches!(enter(&core, &MARA.to_uppercase(), PASSWORD).await, Err(SignInError::TooMany(_))));
    assert!(is_refused(&core, "somebody@nordhavn.example", PASSWORD).await);
}
