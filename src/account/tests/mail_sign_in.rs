//! Signing in by e-mail (B5), and what somebody could try who has no mailbox.

use super::*;
use crate::{
    factor::{Channel, Proof, SecondFactor, SetCodes, set_codes},
    testing::{CODE_SECONDS, TestAuthenticator},
};

const REST: Duration = Duration::from_mins(2);

async fn with_mail(test: impl AsyncFn(TestCore)) {
    on_both_engines_with(|config| config.sign_in.by_email = true, test).await;
}

async fn ask(core: &TestCore, address: &str) -> Result<(), RequestSignInMailError> {
    let cmd = RequestSignInMail { email: email(address), return_to: Some("ost_ix_abc".to_owned()) };
    request_sign_in_mail(&core.anonymous(), cmd).await
}

/// Asks, and gives the mail.
async fn mailed(core: &TestCore) -> TestMail {
    core.clock.advance(REST);
    ask(core, MARA).await.unwrap();
    last_mail(core, "SignInLink").await
}

fn link(mail: &TestMail) -> MailProof {
    MailProof::Link(PlainToken::parse(TokenKind::EmailSignIn, mail.token()).unwrap())
}

fn code(typed: &str) -> MailProof {
    MailProof::Code { email: email(MARA), code: typed.to_owned() }
}

async fn show(core: &TestCore, proof: MailProof) -> Result<SignedInByMail, SignInByMailError> {
    let cmd = SignInByMail { proof, stay: false, kind: SessionKind::Browser };
    sign_in_by_mail(&core.anonymous(), cmd, &[]).await
}

async fn get_in(core: &TestCore, proof: MailProof) -> SignedIn {
    match show(core, proof).await.unwrap().outcome {
        SignInOutcome::SignedIn(signed_in) => signed_in,
        SignInOutcome::SecondFactorRequired(_) => panic!("a second factor is asked for"),
    }
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// B5: off unless the operator turns it on.
#[tokio::test]
async fn it_is_off_by_default() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        assert!(matches!(ask(&core, MARA).await, Err(RequestSignInMailError::Off)));
        assert!(matches!(show(&core, code("417902")).await, Err(SignInByMailError::Off)));
        let token = PlainToken::generate(TokenKind::EmailSignIn, core.entropy());
        assert!(find_sign_in_link(&core.anonymous(), &token).await.unwrap().is_none());
        assert!(!kinds_of_mail(&core).await.contains(&"SignInLink".to_owned()));
    })
    .await;
}

/// B5 B6: link or code open one session, told for what it proves: `otp`, and neither the password nor `mfa`.
#[tokio::test]
async fn link_or_code_sign_in_once() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let mail = mailed(&core).await;
        assert_eq!(mail.to, MARA);
        let typed = mail.code.clone().unwrap();
        assert!(!mail.raw.lines().any(|line| line.starts_with("Subject:") && line.contains(&typed)));
        let MailProof::Link(token) = link(&mail) else { panic!() };
        assert_eq!(find_sign_in_link(&core.anonymous(), &token).await.unwrap().unwrap().email, email(MARA));

        let done = show(&core, link(&mail)).await.unwrap();
        assert_eq!(done.return_to.as_deref(), Some("ost_ix_abc"));
        let SignInOutcome::SignedIn(signed_in) = done.outcome else { panic!() };
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["otp"]);
        assert_eq!(crate::grant::acr_of(&live.actor.amr), None);
        assert!(matches!(show(&core, link(&mail)).await, Err(SignInByMailError::Gone)));
        assert!(matches!(show(&core, code(&typed)).await, Err(SignInByMailError::WrongCode)));
        assert!(find_sign_in_link(&core.anonymous(), &token).await.unwrap().is_none());

        let mail = mailed(&core).await;
        let typed = mail.code.clone().unwrap();
        assert!(matches!(show(&core, code(other_than(&typed))).await, Err(SignInByMailError::WrongCode)));
        get_in(&core, code(&format!(" {} {}", &typed[..3], &typed[3..]))).await;
        assert!(matches!(show(&core, link(&mail)).await, Err(SignInByMailError::Gone)));
        assert_eq!(times_on_record(&core, AuditKind::SignedIn).await, 2);
    })
    .await;
}

