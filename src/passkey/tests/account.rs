//! Renaming and removing.

use super::*;

fn named(id: PasskeyId, name: &str) -> RenamePasskey {
    RenamePasskey { id, name: PasskeyName::try_from(name).unwrap() }
}

/// B1
#[tokio::test]
async fn a_passkey_gets_another_name() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (_, id) = key_of(&mara).await;
        rename_passkey(&mara, named(id, "Blue key")).await.unwrap();
        let foreign = rename_passkey(&ivo, named(id, "Mine")).await;
        assert!(matches!(foreign, Err(RenamePasskeyError::NotFound)), "{foreign:?}");
        let nobody = rename_passkey(&core.anonymous(), named(id, "Mine")).await;
        assert!(matches!(nobody, Err(RenamePasskeyError::Denied(_))), "{nobody:?}");
        assert_eq!(list_passkeys(&mara).await.unwrap().keys[0].name, "Blue key");
        assert_eq!(times_on_record(&core, AuditKind::PasskeyRenamed).await, 1);
    })
    .await;
}

/// B1, A8, B9: the session in which it is removed goes on, all others end; the owner is told.
#[tokio::test]
async fn removing_one_ends_all_other_sessions() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, id) = key_of(&mara).await;
        let (mut other, _) = key_of(&mara).await;
        let elsewhere = enter(&core, &mut authenticator).await.unwrap();
        remove_passkey(&mara, id).await.unwrap();
        assert!(is_alive(&core, session_id(&mara)).await);
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert_eq!(list_passkeys(&mara).await.unwrap().keys.len(), 1);
        enter(&core, &mut other).await.unwrap();
        assert_eq!(times_on_record(&core, AuditKind::PasskeyRemoved).await, 1);
        assert_eq!(mails(&core, "PasskeyRemoved").await, 1);
        let again = remove_passkey(&mara, id).await;
        assert!(matches!(again, Err(RemovePasskeyError::NotFound)), "{again:?}");
    })
    .await;
}

/// B1, B6
#[tokio::test]
async fn only_ones_own_and_only_freshly_signed_in() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (_, id) = key_of(&mara).await;
        let foreign = remove_passkey(&ivo, id).await;
        assert!(matches!(foreign, Err(RemovePasskeyError::NotFound)), "{foreign:?}");
        assert!(is_alive(&core, session_id(&ivo)).await);
        let nobody = remove_passkey(&core.anonymous(), id).await;
        assert!(matches!(nobody, Err(RemovePasskeyError::Denied(_))), "{nobody:?}");
        core.clock.advance(10 * MINUTE);
        let late = remove_passkey(&mara, id).await;
        assert!(matches!(late, Err(RemovePasskeyError::SignInAgain)), "{late:?}");
    })
    .await;
}

/// B1: the last way in stays, even when the last two are removed at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_way_in_stays() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let ((_, first), (mut authenticator, second)) = (key_of(&mara).await, key_of(&mara).await);
        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET password_hash = NULL").execute().await.unwrap();
        tx.commit().await.unwrap();
        let tries = [first, second].map(|id| {
            let ctx = mara.clone();
            tokio::spawn(async move { remove_passkey(&ctx, id).await })
        });
        let mut removed = 0;
        for one in tries {
            match one.await.unwrap() {
                Ok(()) => removed += 1,
                Err(cause) => assert!(matches!(cause, RemovePasskeyError::LastWayIn), "{cause:?}"),
            }
        }
        assert_eq!(removed, 1);
        assert!(is_alive(&core, session_id(&mara)).await, "what is refused changes nothing");
        if list_passkeys(&mara).await.unwrap().keys[0].id == second {
            enter(&core, &mut authenticator).await.unwrap();
        }
    })
    .await;
}
