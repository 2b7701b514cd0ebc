//! Signing in with a passkey.

use super::*;
use crate::{
    account::{disable_user, enable_user},
    grant::{ACR_PHISHING_RESISTANT, acr_of},
};

/// B1, B6: no name is typed; what was proved is told truthfully.
#[tokio::test]
async fn a_passkey_opens_the_account() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (mut first, _) = key_of(&mara).await;
        core.clock.advance(MINUTE);
        let mut second = SoftAuthenticator::new(ORIGIN);
        second.is_synced = true;
        add(&mara, &mut second).await.unwrap();
        let (mut other, _) = key_of(&ivo).await;
        for (authenticator, owner, amr) in
            [(&mut first, &mara, "hwk"), (&mut second, &mara, "swk"), (&mut other, &ivo, "hwk")]
        {
            core.clock.advance(MINUTE);
            let signed_in = enter(&core, authenticator).await.unwrap();
            assert_eq!(signed_in.user_id, user_id(owner));
            assert_eq!(signed_in.auth_time, core.now());
            let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
            assert_eq!(live.actor.amr, [amr, "user", "mfa"]);
            assert_eq!(acr_of(&live.actor.amr), Some(ACR_PHISHING_RESISTANT));
        }
        let keys = list_passkeys(&mara).await.unwrap().keys;
        assert_eq!(keys[0].last_used_at.unwrap() + MINUTE, keys[1].last_used_at.unwrap());
        let user = crate::account::get_user(&core.operator(), user_id(&ivo)).await.unwrap();
        assert_eq!(user.last_passkey_sign_in_at, Some(core.now()));
        assert_eq!(user.last_sign_in_at, Some(core.now()));
    })
    .await;
}

/// B1: options name no account and no key.
#[tokio::test]
async fn the_question_tells_nothing() {
    on_both_engines(async |core| {
        let ceremony = begin_sign_in(&core.anonymous()).await.unwrap();
        assert_eq!(ceremony.options["rpId"], "localhost");
        assert_eq!(ceremony.options["allowCredentials"], serde_json::json!([]));
        assert_eq!(ceremony.options["userVerification"], "required");
        assert!(ceremony.token.expose().starts_with("ost_pc_"));
    })
    .await;
}

/// B1: one ceremony, one answer, five minutes.
#[tokio::test]
async fn a_ceremony_is_good_once_and_for_five_minutes() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, _) = key_of(&mara).await;
        let ctx = core.anonymous();
        let ceremony = begin_sign_in(&ctx).await.unwrap();
        let said = authenticator.get(&ceremony.options);
        finish_sign_in(&ctx, answer(&ceremony, &said)).await.unwrap();
        let replayed = finish_sign_in(&ctx, answer(&ceremony, &said)).await;
        assert!(matches!(replayed, Err(FinishSignInError::Expired)), "{replayed:?}");

        let late = begin_sign_in(&ctx).await.unwrap();
        let said = authenticator.get(&late.options);
        core.clock.advance(5 * MINUTE);
        let late = finish_sign_in(&ctx, answer(&late, &said)).await;
        assert!(matches!(late, Err(FinishSignInError::Expired)), "{late:?}");

        let fresh = by_password(&core, MARA).await;
        let mixed = begin_enrolment(&fresh).await.unwrap();
        let mixed = finish_sign_in(&ctx, answer(&mixed, &said)).await;
        assert!(matches!(mixed, Err(FinishSignInError::Expired)), "one kind is not the other: {mixed:?}");
    })
    .await;
}

/// B1: sent many times at the same moment, it opens one session.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_the_same_moment_one_gets_in() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, _) = key_of(&mara).await;
        let ctx = core.anonymous();
        let ceremony = begin_sign_in(&ctx).await.unwrap();
        let said = authenticator.get(&ceremony.options);
        let tries = (0..8).map(|_| {
            let (ctx, cmd) = (ctx.clone(), answer(&ceremony, &said));
            tokio::spawn(async move { finish_sign_in(&ctx, cmd).await.is_ok() })
        });
        let mut entered = 0;
        for one in tries.collect::<Vec<_>>() {
            entered += u32::from(one.await.unwrap());
        }
        assert_eq!(entered, 1);
    })
    .await;
}

