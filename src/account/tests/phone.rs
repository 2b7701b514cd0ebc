//! A9: the telephone number, and everything somebody could try with it.

use super::*;
use crate::{
    config::SmsProvider,
    factor::{Channel, SetCodes, set_codes},
    phone::{
        ConfirmPhone, ConfirmPhoneError, PhoneNumber, RemovePhoneError, RequestPhone, RequestPhoneError, confirm_phone,
        find_phone, remove_phone, request_phone,
    },
    testing::TestSms,
};

const NUMBER: &str = "+4520123442";
const OTHER_NUMBER: &str = "+4611111177";

fn by_file(config: &mut crate::config::Config) {
    config.sms.provider = SmsProvider::File;
}

async fn ask(ctx: &Ctx, number: &str) -> Result<(), RequestPhoneError> {
    request_phone(ctx, RequestPhone { number: PhoneNumber::try_from(number).unwrap() }).await
}

async fn show(ctx: &Ctx, code: &str) -> Result<PhoneNumber, ConfirmPhoneError> {
    confirm_phone(ctx, ConfirmPhone { code: code.to_owned() }).await
}

async fn newest(core: &TestCore) -> TestSms {
    core.text_messages().await.pop().unwrap()
}

async fn inside(core: &TestCore, address: &str) -> (Ctx, UserId) {
    // Mails of one moment have no order.
    core.clock.advance(Duration::from_millis(2));
    let id = member(core, address).await;
    (as_user(core, &enter(core, address, PASSWORD).await.unwrap()), id)
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// B9 B4: a number that somebody else put into the account, who turned codes to it on, is gone when its owner shuts them out; one
/// that was there before stays.
#[tokio::test]
async fn a_strangers_number_is_shut_out() {
    on_both_engines_with(by_file, async |core| {
        let (ctx, id) = inside(&core, MARA).await;
        ask(&ctx, NUMBER).await.unwrap();
        show(&ctx, &newest(&core).await.code).await.unwrap();
        let before = last_mail(&core, "PhoneChanged").await;
        core.clock.advance(MINUTE);
        // The session went on under a new stamp.
        set_codes(&ctx, SetCodes { channel: Channel::Sms, on: true }).await.unwrap();
        let later = last_mail(&core, "CodesSet").await;
        let out = async |mail: &TestMail| {
            let token = PlainToken::parse(TokenKind::ShutOut, mail.token()).unwrap();
            shut_out(&core.anonymous(), ShutOut { token }).await.unwrap();
            let user = user(&core, id).await;
            user.claim("phone_number").to_owned()
        };
        assert_eq!(out(&later).await, NUMBER);
        assert_eq!(out(&before).await, "");
        assert_eq!(count(&core, "SELECT COUNT(*) FROM code_channels").await, 0);
    })
    .await;
}

/// A9 A8 B9: a number is the account's when its code is typed, once; other sessions end, the owner is told.
#[tokio::test]
async fn a_number_is_added_when_its_code_is_typed() {
    on_both_engines_with(by_file, async |core| {
        let (ctx, id) = inside(&core, MARA).await;
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();
        ask(&ctx, "+45 20 12 34 42").await.unwrap();
        let sms = newest(&core).await;
        assert_eq!(sms.to, NUMBER);
        let view = find_phone(&ctx).await.unwrap();
        assert_eq!(
            (view.number, view.waiting.map(|waiting| waiting.number.to_string())),
            (None, Some(NUMBER.to_owned()))
        );
        assert_eq!(user(&core, id).await.verified_phone(), None, "nothing changed yet");

        assert!(matches!(show(&ctx, other_than(&sms.code)).await, Err(ConfirmPhoneError::WrongCode)));
        for odd in ["", "12345", "1234567", "12345x", "١٢٣٤٥٦", "123\u{0}456"] {
            assert!(matches!(show(&ctx, odd).await, Err(ConfirmPhoneError::WrongCode)), "{odd:?}");
        }
        let spaced = format!(" {} {}", &sms.code[..3], &sms.code[3..]);
        assert_eq!(show(&ctx, &spaced).await.unwrap().as_str(), NUMBER);
        let after = user(&core, id).await;
        assert_eq!((after.claim("phone_number"), &after.profile["phone_number_verified"]), (NUMBER, &true.into()));
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert!(is_alive(&core, ctx.user().unwrap().session_id).await);
        let mail = last_mail(&core, "PhoneChanged").await;
        assert!(mail.to == MARA && mail.raw.contains("ends in 42") && !mail.raw.contains("20123442"));
        assert_eq!(times_on_record(&core, AuditKind::PhoneCodeSent).await, 1);
        assert_eq!(times_on_record(&core, AuditKind::PhoneChanged).await, 1);
        // Used once.
        assert!(matches!(show(&ctx, &sms.code).await, Err(ConfirmPhoneError::Unknown)));
        assert!(matches!(ask(&ctx, NUMBER).await, Err(RequestPhoneError::Same)));
        // What an account says of its owner otherwise leaves it alone.
        let cmd = UpdateProfile { user_id: id, display_name: None, profile: Profile::default(), version: None };
        assert_eq!(update_profile(&ctx, cmd).await.unwrap().claim("phone_number"), NUMBER);
    })
    .await;
}

/// A9: a code is of use to whom it was sent for, for ten minutes, and until another one is sent.
#[tokio::test]
async fn a_code_is_of_one_account_and_one_number() {
    on_both_engines_with(by_file, async |core| {
        let (mara, id) = inside(&core, MARA).await;
        let (aiko, _) = inside(&core, "aiko@nordhavn.example").await;
        ask(&mara, NUMBER).await.unwrap();
        let hers = newest(&core).await.code;
        assert!(matches!(show(&aiko, &hers).await, Err(ConfirmPhoneError::Unknown)));
        core.clock.advance(Duration::from_millis(2));
        ask(&aiko, NUMBER).await.unwrap();
        let theirs = newest(&core).await.code;
        assert!(hers == theirs || matches!(show(&aiko, &hers).await, Err(ConfirmPhoneError::WrongCode)));
        // Another number takes the place of the first.
        core.clock.advance(Duration::from_millis(2));
        ask(&mara, OTHER_NUMBER).await.unwrap();
        let newer = newest(&core).await.code;
        assert!(hers == newer || matches!(show(&mara, &hers).await, Err(ConfirmPhoneError::WrongCode)));
        core.clock.advance(10 * MINUTE);
        assert!(matches!(show(&aiko, &theirs).await, Err(ConfirmPhoneError::Unknown)), "ten minutes");
        assert_eq!(show(&mara, &newer).await.unwrap_err().to_string(), "this code was used or is too old");
        assert_eq!(user(&core, id).await.verified_phone(), None);
        crate::jobs::clean_up(&core).await.unwrap();
        core.clock.advance(MINUTE);
        crate::jobs::clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM phone_proofs").await, 0, "numbers of nobody are not kept");
    })
    .await;
}

/// A9 B4: a hundred guesses at once are ten, and a hundred right codes at once are one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_all_counted() {
    on_both_engines_with(by_file, async |core| {
        let (ctx, id) = inside(&core, MARA).await;
        ask(&ctx, NUMBER).await.unwrap();
        let code = newest(&core).await.code;
        let guess = |typed: String| {
            let ctx = ctx.clone();
            move || {
                let (ctx, typed) = (ctx.clone(), typed.clone());
                async move { confirm_phone(&ctx, ConfirmPhone { code: typed }).await }
            }
        };
        let wrong = |done: Result<_, _>| matches!(done, Err(ConfirmPhoneError::WrongCode));
        assert_eq!(super::concurrency::race(guess(other_than(&code).to_owned()), wrong).await, 10);
        assert!(matches!(show(&ctx, &code).await, Err(ConfirmPhoneError::Unknown)));
        assert_eq!(user(&core, id).await.verified_phone(), None);

        core.clock.advance(MINUTE);
        ask(&ctx, NUMBER).await.unwrap();
        let code = newest(&core).await.code;
        assert_eq!(super::concurrency::race(guess(code), |done| done.is_ok()).await, 1);
        assert_eq!(times_on_record(&core, AuditKind::PhoneChanged).await, 1);
    })
    .await;
}

