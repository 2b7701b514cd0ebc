//! For how long, how often and how many (E6).

use super::*;

/// E6: after seven days it is over, before the job says so and after; the record knows.
#[tokio::test]
async fn an_invitation_is_over_after_a_week() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let leo = account(&core, LEO, true).await;
        let id = house.invite_one(LEO).await;
        let mail = last_mail(&core).await;
        core.clock.advance(7 * DAY);
        for which in [link(&mail), Which::Id(id)] {
            let error = accept_invitation(&leo, &which).await.unwrap_err();
            assert!(matches!(error, AcceptInvitationError::Closed(InvitationState::Expired)), "{error:?}");
        }
        let resent = resend_invitation(&house.owner, &house.which(), id).await.unwrap_err();
        assert!(matches!(resent, InvitationChangeError::Closed(InvitationState::Expired)));
        assert!(list_my_invitations(&leo).await.unwrap().is_empty());
        let expired = [(LEO.to_owned(), InvitationState::Expired)];
        assert_eq!(house.states(None).await, expired);
        assert_eq!(house.states(Some(InvitationState::Pending)).await, []);
        jobs::clean_up(&core).await.unwrap();
        assert_eq!(house.states(Some(InvitationState::Expired)).await, expired);
        let record = "SELECT COUNT(*) FROM audit WHERE kind = 'invitation_expired' AND organization_id IS NOT NULL";
        let count: i64 = core.db().read().await.unwrap().query(record).scalar().await.unwrap();
        assert_eq!(count, 1);
        // Long after, nothing of it is kept.
        core.clock.advance(91 * DAY);
        jobs::clean_up(&core).await.unwrap();
        assert_eq!(house.states(None).await, []);
    })
    .await;
}

/// E6: sent again, only the new link opens it; not too often.
#[tokio::test]
async fn a_new_link_ends_the_old_one() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let leo = account(&core, LEO, true).await;
        let id = house.invite_one(LEO).await;
        let old = last_mail(&core).await;
        let which = house.which();
        let again = || resend_invitation(&house.owner, &which, id);
        assert!(matches!(again().await, Err(InvitationChangeError::TooMany(_))));
        core.clock.advance(6 * DAY);
        again().await.unwrap();
        assert!(matches!(again().await, Err(InvitationChangeError::TooMany(_))));
        assert_eq!(find_invitation(&leo, &token(&old)).await.unwrap(), None);
        assert!(matches!(accept_invitation(&leo, &link(&old)).await, Err(AcceptInvitationError::NotFound)));
        core.clock.advance(6 * DAY);
        accept_invitation(&leo, &link(&last_mail(&core).await)).await.unwrap();
        let error = withdraw_invitation(&house.owner, &house.which(), id).await.unwrap_err();
        assert!(matches!(error, InvitationChangeError::Closed(InvitationState::Accepted)));
    })
    .await;
}

/// E6: one address gets five mails a day from one organisation, and one person sends so many in all.
#[tokio::test]
async fn nobodys_mailbox_is_filled() {
    on_both_engines_with(
        |config: &mut Config| config.organizations.invitations_a_day = 7,
        async |core| {
            let house = House::found(&core).await;
            let id = house.invite_one(LEO).await;
            for _ in 0..4 {
                core.clock.advance(Duration::from_mins(10));
                resend_invitation(&house.owner, &house.which(), id).await.unwrap();
            }
            core.clock.advance(Duration::from_mins(10));
            let error = resend_invitation(&house.owner, &house.which(), id).await.unwrap_err();
            assert!(matches!(error, InvitationChangeError::TooMany(_)));
            withdraw_invitation(&house.owner, &house.which(), id).await.unwrap();
            let outcomes = house.invite(&house.owner, &format!("{LEO}, a@x.example, b@x.example, c@x.example")).await;
            assert!(
                matches!(outcomes[..], [Outcome::Later, Outcome::Invited(_), Outcome::Invited(_), Outcome::Later]),
                "{outcomes:?}"
            );
            core.clock.advance(DAY);
            assert!(matches!(house.invite(&house.owner, LEO).await[..], [Outcome::Invited(_)]));
        },
    )
    .await;
}