/// B1: another origin, another relying party, no verification, another account, another key's signature: refused, on
/// record, and the challenge is spent.
#[tokio::test]
async fn a_wrong_answer_opens_nothing() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (mut authenticator, _) = key_of(&mara).await;
        let others = user_id(&ivo);
        let lies: [&dyn Fn(&mut SoftAuthenticator); 5] = [
            &|a| a.origin = "https://evil.example".to_owned(),
            &|a| a.rp_id = Some("evil.example".to_owned()),
            &|a| a.verifies = false,
            &|a| a.user_handle = others.as_uuid().as_bytes().to_vec(),
            &|a| a.is_synced = true,
        ];
        let handle = authenticator.user_handle.clone();
        for (n, lie) in lies.into_iter().enumerate() {
            lie(&mut authenticator);
            let refused = enter(&core, &mut authenticator).await;
            assert!(matches!(refused, Err(FinishSignInError::Refused)), "{n}: {refused:?}");
            (authenticator.origin, authenticator.rp_id) = (ORIGIN.to_owned(), None);
            (authenticator.verifies, authenticator.is_synced) = (true, false);
            authenticator.user_handle.clone_from(&handle);
        }
        let (mut stranger, _) = key_of(&ivo).await;
        let ctx = core.anonymous();
        let ceremony = begin_sign_in(&ctx).await.unwrap();
        let forged = stranger.get(&ceremony.options).replace(&stranger.credential_id(), &authenticator.credential_id());
        let refused = finish_sign_in(&ctx, answer(&ceremony, &forged)).await;
        assert!(matches!(refused, Err(FinishSignInError::Refused)), "{refused:?}");
        let honest = authenticator.get(&ceremony.options);
        let spent = finish_sign_in(&ctx, answer(&ceremony, &honest)).await;
        assert!(matches!(spent, Err(FinishSignInError::Expired)), "{spent:?}");
        assert_eq!(times_on_record(&core, AuditKind::SignInFailed).await, 6);
        enter(&core, &mut authenticator).await.unwrap();
    })
    .await;
}

/// B1: a passkey that nobody has, and one that was removed.
#[tokio::test]
async fn an_unknown_passkey_is_told_so() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let mut never = SoftAuthenticator::new(ORIGIN);
        never.user_handle = user_id(&mara).as_uuid().as_bytes().to_vec();
        let unknown = enter(&core, &mut never).await;
        assert!(matches!(unknown, Err(FinishSignInError::Unknown)), "{unknown:?}");
        let (mut removed, id) = key_of(&mara).await;
        remove_passkey(&mara, id).await.unwrap();
        let unknown = enter(&core, &mut removed).await;
        assert!(matches!(unknown, Err(FinishSignInError::Unknown)), "{unknown:?}");
    })
    .await;
}

/// B1, B9: a copy that lags behind is refused, on record, and told by mail; the passkey itself goes on.
#[tokio::test]
async fn a_copy_is_refused() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, _) = key_of(&mara).await;
        for _ in 0..3 {
            enter(&core, &mut authenticator).await.unwrap();
        }
        for back in [1, 2] {
            authenticator.counter -= back;
            let copied = enter(&core, &mut authenticator).await;
            assert!(matches!(copied, Err(FinishSignInError::Copied)), "{back}: {copied:?}");
        }
        assert_eq!(times_on_record(&core, AuditKind::PasskeyCopied).await, 2);
        assert_eq!(mails(&core, "PasskeyCopied").await, 2);
        let keys = list_passkeys(&mara).await.unwrap().keys;
        assert_eq!(keys[0].copied_at, Some(core.now()));
        authenticator.counter += 2;
        enter(&core, &mut authenticator).await.unwrap();
    })
    .await;
}

/// B1: many authenticators do not count at all. One that begins to stop is refused.
#[tokio::test]
async fn not_all_count() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        authenticator.counts = false;
        add(&mara, &mut authenticator).await.unwrap();
        enter(&core, &mut authenticator).await.unwrap();
        enter(&core, &mut authenticator).await.unwrap();
        authenticator.counter = 7;
        enter(&core, &mut authenticator).await.unwrap();
        authenticator.counter = 0;
        let copied = enter(&core, &mut authenticator).await;
        assert!(matches!(copied, Err(FinishSignInError::Copied)), "{copied:?}");
    })
    .await;
}