/// A9 B6: only somebody who proved lately who they are changes or removes it, and only where messages are sent is one added;
/// removing works everywhere.
#[tokio::test]
async fn a_number_is_changed_by_its_owner() {
    on_both_engines_with(
        |config| {
            by_file(config);
            config.sms.prefixes = vec!["+45".to_owned(), "+46".to_owned()];
        },
        async |core| {
            let (ctx, id) = inside(&core, MARA).await;
            assert!(matches!(remove_phone(&ctx).await, Err(RemovePhoneError::NotFound)));
            assert!(matches!(ask(&ctx, "+1 900 555 0100").await, Err(RequestPhoneError::NotServed)));
            let nobody = core.anonymous();
            assert!(matches!(ask(&nobody, NUMBER).await, Err(RequestPhoneError::Denied(_))));
            assert!(matches!(show(&nobody, "123456").await, Err(ConfirmPhoneError::Denied(_))));
            assert!(matches!(remove_phone(&nobody).await, Err(RemovePhoneError::Denied(_))));
            TestSms::confirm_number(&ctx, NUMBER).await;
            TestSms::confirm_number(&ctx, OTHER_NUMBER).await;
            assert_eq!(user(&core, id).await.claim("phone_number"), OTHER_NUMBER);
            core.clock.advance(10 * MINUTE);
            assert!(matches!(ask(&ctx, NUMBER).await, Err(RequestPhoneError::SignInAgain)));
            assert!(matches!(remove_phone(&ctx).await, Err(RemovePhoneError::SignInAgain)));
            let back = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
            ask(&back, NUMBER).await.unwrap();
            let code = newest(&core).await.code;
            remove_phone(&back).await.unwrap();
            assert!(matches!(show(&back, &code).await, Err(ConfirmPhoneError::Unknown)), "nothing waits any more");
            let after = user(&core, id).await;
            assert_eq!((after.verified_phone(), after.claim("phone_number")), (None, ""));
            assert!(last_mail(&core, "PhoneChanged").await.raw.contains("was removed"));
            assert_eq!(times_on_record(&core, AuditKind::PhoneRemoved).await, 1);
        },
    )
    .await;
    on_both_engines(async |core| {
        let (ctx, id) = inside(&core, MARA).await;
        assert!(matches!(ask(&ctx, NUMBER).await, Err(RequestPhoneError::Unavailable)));
        let mut tx = core.db().write().await.unwrap();
        let profile = serde_json::json!({ "phone_number": NUMBER });
        let owner = user(&core, id).await;
        assert!(super::super::credentials::set_claims(&mut tx, &ctx, &owner, profile).await.unwrap());
        tx.commit().await.unwrap();
        let view = find_phone(&ctx).await.unwrap();
        assert_eq!((view.number.as_deref(), view.is_verified, view.is_offered), (Some(NUMBER), false, false));
        remove_phone(&ctx).await.unwrap();
    })
    .await;
}

