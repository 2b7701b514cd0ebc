use super::*;
use crate::grant;

async fn forgot(core: &TestCore, address: &str) {
    let cmd = ForgotPassword { email: email(address), return_to: Some("ost_ix_abc".to_owned()) };
    forgot_password(&core.anonymous(), cmd).await.unwrap();
}

async fn reset(core: &TestCore, token: &PlainToken, password: &str) -> Result<PasswordReset, ResetPasswordError> {
    let cmd = ResetPassword { token: token.clone(), password: SecretString::from(password) };
    reset_password(&core.anonymous(), cmd).await
}

async fn change(
    core: &TestCore,
    who: &SignedIn,
    current: &str,
    new: &str,
) -> Result<PasswordChanged, ChangePasswordError> {
    let cmd = ChangePassword { current: SecretString::from(current), new: SecretString::from(new) };
    change_password(&as_user(core, who), cmd).await
}

/// A5 A8 B9: a reset works once, ends all sessions, lifts a pause, and is told by mail.
#[tokio::test]
async fn a_forgotten_password_is_replaced() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let before = user(&core, id).await;
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();
        for _ in 0..5 {
            assert!(is_refused(&core, MARA, "Wrong-password-1").await);
        }
        forgot(&core, &MARA.to_lowercase()).await;
        let mail = last_mail(&core, "ResetPassword").await;
        assert_eq!(mail.to, MARA);
        let token = reset_token(&mail);
        let open = find_reset(&core.anonymous(), &token).await.unwrap().unwrap();
        assert_eq!((open.email.as_str(), open.expires_at), (MARA, core.now() + HOUR));

        assert!(matches!(reset(&core, &token, "weak").await, Err(ResetPasswordError::Password(_))));
        let done = reset(&core, &token, OTHER).await.unwrap();
        assert_eq!(done, PasswordReset { user_id: id, return_to: Some("ost_ix_abc".to_owned()) });
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert_ne!(user(&core, id).await.stamp, before.stamp);
        assert!(matches!(reset(&core, &token, PASSWORD).await, Err(ResetPasswordError::Unknown)));
        assert_eq!(find_reset(&core.anonymous(), &token).await.unwrap(), None);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        enter(&core, MARA, OTHER).await.unwrap();
        last_mail(&core, "PasswordWasReset").await;
        assert_eq!(times_on_record(&core, AuditKind::PasswordReset).await, 1);
    })
    .await;
}

/// A5: known, unknown, deactivated: the same answer, the same number of rows; only the owner gets a mail.
#[tokio::test]
async fn asking_for_a_reset_tells_nothing() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let off = member(&core, "off@nordhavn.example").await;
        disable_user(&core.operator(), off).await.unwrap();
        let mut rows = Vec::new();
        for address in [MARA, "off@nordhavn.example", "nobody@nordhavn.example", MARA] {
            let before = core.hasher().work_asked();
            let tickets = count(&core, "SELECT COUNT(*) FROM tickets").await;
            let messages = count(&core, "SELECT COUNT(*) FROM outbox").await;
            let audit = count(&core, "SELECT COUNT(*) FROM audit").await;
            forgot(&core, address).await;
            rows.push((
                core.hasher().work_asked() - before,
                count(&core, "SELECT COUNT(*) FROM tickets").await - tickets,
                count(&core, "SELECT COUNT(*) FROM outbox").await - messages,
                count(&core, "SELECT COUNT(*) FROM audit").await - audit,
            ));
        }
        assert_eq!(rows, [(0, 1, 1, 1); 4]);
        let resets: Vec<_> = core.mails().await.into_iter().filter(|mail| mail.kind == "ResetPassword").collect();
        assert_eq!(resets.len(), 1, "one a minute");
        assert_eq!(resets[0].to, MARA);
    })
    .await;
}

/// A5: a link is good for an hour.
#[tokio::test]
async fn an_old_reset_link_is_refused() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        forgot(&core, MARA).await;
        let token = reset_token(&last_mail(&core, "ResetPassword").await);
        core.clock.advance(HOUR);
        assert!(matches!(reset(&core, &token, OTHER).await, Err(ResetPasswordError::Unknown)));
        enter(&core, MARA, PASSWORD).await.unwrap();
    })
    .await;
}

/// A5: using one link voids the others; a changed password voids them all.
#[tokio::test]
async fn other_reset_links_are_voided() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        forgot(&core, MARA).await;
        let first = reset_token(&last_mail(&core, "ResetPassword").await);
        core.clock.advance(MINUTE);
        forgot(&core, MARA).await;
        let second = reset_token(&last_mail(&core, "ResetPassword").await);
        reset(&core, &second, OTHER).await.unwrap();
        assert!(matches!(reset(&core, &first, PASSWORD).await, Err(ResetPasswordError::Unknown)));

        core.clock.advance(MINUTE);
        forgot(&core, MARA).await;
        let third = reset_token(&last_mail(&core, "ResetPassword").await);
        let who = enter(&core, MARA, OTHER).await.unwrap();
        change(&core, &who, OTHER, PASSWORD).await.unwrap();
        assert!(matches!(reset(&core, &third, OTHER).await, Err(ResetPasswordError::Unknown)));
    })
    .await;
}

