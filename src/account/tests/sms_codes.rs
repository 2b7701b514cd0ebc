//! Codes by SMS as a second factor (B4).

use super::*;
use crate::{
    config::{Config, SmsProvider},
    factor::{Channel, CodesView, Proof, SecondFactor, SetCodes, SetCodesError, list_factors, set_codes},
    phone::remove_phone,
    testing::TestSms,
};

const NUMBER: &str = "+4520123442";
const ON: SetCodes = SetCodes { channel: Channel::Sms, on: true };

fn by_file(config: &mut Config) {
    config.sms.provider = SmsProvider::File;
}

/// Somebody who has a number and lets themselves be sent codes there, and the session they turned it on in.
async fn member_with_sms(core: &TestCore) -> SignedIn {
    member(core, MARA).await;
    let here = enter(core, MARA, PASSWORD).await.unwrap();
    let ctx = as_user(core, &here);
    TestSms::confirm_number(&ctx, NUMBER).await;
    core.clock.advance(Duration::from_millis(2));
    set_codes(&ctx, ON).await.unwrap();
    here
}

async fn knock(core: &TestCore) -> SecondFactorRequired {
    core.clock.advance(Duration::from_millis(2));
    match super::super::sign_in(&core.anonymous(), attempt(MARA, PASSWORD)).await.unwrap() {
        SignInOutcome::SecondFactorRequired(required) => required,
        SignInOutcome::SignedIn(_) => panic!("the second factor was skipped"),
    }
}

fn shown(pending: &PlainToken, typed: &str) -> CompleteSignIn {
    let proof = Proof::Sent(Channel::Sms, SecretString::from(typed));
    CompleteSignIn { pending: pending.clone(), kind: SessionKind::Browser, proof }
}

async fn show(core: &TestCore, pending: &PlainToken, typed: &str) -> Result<SignedIn, CompleteSignInError> {
    complete_sign_in(&core.anonymous(), shown(pending, typed)).await
}

async fn newest(core: &TestCore) -> TestSms {
    core.text_messages().await.pop().unwrap()
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// B4 B6: the code reaches the number, opens one session, once, and is told for what it is: `otp`, `sms`, and another kind
/// of proof than the password. Whoever knows the password alone learns two digits of the number.
#[tokio::test]
async fn a_code_from_the_message_completes_a_sign_in() {
    on_both_engines_with(by_file, async |core| {
        member_with_sms(&core).await;
        let asked = knock(&core).await;
        assert_eq!((asked.methods.as_slice(), asked.code_sent), (&[SecondFactor::Sms][..], Some(Channel::Sms)));
        let sms = newest(&core).await;
        let code = sms.code.clone();
        assert_eq!(sms.to, NUMBER);
        let expected = format!("{code} is your code to sign in to Ostiary. Give it to nobody.\n\n@localhost #{code}");
        assert_eq!(sms.text, expected);
        assert!(!kinds_of_mail(&core).await.contains(&"SignInCode".to_owned()));
        let view = find_pending_sign_in(&core.anonymous(), &asked.pending).await.unwrap().unwrap();
        assert_eq!((view.code_sent, view.phone_ending.as_deref()), (Some(Channel::Sms), Some("42")));

        assert!(matches!(show(&core, &asked.pending, other_than(&code)).await, Err(CompleteSignInError::WrongCode)));
        // A code that came as a message is none that came by mail.
        let proof = Proof::Sent(Channel::Email, SecretString::from(code.as_str()));
        let mailed = CompleteSignIn { proof, ..shown(&asked.pending, &code) };
        assert!(matches!(complete_sign_in(&core.anonymous(), mailed).await, Err(CompleteSignInError::WrongCode)));
        let signed_in = show(&core, &asked.pending, &code).await.unwrap();
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["pwd", "otp", "sms", "mfa"]);
        assert_eq!(crate::grant::acr_of(&live.actor.amr), Some(crate::grant::ACR_MFA));
        assert!(matches!(show(&core, &asked.pending, &code).await, Err(CompleteSignInError::Gone)));
        assert!(matches!(
            list_factors(&as_user(&core, &signed_in)).await.unwrap().sms_codes,
            CodesView::On { last_used_at: Some(_), .. }
        ));
        let data = export_account(&as_user(&core, &signed_in)).await.unwrap();
        assert!(data["smsCodes"]["addedAt"].is_string());
    })
    .await;
}