/// B4: messages are counted for each number across accounts, for each account across numbers, and for each address.
#[tokio::test]
async fn sending_has_three_limits() {
    let limited = |number: u32, address: u32| {
        TestCore::sqlite_with(move |config| {
            by_file(config);
            config.limits.sms_per_hour = number;
            config.limits.sms_per_hour_from_address = address;
        })
    };
    let is_held = |done: Result<(), RequestPhoneError>| matches!(done, Err(RequestPhoneError::TooMany(_)));
    let core = limited(2, 0).await;
    let (mara, _) = inside(&core, MARA).await;
    let (aiko, _) = inside(&core, "aiko@nordhavn.example").await;
    ask(&mara, NUMBER).await.unwrap();
    ask(&aiko, NUMBER).await.unwrap();
    assert!(is_held(ask(&aiko, NUMBER).await), "the number");
    let (other, _) = inside(&core, "other@nordhavn.example").await;
    ask(&other, OTHER_NUMBER).await.unwrap();
    ask(&other, "+4511111112").await.unwrap();
    assert!(is_held(ask(&other, "+4511111113").await), "the account");
    assert_eq!(core.text_messages().await.len(), 4);
    let core = limited(0, 2).await;
    for (n, address) in ["a@nordhavn.example", "b@nordhavn.example", "c@nordhavn.example"].into_iter().enumerate() {
        let (ctx, _) = inside(&core, address).await;
        assert_eq!(is_held(ask(&ctx, &format!("+451111111{n}")).await), n == 2, "the address");
    }
}

/// A10: what is kept can be taken away.
#[tokio::test]
async fn the_number_is_in_ones_data() {
    let core = TestCore::sqlite_with(by_file).await;
    let (ctx, _) = inside(&core, MARA).await;
    TestSms::confirm_number(&ctx, NUMBER).await;
    let data = export_account(&ctx).await.unwrap();
    assert_eq!(data["account"]["profile"]["phone_number"], NUMBER);
    assert_eq!(data["account"]["profile"]["phone_number_verified"], true);
    assert_eq!(data["smsCodes"], serde_json::Value::Null);
}
