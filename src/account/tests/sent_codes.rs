//! Codes by e-mail as a second factor (B4), and what somebody could try who knows the password alone.

use super::*;
use crate::{
    factor::{Channel, CodesView, Proof, SecondFactor, SetCodes, SetCodesError, list_factors, set_codes},
    testing::{CODE_SECONDS, TestAuthenticator},
};

const STEP: Duration = Duration::from_secs(CODE_SECONDS);
const ON: SetCodes = SetCodes { channel: Channel::Email, on: true };
const OFF: SetCodes = SetCodes { channel: Channel::Email, on: false };

/// Somebody who lets themselves be sent codes, and the session they turned it on in.
async fn member_with_codes(core: &TestCore) -> SignedIn {
    member(core, MARA).await;
    let here = enter(core, MARA, PASSWORD).await.unwrap();
    set_codes(&as_user(core, &here), ON).await.unwrap();
    here
}

/// The right password.
async fn knock(core: &TestCore) -> SecondFactorRequired {
    match super::super::sign_in(&core.anonymous(), attempt(MARA, PASSWORD)).await.unwrap() {
        SignInOutcome::SecondFactorRequired(required) => required,
        SignInOutcome::SignedIn(_) => panic!("the second factor was skipped"),
    }
}

async fn send(core: &TestCore, pending: &PlainToken, channel: Channel) -> Result<(), SendCodeError> {
    let cmd = SendCode { pending: pending.clone(), kind: SessionKind::Browser, channel };
    send_code(&core.anonymous(), cmd).await
}

async fn newest_code(core: &TestCore) -> String {
    last_mail(core, "SignInCode").await.code.unwrap()
}

async fn codes_sent(core: &TestCore) -> usize {
    kinds_of_mail(core).await.iter().filter(|kind| *kind == "SignInCode").count()
}

async fn show(core: &TestCore, pending: &PlainToken, typed: &str) -> Result<SignedIn, CompleteSignInError> {
    let proof = Proof::Sent(Channel::Email, SecretString::from(typed));
    let cmd = CompleteSignIn { pending: pending.clone(), kind: SessionKind::Browser, proof };
    complete_sign_in(&core.anonymous(), cmd).await
}

/// A code that is none of these.
fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// B4 B6: the code is sent to the address, opens one session, once, and is told for what it proves: `otp`, and no `mfa`.
#[tokio::test]
async fn a_code_from_the_mail_completes_a_sign_in() {
    on_both_engines(async |core| {
        member_with_codes(&core).await;
        let asked = knock(&core).await;
        assert_eq!((asked.methods.as_slice(), asked.code_sent), (&[SecondFactor::Email][..], Some(Channel::Email)));
        let mail = last_mail(&core, "SignInCode").await;
        assert_eq!(mail.to, MARA);
        let code = mail.code.unwrap();
        assert!(!mail.raw.lines().any(|line| line.starts_with("Subject:") && line.contains(&code)));
        let view = find_pending_sign_in(&core.anonymous(), &asked.pending).await.unwrap().unwrap();
        assert_eq!(view.code_sent, Some(Channel::Email));

        let wrong = show(&core, &asked.pending, other_than(&code)).await;
        assert!(matches!(wrong, Err(CompleteSignInError::WrongCode)));
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        let signed_in = show(&core, &asked.pending, &spaced).await.unwrap();
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["pwd", "otp"]);
        assert_eq!(crate::grant::acr_of(&live.actor.amr), Some(crate::grant::ACR_PASSWORD));
        assert!(matches!(show(&core, &asked.pending, &code).await, Err(CompleteSignInError::Gone)));
        let left = count(&core, "SELECT COUNT(*) FROM sent_codes").await;
        assert_eq!(left, 0);
    })
    .await;
}

