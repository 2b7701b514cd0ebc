//! "It was not me" (B9): the link of a mail that tells of a change.

use super::*;
use crate::{
    factor::{RemoveAuthenticator, list_factors, remove_authenticator},
    testing::TestAuthenticator,
};

async fn out(core: &TestCore, mail: &TestMail) -> Result<EverybodyOut, ShutOutError> {
    let token = PlainToken::parse(TokenKind::ShutOut, mail.token()).unwrap();
    shut_out(&core.anonymous(), ShutOut { token }).await
}

/// B9 A8: a thief who came by the password and added an authenticator app is out with one press, and so is what they added; the
/// owner chooses a new password and is in. What the owner had before stays.
#[tokio::test]
async fn a_thief_is_shut_out() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let thief = enter(&core, MARA, PASSWORD).await.unwrap();
        core.clock.advance(MINUTE);
        TestAuthenticator::add(&as_user(&core, &thief)).await;
        let told = last_mail(&core, "AuthenticatorAdded").await;
        core.clock.advance(HOUR);
        let token = PlainToken::parse(TokenKind::ShutOut, told.token()).unwrap();
        let open = find_shut_out(&core.anonymous(), &token).await.unwrap().unwrap();
        assert_eq!((open.email, open.since), (email(MARA), core.now() - HOUR));

        let done = out(&core, &told).await.unwrap();
        assert!(!is_alive(&core, thief.session_id).await);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authenticators").await, 0);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM recovery_codes").await, 0);
        assert!(matches!(out(&core, &told).await, Err(ShutOutError::Unknown)));
        assert!(find_shut_out(&core.anonymous(), &token).await.unwrap().is_none());
        assert_eq!(times_on_record(&core, AuditKind::EverybodyOut).await, 1);

        let cmd = ResetPassword { token: done.reset, password: SecretString::from(OTHER) };
        reset_password(&core.anonymous(), cmd).await.unwrap();
        enter(&core, MARA, OTHER).await.unwrap();
    })
    .await;
}

/// B9: an app that the owner had before stays, with its recovery codes, when what came after it is undone.
#[tokio::test]
async fn what_was_there_before_stays() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let owner = enter(&core, MARA, PASSWORD).await.unwrap();
        TestAuthenticator::add(&as_user(&core, &owner)).await;
        core.clock.advance(MINUTE);
        TestAuthenticator::add(&as_user(&core, &owner)).await;
        let told = last_mail(&core, "AuthenticatorAdded").await;
        out(&core, &told).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authenticators").await, 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM recovery_codes").await, 10);
    })
    .await;
}

/// B9: the link works for a week, for its own account, and is of no other use; who is deactivated has none.
#[tokio::test]
async fn the_link_is_for_one_thing() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let cmd = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        change_password(&as_user(&core, &here), cmd).await.unwrap();
        let told = last_mail(&core, "PasswordChanged").await;
        for kind in [TokenKind::PasswordReset, TokenKind::EmailSignIn, TokenKind::EmailUndo] {
            assert!(PlainToken::parse(kind, told.token()).is_none());
        }
        let made_up = PlainToken::generate(TokenKind::ShutOut, core.entropy());
        let refused = shut_out(&core.anonymous(), ShutOut { token: made_up }).await;
        assert!(matches!(refused, Err(ShutOutError::Unknown)));
        core.clock.advance(6 * DAY);
        core.clock.advance(DAY.saturating_sub(MINUTE));
        disable_user(&core.operator(), id).await.unwrap();
        assert!(matches!(out(&core, &told).await, Err(ShutOutError::Unknown)));
        enable_user(&core.operator(), id).await.unwrap();
        let token = PlainToken::parse(TokenKind::ShutOut, told.token()).unwrap();
        assert!(find_shut_out(&core.anonymous(), &token).await.unwrap().is_some());
        core.clock.advance(MINUTE);
        assert!(matches!(out(&core, &told).await, Err(ShutOutError::Unknown)));
        enter(&core, MARA, OTHER).await.unwrap();
    })
    .await;
}

/// B9: each mail about what protects an account brings the link along; those that wait for an answer, or have a way back of their
/// own, do not.
#[tokio::test]
async fn security_mails_bring_the_link() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        TestAuthenticator::add(&as_user(&core, &here)).await;
        let view = list_factors(&as_user(&core, &here)).await.unwrap();
        let cmd = RemoveAuthenticator { id: view.authenticators[0].id };
        remove_authenticator(&as_user(&core, &here), cmd).await.unwrap();
        let links = core.mails().await.into_iter().map(|mail| (mail.kind, mail.raw.contains("/not-me?t")));
        let mut links: Vec<_> = links.collect();
        links.sort();
        let expected = [("AuthenticatorAdded", true), ("AuthenticatorRemoved", true), ("VerifyEmail", false)];
        assert_eq!(links, expected.map(|(kind, has)| (kind.to_owned(), has)));
    })
    .await;
}