/// B5: ten minutes; a newer code takes the place of those before, and none is that of another account or kind.
#[tokio::test]
async fn codes_and_links_do_not_last() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let old = mailed(&core).await;
        let new = mailed(&core).await;
        assert!(matches!(show(&core, code(&old.code.clone().unwrap())).await, Err(SignInByMailError::WrongCode)));
        core.clock.advance(core.config().sign_in.email_ttl);
        assert!(matches!(show(&core, code(&new.code.clone().unwrap())).await, Err(SignInByMailError::WrongCode)));
        assert!(matches!(show(&core, link(&new)).await, Err(SignInByMailError::Gone)));
        for odd in ["", "12345", "1234567", "a\0b", &"9".repeat(10_000)] {
            core.clock.advance(HOUR);
            assert!(matches!(show(&core, code(odd)).await, Err(SignInByMailError::WrongCode)), "{odd:?}");
        }
        forgot_password(&core.anonymous(), ForgotPassword { email: email(MARA), return_to: None }).await.unwrap();
        let reset = last_mail(&core, "ResetPassword").await;
        assert!(PlainToken::parse(TokenKind::EmailSignIn, reset.token()).is_none());
    })
    .await;
}

/// B5 A7: nobody learns who has an account: as many rows, the same answers, and no mail to whom there is none for.
#[tokio::test]
async fn unknown_addresses_are_answered_alike() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let rows = async || {
            let tickets = count(&core, "SELECT COUNT(*) FROM tickets").await;
            (tickets, count(&core, "SELECT COUNT(*) FROM audit").await, core.mails().await.len())
        };
        let before = rows().await;
        ask(&core, "nobody@nordhavn.example").await.unwrap();
        let unknown = rows().await;
        assert_eq!(unknown, (before.0 + 1, before.1 + 1, before.2));
        ask(&core, MARA).await.unwrap();
        assert_eq!(rows().await, (unknown.0 + 1, unknown.1 + 1, unknown.2 + 1));
        let stranger = MailProof::Code { email: email("nobody@nordhavn.example"), code: "000000".to_owned() };
        for _ in 0..8 {
            core.clock.advance(MINUTE);
            assert!(matches!(show(&core, stranger.clone()).await, Err(SignInByMailError::WrongCode)));
        }
    })
    .await;
}

/// B5 A4: whoever did not confirm the address is sent what confirms it: a stranger's password must not come in as well.
#[tokio::test]
async fn an_address_is_confirmed_first() {
    with_mail(async |core| {
        created(register(&core.anonymous(), registration(MARA)).await.unwrap());
        core.clock.advance(REST);
        ask(&core, MARA).await.unwrap();
        assert_eq!(kinds_of_mail(&core).await, ["VerifyEmail", "VerifyEmail"]);
        let typed = last_mail(&core, "VerifyEmail").await.code.unwrap();
        assert!(matches!(show(&core, code(&typed)).await, Err(SignInByMailError::WrongCode)));
    })
    .await;
}