/// B4: a code is good for the sign-in it was asked for, for ten minutes, and until another one is sent.
#[tokio::test]
async fn a_code_is_good_for_one_sign_in() {
    on_both_engines(async |core| {
        member_with_codes(&core).await;
        let mine = knock(&core).await;
        core.clock.advance(STEP);
        let theirs = knock(&core).await;
        let code = newest_code(&core).await;
        assert!(matches!(show(&core, &mine.pending, &code).await, Err(CompleteSignInError::WrongCode)));
        // Another one takes its place.
        core.clock.advance(MINUTE);
        send(&core, &theirs.pending, Channel::Email).await.unwrap();
        let newer = newest_code(&core).await;
        assert!(matches!(show(&core, &theirs.pending, &code).await, Err(CompleteSignInError::WrongCode)));
        show(&core, &theirs.pending, &newer).await.unwrap();
        // No code of an app, no text, no number of digits passes for it.
        for odd in ["", "12345", &format!("{newer}0"), "١٢٣٤٥٦", "a\0b", &"9".repeat(10_000)] {
            let asked = knock(&core).await;
            assert!(matches!(show(&core, &asked.pending, odd).await, Err(CompleteSignInError::WrongCode)), "{odd:?}");
            core.clock.advance(HOUR);
        }
        let late = knock(&core).await;
        let code = newest_code(&core).await;
        core.clock.advance(PENDING_LIFE);
        assert!(matches!(show(&core, &late.pending, &code).await, Err(CompleteSignInError::Gone)));
        assert!(matches!(send(&core, &late.pending, Channel::Email).await, Err(SendCodeError::Gone)));
        // Through the API what was begun in a browser is not there.
        let asked = knock(&core).await;
        let cmd = SendCode { pending: asked.pending, kind: SessionKind::Api, channel: Channel::Email };
        assert!(matches!(send_code(&core.anonymous(), cmd).await, Err(SendCodeError::Gone)));
    })
    .await;
}

/// B4 A7: wrong codes of whatever kind are counted with the wrong passwords; a hundred at once count five and no more, and
/// during the pause none is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_all_counted() {
    on_both_engines(async |core| {
        let here = member_with_codes(&core).await;
        let asked = knock(&core).await;
        let code = newest_code(&core).await;
        let job = || {
            let ctx = core.anonymous();
            let proof = Proof::Sent(Channel::Email, SecretString::from(other_than(&code)));
            let cmd = CompleteSignIn { pending: asked.pending.clone(), kind: SessionKind::Browser, proof };
            async move { complete_sign_in(&ctx, cmd).await }
        };
        assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 0);
        let user = user(&core, here.user_id).await;
        assert_eq!(user.failures, 5);
        assert!(user.is_locked(core.now()));
        assert!(matches!(send(&core, &asked.pending, Channel::Email).await, Err(SendCodeError::TooMany(_))));
        assert!(matches!(show(&core, &asked.pending, &code).await, Err(CompleteSignInError::TooMany(_))));
        assert_eq!(codes_sent(&core).await, 1);
    })
    .await;
}

/// B4: however many ask at once, one code gets one in.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_opens_once() {
    on_both_engines_with(
        |config| config.lockout.attempts = 1_000,
        async |core| {
            member_with_codes(&core).await;
            let asked = knock(&core).await;
            let code = newest_code(&core).await;
            let job = || {
                let ctx = core.anonymous();
                let proof = Proof::Sent(Channel::Email, SecretString::from(code.as_str()));
                let cmd = CompleteSignIn { pending: asked.pending.clone(), kind: SessionKind::Browser, proof };
                async move { complete_sign_in(&ctx, cmd).await }
            };
            assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 1);
        },
    )
    .await;
}

/// B4: nobody's mailbox is filled, by however many sign-ins; the password alone still leads to the next step.
#[tokio::test]
async fn sending_has_a_limit_for_each_recipient() {
    let core = TestCore::sqlite_with(|config| config.limits.codes_per_hour = 3).await;
    member_with_codes(&core).await;
    let first = knock(&core).await;
    send(&core, &first.pending, Channel::Email).await.unwrap();
    assert_eq!(knock(&core).await.code_sent, Some(Channel::Email));
    let fourth = knock(&core).await;
    assert_eq!(fourth.code_sent, None);
    assert!(matches!(send(&core, &fourth.pending, Channel::Email).await, Err(SendCodeError::TooMany(_))));
    assert_eq!(codes_sent(&core).await, 3);
    // What was sent in time is still good.
    assert!(show(&core, &fourth.pending, "000000").await.is_err());
}