/// B4 A7: wrong codes count with wrong passwords, however many are tried at once; during the pause none is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_codes_pause_the_sign_in() {
    on_both_engines_with(by_file, async |core| {
        let here = member_with_sms(&core).await;
        let asked = knock(&core).await;
        let code = newest(&core).await.code;
        let sent = core.text_messages().await.len();
        let job = || {
            let (ctx, cmd) = (core.anonymous(), shown(&asked.pending, other_than(&code)));
            async move { complete_sign_in(&ctx, cmd).await }
        };
        assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 0);
        let owner = user(&core, here.user_id).await;
        assert!(owner.failures == 5 && owner.is_locked(core.now()));
        assert!(matches!(show(&core, &asked.pending, &code).await, Err(CompleteSignInError::TooMany(_))));
        let cmd = SendCode { pending: asked.pending, kind: SessionKind::Browser, channel: Channel::Sms };
        assert!(matches!(send_code(&core.anonymous(), cmd).await, Err(SendCodeError::TooMany(_))));
        assert_eq!(core.text_messages().await.len(), sent);
    })
    .await;
}

/// B4 A8: with another number codes go there, and what waited for the old one is void; without any, nobody is asked.
#[tokio::test]
async fn codes_go_to_the_number_of_the_day() {
    on_both_engines_with(by_file, async |core| {
        let here = member_with_sms(&core).await;
        let ctx = as_user(&core, &here);
        let before = knock(&core).await;
        let old = newest(&core).await.code;
        core.clock.advance(Duration::from_millis(2));
        TestSms::confirm_number(&ctx, "+4611111177").await;
        assert!(matches!(show(&core, &before.pending, &old).await, Err(CompleteSignInError::Gone)));
        let asked = knock(&core).await;
        let sms = newest(&core).await;
        assert_eq!((asked.methods.as_slice(), sms.to.as_str()), (&[SecondFactor::Sms][..], "+4611111177"));
        remove_phone(&ctx).await.unwrap();
        assert!(matches!(show(&core, &asked.pending, &sms.code).await, Err(CompleteSignInError::Gone)));
        assert_eq!(times_on_record(&core, AuditKind::SmsCodesOff).await, 1);
        let without = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        assert!(matches!(set_codes(&without, ON).await, Err(SetCodesError::Unavailable)), "no number");
        // They do not come back with the next number by themselves.
        TestSms::confirm_number(&without, NUMBER).await;
        assert_eq!(list_factors(&without).await.unwrap().sms_codes, CodesView::Off);
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// B4: nobody is asked for a code that cannot come: where no messages are sent any more, or the number is not confirmed.
#[tokio::test]
async fn nobody_is_asked_for_what_cannot_come() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let mut tx = core.db().write().await.unwrap();
        tx.query("INSERT INTO code_channels (user_id, channel, added_at) VALUES ($1, 'sms', 1)")
            .bind(id)
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        assert!(matches!(set_codes(&ctx, ON).await, Err(SetCodesError::Unavailable)));
        assert_eq!(list_factors(&ctx).await.unwrap().sms_codes, CodesView::Unavailable);
    })
    .await;
    on_both_engines_with(by_file, async |core| {
        let id = member(&core, MARA).await;
        let mut tx = core.db().write().await.unwrap();
        tx.query("INSERT INTO code_channels (user_id, channel, added_at) VALUES ($1, 'sms', 1)")
            .bind(id)
            .execute()
            .await
            .unwrap();
        tx.query("UPDATE users SET profile = $2 WHERE id = $1")
            .bind(id)
            .bind(sqlx::types::Json(serde_json::json!({ "phone_number": NUMBER })))
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// B4 B6: a telephone is offered before the mailbox, and reaches what asks for two kinds of proof; messages have a limit,
/// after which the password still leads on.
#[tokio::test]
async fn a_telephone_is_another_kind_of_proof() {
    on_both_engines_with(
        |config| {
            by_file(config);
            config.limits.sms_per_hour = 3;
        },
        async |core| {
            let here = member_with_sms(&core).await;
            let ctx = as_user(&core, &here);
            set_codes(&ctx, SetCodes { channel: Channel::Email, on: true }).await.unwrap();
            let asked = knock(&core).await;
            assert_eq!(asked.methods, [SecondFactor::Sms, SecondFactor::Email]);
            let least = BeginStepUp { least: Least::Mfa, stay: false };
            let stepped = begin_step_up(&ctx, least).await.unwrap();
            assert_eq!((stepped.methods.as_slice(), stepped.code_sent), (&[SecondFactor::Sms][..], Some(Channel::Sms)));
            let least = BeginStepUp { least: Least::PhishingResistant, stay: false };
            assert!(matches!(begin_step_up(&ctx, least).await, Err(BeginStepUpError::NoStep)));
            // The number to confirm was the first, these two the others.
            let fourth = knock(&core).await;
            assert_eq!((fourth.methods[0], fourth.code_sent), (SecondFactor::Sms, None));
            let cmd = SendCode { pending: fourth.pending, kind: SessionKind::Browser, channel: Channel::Sms };
            assert!(matches!(send_code(&core.anonymous(), cmd).await, Err(SendCodeError::TooMany(_))));
            assert_eq!(core.text_messages().await.len(), 3);
        },
    )
    .await;
}