/// A7, A8, A4: a pause, a deactivation and an unconfirmed address hold for passkeys, too.
#[tokio::test]
async fn what_closes_the_account_closes_it_for_passkeys() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, _) = key_of(&mara).await;
        for _ in 0..5 {
            let cmd = SignIn {
                identifier: MARA.to_owned(),
                password: SecretString::from("Wrong-lanterns-7"),
                stay: false,
                kind: SessionKind::Browser,
            };
            sign_in(&core.anonymous(), cmd).await.unwrap_err();
        }
        let paused = enter(&core, &mut authenticator).await;
        assert!(matches!(paused, Err(FinishSignInError::Paused { retry_after_secs: 901 })), "{paused:?}");
        core.clock.advance(15 * MINUTE);
        enter(&core, &mut authenticator).await.unwrap();

        disable_user(&core.operator(), user_id(&mara)).await.unwrap();
        let closed = enter(&core, &mut authenticator).await;
        assert!(matches!(closed, Err(FinishSignInError::Refused)), "{closed:?}");
        enable_user(&core.operator(), user_id(&mara)).await.unwrap();

        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET email_verified_at = NULL").execute().await.unwrap();
        tx.commit().await.unwrap();
        let unconfirmed = enter(&core, &mut authenticator).await;
        assert!(matches!(unconfirmed, Err(FinishSignInError::NotVerified { email }) if email.as_str() == MARA));
    })
    .await;
}

/// B1: pages of related origins may use the passkeys of this domain, others may not.
#[tokio::test]
async fn related_origins_may_ask() {
    let related = |config: &mut crate::config::Config| {
        config.passkeys.related_origins = vec!["https://nordhavn.example".parse().unwrap()];
    };
    on_both_engines_with(related, async |core| {
        let mara = member(&core, MARA).await;
        let (mut authenticator, _) = key_of(&mara).await;
        authenticator.origin = "https://nordhavn.example".to_owned();
        enter(&core, &mut authenticator).await.unwrap();
        authenticator.origin = "https://sub.nordhavn.example".to_owned();
        assert!(enter(&core, &mut authenticator).await.is_err());
        assert_eq!(related_origins(core.config()), ["https://nordhavn.example"]);
    })
    .await;
}

/// I5: ceremonies are written down for anybody, so their number is limited; so are answers.
#[tokio::test]
async fn ceremonies_are_limited() {
    let limits = |config: &mut crate::config::Config| {
        config.limits.stored_requests_per_minute = 2;
        config.limits.auth_per_minute = 1;
    };
    on_both_engines_with(limits, async |core| {
        let ctx = core.anonymous();
        let ceremony = begin_sign_in(&ctx).await.unwrap();
        begin_sign_in(&ctx).await.unwrap();
        let held = begin_sign_in(&ctx).await;
        assert!(matches!(held, Err(BeginSignInError::TooMany(_))), "{held:?}");
        let said = SoftAuthenticator::new(ORIGIN).get(&ceremony.options);
        let first = finish_sign_in(&ctx, answer(&ceremony, &said)).await;
        assert!(matches!(first, Err(FinishSignInError::Unknown)), "{first:?}");
        let held = finish_sign_in(&ctx, answer(&ceremony, &said)).await;
        assert!(matches!(held, Err(FinishSignInError::TooMany(_))), "{held:?}");
    })
    .await;
}

/// D12: ceremonies that are over are removed.
#[tokio::test]
async fn old_ceremonies_are_removed() {
    on_both_engines(async |core| {
        begin_sign_in(&core.anonymous()).await.unwrap();
        core.clock.advance(MINUTE);
        begin_sign_in(&core.anonymous()).await.unwrap();
        core.clock.advance(4 * MINUTE);
        crate::jobs::clean_up(&core).await.unwrap();
        let mut conn = core.db().read().await.unwrap();
        let left: i64 = conn.query("SELECT COUNT(*) FROM passkey_ceremonies").scalar().await.unwrap();
        assert_eq!(left, 1);
    })
    .await;
}