/// B4: with an app there are two ways, the one used last first; no code is sent unasked where the app comes first. Who has a
/// code of the mailbox only does not get past an application that asks for two kinds.
#[tokio::test]
async fn the_way_used_last_is_offered_first() {
    on_both_engines(async |core| {
        let here = member_with_codes(&core).await;
        let app = TestAuthenticator::add(&as_user(&core, &here)).await;
        let sent = codes_sent(&core).await;
        let asked = knock(&core).await;
        assert_eq!(asked.methods, [SecondFactor::Totp, SecondFactor::Email, SecondFactor::Recovery]);
        assert_eq!((asked.code_sent, codes_sent(&core).await), (None, sent));
        assert!(matches!(send(&core, &asked.pending, Channel::Sms).await, Err(SendCodeError::NotOffered)));
        send(&core, &asked.pending, Channel::Email).await.unwrap();
        show(&core, &asked.pending, &newest_code(&core).await).await.unwrap();

        core.clock.advance(MINUTE);
        let asked = knock(&core).await;
        assert_eq!(asked.methods, [SecondFactor::Email, SecondFactor::Totp, SecondFactor::Recovery]);
        core.clock.advance(STEP);
        let proof = Proof::Totp(app.code(core.now()));
        let cmd = CompleteSignIn { pending: asked.pending, kind: SessionKind::Browser, proof };
        let signed_in = complete_sign_in(&core.anonymous(), cmd).await.unwrap();
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["pwd", "otp", "mfa"]);
        assert_eq!(knock(&core).await.methods[0], SecondFactor::Totp);
    })
    .await;
}

/// B4 B9 A8: turning it on or off ends other sessions and is told by mail; only somebody with a recent sign-in can, and only
/// where the instance sends codes.
#[tokio::test]
async fn codes_are_chosen_by_whoever_they_are_for() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let ctx = as_user(&core, &here);
        assert_eq!(list_factors(&ctx).await.unwrap().email_codes, CodesView::Off);
        set_codes(&ctx, OFF).await.unwrap();
        assert!(is_alive(&core, elsewhere.session_id).await, "nothing changed");
        set_codes(&ctx, ON).await.unwrap();
        set_codes(&ctx, ON).await.unwrap();
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert!(is_alive(&core, here.session_id).await);
        assert_eq!(times_on_record(&core, AuditKind::EmailCodesOn).await, 1);
        last_mail(&core, "CodesSet").await;
        assert!(matches!(list_factors(&ctx).await.unwrap().email_codes, CodesView::On { .. }));

        let nobody = set_codes(&core.anonymous(), ON).await;
        assert!(matches!(nobody, Err(SetCodesError::Denied(_))));
        core.clock.advance(10 * MINUTE);
        assert!(matches!(set_codes(&ctx, OFF).await, Err(SetCodesError::SignInAgain)));
        let asked = knock(&core).await;
        let back = show(&core, &asked.pending, &newest_code(&core).await).await.unwrap();
        set_codes(&as_user(&core, &back), OFF).await.unwrap();
        assert_eq!(times_on_record(&core, AuditKind::EmailCodesOff).await, 1);
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// B4: an instance that sends no codes asks nobody for one, whoever chose it before.
#[tokio::test]
async fn an_instance_may_send_none() {
    on_both_engines_with(
        |config| config.second_factors.email = false,
        async |core| {
            member(&core, MARA).await;
            let here = enter(&core, MARA, PASSWORD).await.unwrap();
            let ctx = as_user(&core, &here);
            assert!(matches!(set_codes(&ctx, ON).await, Err(SetCodesError::Unavailable)));
            assert_eq!(list_factors(&ctx).await.unwrap().email_codes, CodesView::Unavailable);
            let mut tx = core.db().write().await.unwrap();
            tx.query("INSERT INTO code_channels (user_id, channel, added_at) VALUES ($1, 'email', 1)")
                .bind(here.user_id)
                .execute()
                .await
                .unwrap();
            tx.commit().await.unwrap();
            enter(&core, MARA, PASSWORD).await.unwrap();
        },
    )
    .await;
}
