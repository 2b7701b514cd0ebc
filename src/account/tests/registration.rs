use super::*;

/// A1 A4 A11: an account is made, its owner is asked to confirm the address, and sign-in waits for that.
#[tokio::test]
async fn an_account_begins_unconfirmed() {
    on_both_engines(async |core| {
        let mut cmd = registration(MARA);
        cmd.username = Some(Username::try_from("Mara.L").unwrap());
        let made = register(&core.anonymous(), cmd).await.unwrap();
        assert!(matches!(made, Registered::Created { must_verify: true, .. }));
        let user = user(&core, created(made)).await;
        assert_eq!(user.email.as_str(), MARA);
        assert_eq!(user.username.as_ref().unwrap().as_str(), "Mara.L");
        assert_eq!(user.name(), "Mara Lindqvist");
        assert!(!user.is_verified() && user.is_active && !user.is_admin && user.has_password);
        assert_eq!(user.created_at, core.now());

        let mail = last_mail(&core, "VerifyEmail").await;
        assert_eq!(mail.to, MARA);
        assert!(matches!(enter(&core, MARA, PASSWORD).await, Err(SignInError::NotVerified { email }) if email.as_str() == MARA));
        assert_eq!(times_on_record(&core, AuditKind::UserRegistered).await, 1);
        // Nothing but digests is stored.
        let mut conn = core.db().read().await.unwrap();
        let link: Vec<u8> = conn.query("SELECT link_digest FROM tickets").scalar().await.unwrap();
        assert_eq!(link, verification_token(&mail).digest().as_bytes());
        let payload: Vec<u8> = conn.query("SELECT sealed_payload FROM outbox").scalar().await.unwrap();
        assert!(!String::from_utf8_lossy(&payload).contains(mail.token()));
    })
    .await;
}

/// A1: addresses and usernames are unique without regard to case; a taken address is told to its owner only.
#[tokio::test]
async fn an_address_has_one_account() {
    on_both_engines(async |core| {
        let mut cmd = registration(MARA);
        cmd.username = Some(Username::try_from("Mara").unwrap());
        let id = created(register(&core.anonymous(), cmd).await.unwrap());
        let token = verification_token(&last_mail(&core, "VerifyEmail").await);
        verify_email(&core.anonymous(), VerifyEmail::Link(token)).await.unwrap();

        core.clock.advance(HOUR);
        let again = register(&core.anonymous(), registration(&MARA.to_uppercase())).await.unwrap();
        assert_eq!(again, Registered::AddressTaken);
        let mail = last_mail(&core, "AddressTaken").await;
        assert_eq!(mail.to, MARA);
        assert_eq!((mail.link, mail.code), (None, None));
        assert_eq!(user(&core, id).await.display_name.unwrap().as_str(), "Mara Lindqvist");

        let mut cmd = registration("other@nordhavn.example");
        cmd.username = Some(Username::try_from("MARA").unwrap());
        assert!(matches!(register(&core.anonymous(), cmd).await, Err(RegisterError::UsernameTaken)));
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 1);
    })
    .await;
}

/// A1: whoever registers a taken address cannot fill its owner's mailbox.
#[tokio::test]
async fn the_owner_is_told_now_and_then() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        core.clock.advance(HOUR);
        for _ in 0..5 {
            register(&core.anonymous(), registration(MARA)).await.unwrap();
        }
        let told = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "AddressTaken").count();
        assert_eq!(told, 1);
        for _ in 0..50 {
            core.clock.advance(MINUTE);
            register(&core.anonymous(), registration(MARA)).await.unwrap();
        }
        let told = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "AddressTaken").count();
        assert!(told <= 20, "{told}");
    })
    .await;
}

/// A1 A7: a known address costs as many hashes as an unknown one.
#[tokio::test]
async fn known_and_unknown_addresses_cost_the_same() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        register(&core.anonymous(), registration("pending@nordhavn.example")).await.unwrap();
        for address in [MARA, "pending@nordhavn.example", "new@nordhavn.example"] {
            let before = core.hasher().work_asked();
            register(&core.anonymous(), registration(address)).await.unwrap();
            assert_eq!(core.hasher().work_asked() - before, 1, "{address}");
        }
    })
    .await;
}

/// A2: every broken rule is named at once, and nothing is made.
#[tokio::test]
async fn weak_passwords_name_every_broken_rule() {
    on_both_engines(async |core| {
        let mut cmd = registration(MARA);
        cmd.password = SecretString::from("mara");
        let Err(RegisterError::Password(broken)) = register(&core.anonymous(), cmd).await else { panic!() };
        assert!(broken.rules().len() >= 4, "{broken}");
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 0);
        assert!(core.mails().await.is_empty());
    })
    .await;
}