/// B5 B2 B6: whoever has a second factor shows it, and not the mailbox again; with it, it is `mfa`.
#[tokio::test]
async fn a_second_factor_is_still_asked_for() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        set_codes(&as_user(&core, &here), SetCodes { channel: Channel::Email, on: true }).await.unwrap();
        // Codes by e-mail would be the same mailbox twice.
        let here = get_in(&core, link(&mailed(&core).await)).await;
        let app = TestAuthenticator::add(&as_user(&core, &here)).await;
        core.clock.advance(Duration::from_secs(CODE_SECONDS));
        let required = match show(&core, link(&mailed(&core).await)).await.unwrap().outcome {
            SignInOutcome::SecondFactorRequired(required) => required,
            SignInOutcome::SignedIn(_) => panic!("the second factor was skipped"),
        };
        assert_eq!(required.methods, [SecondFactor::Totp, SecondFactor::Recovery]);
        assert_eq!(required.code_sent, None);
        let view = find_pending_sign_in(&core.anonymous(), &required.pending).await.unwrap().unwrap();
        assert_eq!(view.methods, required.methods);
        let send = SendCode { pending: required.pending.clone(), kind: SessionKind::Browser, channel: Channel::Email };
        assert!(matches!(send_code(&core.anonymous(), send).await, Err(SendCodeError::NotOffered)));
        let complete = async |proof| {
            let cmd = CompleteSignIn { pending: required.pending.clone(), kind: SessionKind::Browser, proof };
            complete_sign_in(&core.anonymous(), cmd).await
        };
        let by_mail = complete(Proof::Sent(Channel::Email, SecretString::from("000000"))).await;
        assert!(matches!(by_mail, Err(CompleteSignInError::WrongCode)));
        let signed_in = complete(Proof::Totp(app.code(core.now()))).await.unwrap();
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["otp", "mfa"]);
        assert_eq!(crate::grant::acr_of(&live.actor.amr), Some(crate::grant::ACR_MFA));
    })
    .await;
}

/// B5 A8: what was mailed before the account changed opens nothing afterwards.
#[tokio::test]
async fn a_change_of_the_account_closes_the_link() {
    with_mail(async |core| {
        let id = member(&core, MARA).await;
        let mail = mailed(&core).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let cmd = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        change_password(&as_user(&core, &here), cmd).await.unwrap();
        assert!(matches!(show(&core, link(&mail)).await, Err(SignInByMailError::Gone)));
        let mail = mailed(&core).await;
        disable_user(&core.operator(), id).await.unwrap();
        assert!(matches!(show(&core, link(&mail)).await, Err(SignInByMailError::Gone)));
        core.clock.advance(REST);
        let before = kinds_of_mail(&core).await.len();
        ask(&core, MARA).await.unwrap();
        assert_eq!(kinds_of_mail(&core).await.len(), before);
    })
    .await;
}

/// B5 A7: a hundred wrong codes at once count five, and the pause holds up code and link; the owner is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_a_mailed_code_are_counted() {
    on_both_engines_with(
        |config| {
            config.sign_in.by_email = true;
            config.verification.code_attempts = 1_000;
        },
        async |core| {
            let id = member(&core, MARA).await;
            let mail = mailed(&core).await;
            let typed = mail.code.clone().unwrap();
            let job = || {
                let ctx = core.anonymous();
                let cmd = SignInByMail { proof: code(other_than(&typed)), stay: false, kind: SessionKind::Browser };
                async move { sign_in_by_mail(&ctx, cmd, &[]).await }
            };
            assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 0);
            let user = user(&core, id).await;
            assert_eq!(user.failures, 5);
            assert!(user.is_locked(core.now()));
            assert!(matches!(show(&core, code(&typed)).await, Err(SignInByMailError::WrongCode)));
            assert!(matches!(show(&core, link(&mail)).await, Err(SignInByMailError::TooMany(_))));
            assert!(kinds_of_mail(&core).await.contains(&"AccountLocked".to_owned()));
        },
    )
    .await;
}

/// B5: however many come at once, one mail gets one in.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_mail_opens_once() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let mail = mailed(&core).await;
        let job = || {
            let ctx = core.anonymous();
            let cmd = SignInByMail { proof: link(&mail), stay: false, kind: SessionKind::Browser };
            async move { sign_in_by_mail(&ctx, cmd, &[]).await }
        };
        assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 1);
    })
    .await;
}

/// B5: nobody's mailbox is filled by strangers.
#[tokio::test]
async fn mails_to_sign_in_are_limited() {
    with_mail(async |core| {
        member(&core, MARA).await;
        let sent = async || kinds_of_mail(&core).await.iter().filter(|kind| *kind == "SignInLink").count();
        ask(&core, MARA).await.unwrap();
        ask(&core, MARA).await.unwrap();
        assert_eq!(sent().await, 1);
        for _ in 0..40 {
            core.clock.advance(REST);
            ask(&core, MARA).await.unwrap();
        }
        assert_eq!(sent().await, 20);
    })
    .await;
}