/// A4 A5: a reset proves the mailbox, so it confirms the address too.
#[tokio::test]
async fn a_reset_confirms_the_address() {
    on_both_engines(async |core| {
        let id = created(register(&core.anonymous(), registration(MARA)).await.unwrap());
        forgot(&core, MARA).await;
        reset(&core, &reset_token(&last_mail(&core, "ResetPassword").await), OTHER).await.unwrap();
        assert!(user(&core, id).await.is_verified());
        enter(&core, MARA, OTHER).await.unwrap();
    })
    .await;
}

/// A5: "(default)": sessions may be let go on.
#[tokio::test]
async fn a_reset_may_leave_sessions_alone() {
    on_both_engines_with(
        |config| config.verification.reset_ends_sessions = false,
        async |core| {
            member(&core, MARA).await;
            let session = enter(&core, MARA, PASSWORD).await.unwrap();
            forgot(&core, MARA).await;
            reset(&core, &reset_token(&last_mail(&core, "ResetPassword").await), OTHER).await.unwrap();
            assert!(is_alive(&core, session.session_id).await);
        },
    )
    .await;
}

/// A5: a deactivated account cannot be reset by a link it got before.
#[tokio::test]
async fn deactivated_accounts_are_not_reset() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        forgot(&core, MARA).await;
        let token = reset_token(&last_mail(&core, "ResetPassword").await);
        disable_user(&core.operator(), id).await.unwrap();
        assert_eq!(find_reset(&core.anonymous(), &token).await.unwrap(), None);
        assert!(matches!(reset(&core, &token, OTHER).await, Err(ResetPasswordError::Unknown)));
    })
    .await;
}

/// A6 A8 B9: the current password is needed; this session goes on, the others end, and the owner is told.
#[tokio::test]
async fn a_password_is_changed() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let stamp = user(&core, id).await.stamp;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();

        assert!(matches!(
            change(&core, &here, "Wrong-password-1", OTHER).await,
            Err(ChangePasswordError::WrongCurrent)
        ));
        assert!(matches!(change(&core, &here, PASSWORD, PASSWORD).await, Err(ChangePasswordError::MustDiffer)));
        assert!(matches!(change(&core, &here, PASSWORD, "weak").await, Err(ChangePasswordError::Password(_))));
        assert!(is_alive(&core, elsewhere.session_id).await);
        change(&core, &here, PASSWORD, OTHER).await.unwrap();

        assert!(is_alive(&core, here.session_id).await);
        assert!(!is_alive(&core, elsewhere.session_id).await);
        let user = user(&core, id).await;
        assert_ne!(user.stamp, stamp);
        assert_eq!((user.failures, user.password_changed_at), (0, Some(core.now())));
        assert!(is_refused(&core, MARA, PASSWORD).await);
        enter(&core, MARA, OTHER).await.unwrap();
        last_mail(&core, "PasswordChanged").await;
        assert_eq!(times_on_record(&core, AuditKind::PasswordChanged).await, 1);
    })
    .await;
}

/// A6: nobody changes a password without a session.
#[tokio::test]
async fn strangers_change_no_password() {
    on_both_engines(async |core| {
        let cmd = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        assert!(matches!(change_password(&core.anonymous(), cmd).await, Err(ChangePasswordError::Denied(_))));
    })
    .await;
}

/// A6 A7: guesses at the current password count to the same pause as sign-ins.
#[tokio::test]
async fn guessing_the_current_password_pauses() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        for _ in 0..5 {
            let guess = change(&core, &here, "Wrong-password-1", OTHER).await;
            assert!(matches!(guess, Err(ChangePasswordError::WrongCurrent)));
        }
        let paused = change(&core, &here, PASSWORD, OTHER).await;
        assert!(matches!(paused, Err(ChangePasswordError::TooMany(limit)) if limit.retry_after_secs > 14 * 60));
        assert!(is_refused(&core, MARA, PASSWORD).await);
    })
    .await;
}

/// A6 A8: what applications hold through this session goes on too; what they hold through others ends.
#[tokio::test]
async fn tokens_of_this_session_outlive_a_change() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();
        let mine = grant::issue_first_party_tokens(&as_user(&core, &here)).await.unwrap();
        let theirs = grant::issue_first_party_tokens(&as_user(&core, &elsewhere)).await.unwrap();
        change(&core, &here, PASSWORD, OTHER).await.unwrap();
        let who = grant::authenticate_first_party(&core, &mine.access_token).await.unwrap();
        assert_eq!(who.unwrap().session_id, here.session_id);
        assert_eq!(grant::authenticate_first_party(&core, &theirs.access_token).await.unwrap(), None);
        let refresh = |tokens: grant::IssuedTokens| tokens.refresh_token.unwrap().expose().to_owned().into();
        grant::refresh_first_party(&core.anonymous(), refresh(mine)).await.unwrap();
        assert!(grant::refresh_first_party(&core.anonymous(), refresh(theirs)).await.is_err());
    })
    .await;
}
