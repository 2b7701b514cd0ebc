use super::*;

fn code_of(mail: &TestMail) -> String {
    mail.code.clone().unwrap()
}

fn wrong(code: &str) -> String {
    if code == "123456" { "654321" } else { "123456" }.to_owned()
}

async fn by_code(core: &TestCore, typed: &str) -> Result<EmailVerified, VerifyEmailError> {
    let cmd = VerifyEmail::Code { email: email(MARA), code: typed.to_owned() };
    verify_email(&core.anonymous(), cmd).await
}

/// A4: the link works once, and looking at it uses nothing up.
#[tokio::test]
async fn a_link_works_once() {
    on_both_engines(async |core| {
        let id = created(register(&core.anonymous(), registration(MARA)).await.unwrap());
        let mail = last_mail(&core, "VerifyEmail").await;
        let token = verification_token(&mail);
        for _ in 0..2 {
            let open = find_verification(&core.anonymous(), &token).await.unwrap().unwrap();
            assert_eq!(open.email.as_str(), MARA);
            assert_eq!(open.expires_at, core.now() + DAY);
        }
        let done = verify_email(&core.anonymous(), VerifyEmail::Link(token.clone())).await.unwrap();
        assert_eq!(done, EmailVerified { user_id: id, return_to: Some("ost_ix_abc".to_owned()) });
        assert_eq!(user(&core, id).await.email_verified_at, Some(core.now()));

        let again = verify_email(&core.anonymous(), VerifyEmail::Link(token.clone())).await;
        assert!(matches!(again, Err(VerifyEmailError::Unknown)));
        assert_eq!(find_verification(&core.anonymous(), &token).await.unwrap(), None);
        assert!(
            matches!(by_code(&core, &code_of(&mail)).await, Err(VerifyEmailError::Unknown)),
            "link and code go together"
        );
        assert_eq!(times_on_record(&core, AuditKind::EmailVerified).await, 1);
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A4: the code works however people group its digits, and once.
#[tokio::test]
async fn a_code_works_once_with_spaces_and_hyphens() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let code = code_of(&last_mail(&core, "VerifyEmail").await);
        for malformed in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"] {
            assert!(matches!(by_code(&core, malformed).await, Err(VerifyEmailError::WrongCode)), "{malformed}");
        }
        assert!(matches!(by_code(&core, &wrong(&code)).await, Err(VerifyEmailError::WrongCode)));
        by_code(&core, &format!(" {}\u{a0}-{} ", &code[..3], &code[3..])).await.unwrap();
        assert!(matches!(by_code(&core, &code).await, Err(VerifyEmailError::Unknown)));
    })
    .await;
}

/// A4: link and code are good for 24 hours.
#[tokio::test]
async fn old_mails_are_refused_and_a_new_one_works() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let old = last_mail(&core, "VerifyEmail").await;
        core.clock.advance(DAY);
        let link = verify_email(&core.anonymous(), VerifyEmail::Link(verification_token(&old))).await;
        assert!(matches!(link, Err(VerifyEmailError::Unknown)));
        assert!(matches!(by_code(&core, &code_of(&old)).await, Err(VerifyEmailError::Unknown)));

        let cmd = ResendVerification { email: email(MARA), return_to: None };
        resend_verification(&core.anonymous(), cmd).await.unwrap();
        by_code(&core, &code_of(&last_mail(&core, "VerifyEmail").await)).await.unwrap();
    })
    .await;
}

/// A4: after too many wrong codes a code is void, the right one included; the link still works.
#[tokio::test]
async fn guessing_voids_the_code() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let mail = last_mail(&core, "VerifyEmail").await;
        let code = code_of(&mail);
        for _ in 0..10 {
            assert!(matches!(by_code(&core, &wrong(&code)).await, Err(VerifyEmailError::WrongCode)));
        }
        assert!(matches!(by_code(&core, &code).await, Err(VerifyEmailError::Unknown)));
        verify_email(&core.anonymous(), VerifyEmail::Link(verification_token(&mail))).await.unwrap();
    })
    .await;
}

/// A4: asking again is limited, answers alike for everybody, and writes to nobody who need not confirm anything.
#[tokio::test]
async fn resending_is_limited_and_tells_nothing() {
    on_both_engines(async |core| {
        member(&core, "done@nordhavn.example").await;
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let mails = core.mails().await.len();
        for address in [MARA, "done@nordhavn.example", "nobody@nordhavn.example"] {
            let tickets = count(&core, "SELECT COUNT(*) FROM tickets").await;
            let messages = count(&core, "SELECT COUNT(*) FROM outbox").await;
            let cmd = ResendVerification { email: email(address), return_to: None };
            resend_verification(&core.anonymous(), cmd).await.unwrap();
            // The work is the same.
            assert_eq!(count(&core, "SELECT COUNT(*) FROM tickets").await, tickets + 1);
            assert_eq!(count(&core, "SELECT COUNT(*) FROM outbox").await, messages + 1);
        }
        assert_eq!(core.mails().await.len(), mails, "the last mail is not a minute old");
        core.clock.advance(MINUTE);
        for address in [MARA, "done@nordhavn.example", "nobody@nordhavn.example"] {
            let cmd = ResendVerification { email: email(address), return_to: None };
            resend_verification(&core.anonymous(), cmd).await.unwrap();
        }
        assert_eq!(core.mails().await.len(), mails + 1);
        // The code of the newest mail counts.
        let mails: Vec<_> = core.mails().await.into_iter().filter(|mail| mail.to == MARA).collect();
        let [old, new] = &mails[..] else { panic!() };
        if code_of(old) != code_of(new) {
            assert!(matches!(by_code(&core, &code_of(old)).await, Err(VerifyEmailError::WrongCode)));
        }
        by_code(&core, &code_of(new)).await.unwrap();
    })
    .await;
}

/// A1 A4: whoever registers a taken address and guesses codes is answered as if it had been free.
#[tokio::test]
async fn codes_for_taken_addresses_are_answered_alike() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        core.clock.advance(HOUR);
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        for _ in 0..10 {
            assert!(matches!(by_code(&core, "123456").await, Err(VerifyEmailError::WrongCode)));
        }
        assert!(matches!(by_code(&core, "123456").await, Err(VerifyEmailError::Unknown)));
    })
    .await;
}

/// A4: tokens of other kinds, or made up, confirm nothing.
#[tokio::test]
async fn foreign_tokens_are_refused() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let made_up = PlainToken::generate(TokenKind::EmailVerification, core.entropy());
        assert!(matches!(
            verify_email(&core.anonymous(), VerifyEmail::Link(made_up)).await,
            Err(VerifyEmailError::Unknown)
        ));
        let cmd = ForgotPassword { email: email(MARA), return_to: None };
        forgot_password(&core.anonymous(), cmd).await.unwrap();
        let reset = reset_token(&last_mail(&core, "ResetPassword").await);
        assert!(matches!(
            verify_email(&core.anonymous(), VerifyEmail::Link(reset)).await,
            Err(VerifyEmailError::Unknown)
        ));
    })
    .await;
}

/// A4: sign-in before the address is confirmed can be allowed.
#[tokio::test]
async fn confirmation_can_be_optional() {
    on_both_engines_with(
        |config| config.verification.required = false,
        async |core| {
            let made = register(&core.anonymous(), registration(MARA)).await.unwrap();
            assert!(matches!(made, Registered::Created { must_verify: false, .. }));
            enter(&core, MARA, PASSWORD).await.unwrap();
        },
    )
    .await;
}