/// A1: registration can be closed.
#[tokio::test]
async fn registration_can_be_closed() {
    on_both_engines_with(
        |config| config.registration.enabled = false,
        async |core| {
            let made = register(&core.anonymous(), registration(MARA)).await;
            assert!(matches!(made, Err(RegisterError::Disabled)));
        },
    )
    .await;
}

/// I5: registrations are limited by address.
#[tokio::test]
async fn registrations_are_limited() {
    let core = TestCore::sqlite_with(|config| config.limits.auth_per_minute = 1).await;
    register(&core.anonymous(), registration(MARA)).await.unwrap();
    let second = register(&core.anonymous(), registration("b@nordhavn.example")).await;
    assert!(matches!(second, Err(RegisterError::TooMany(limit)) if limit.retry_after_secs >= 1));
}

/// A1 A4: who registers again with the same password before confirming gets the mail again.
#[tokio::test]
async fn the_same_person_again_gets_the_mail_again() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let first = last_mail(&core, "VerifyEmail").await;
        core.clock.advance(2 * MINUTE);
        let again = register(&core.anonymous(), registration(MARA)).await.unwrap();
        assert_eq!(again, Registered::AddressTaken);
        let second = last_mail(&core, "VerifyEmail").await;
        assert_ne!(first.id, second.id);
        let code = VerifyEmail::Code { email: email(MARA), code: second.code.unwrap() };
        verify_email(&core.anonymous(), code).await.unwrap();
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A1 A4: an address registered in advance by a stranger does not become an account with the stranger's password when
/// its owner registers and confirms.
#[tokio::test]
async fn a_stranger_cannot_register_in_advance() {
    on_both_engines(async |core| {
        let mut stranger = registration(MARA);
        stranger.password = SecretString::from(OTHER);
        register(&core.anonymous(), stranger).await.unwrap();
        let first = last_mail(&core, "VerifyEmail").await;
        core.clock.advance(HOUR);
        register(&core.anonymous(), registration(MARA)).await.unwrap();

        let old = verify_email(&core.anonymous(), VerifyEmail::Link(verification_token(&first))).await;
        assert!(matches!(old, Err(VerifyEmailError::Unknown)));
        let code = VerifyEmail::Code { email: email(MARA), code: first.code.unwrap() };
        assert!(matches!(verify_email(&core.anonymous(), code).await, Err(VerifyEmailError::WrongCode)));

        let choose = last_mail(&core, "ChoosePassword").await;
        assert_eq!(choose.to, MARA);
        let cmd = ResetPassword { token: reset_token(&choose), password: SecretString::from(PASSWORD) };
        reset_password(&core.anonymous(), cmd).await.unwrap();
        assert!(is_refused(&core, MARA, OTHER).await);
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A4: an account whose address nobody confirms is forgotten, and the address is free again.
#[tokio::test]
async fn unconfirmed_accounts_are_forgotten() {
    on_both_engines(async |core| {
        member(&core, "kept@nordhavn.example").await;
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        core.clock.advance(DAY);
        assert_eq!(forget(&core).await, 0, "a day later the link may just have run out");
        core.clock.advance(2 * DAY);
        assert_eq!(forget(&core).await, 1);
        assert!(matches!(register(&core.anonymous(), registration(MARA)).await, Ok(Registered::Created { .. })));
    })
    .await;
}

async fn forget(core: &Core) -> u64 {
    let mut tx = core.db().write().await.unwrap();
    let forgotten = delete_forgotten(&mut tx, core.now(), 100).await.unwrap();
    tx.commit().await.unwrap();
    forgotten
}

/// I6: `return_to` is the handle of an interaction and never an address to go to.
#[tokio::test]
async fn only_handles_are_returned_to() {
    on_both_engines(async |core| {
        for (n, (given, kept)) in
            [("ost_ix_abc", true), ("https://evil.example", false), ("//evil", false), ("a\r\nb", false)]
                .into_iter()
                .enumerate()
        {
            let mut cmd = registration(&format!("p{n}@nordhavn.example"));
            cmd.return_to = Some(given.to_owned());
            register(&core.anonymous(), cmd).await.unwrap();
            let token = verification_token(&last_mail(&core, "VerifyEmail").await);
            let done = verify_email(&core.anonymous(), VerifyEmail::Link(token)).await.unwrap();
            assert_eq!(done.return_to.as_deref(), kept.then_some(given));
            core.clock.advance(MINUTE);
        }
    })
    .await;
}
