//! People who have no account yet (E6).

use super::*;

fn registration(address: &str, password: &str, link: Option<&TestMail>) -> Register {
    Register {
        email: email(address),
        username: None,
        display_name: None,
        password: SecretString::from(password),
        return_to: None,
        invitation: link.map(token),
    }
}

/// E6: who has the link makes a confirmed account for the invited address, and for no other.
#[tokio::test]
async fn people_without_an_account_make_one() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        house.invite_one(LEO).await;
        let mail = last_mail(&core).await;
        let anonymous = core.anonymous();
        // A stranger had registered the address in advance.
        account::register(&anonymous, registration(LEO, "Eight-harbours-8", None)).await.unwrap();
        let for_other = account::register(&anonymous, registration("eve@fjord.example", PASSWORD, Some(&mail))).await;
        assert!(matches!(for_other.unwrap(), Registered::Created { must_verify: true, .. }));
        let made = account::register(&anonymous, registration(LEO, PASSWORD, Some(&mail))).await.unwrap();
        let Registered::Created { user_id, must_verify: false } = made else { panic!("{made:?}") };
        let leo = as_user(&core, user_id);
        assert!(account::get_me(&leo).await.unwrap().is_verified());
        assert!(account::find_user(&core.operator(), LEO).await.is_ok());
        accept_invitation(&leo, &link(&mail)).await.unwrap();
        assert!(is_member(&core, &leo, house.id).await);
        // A second account is not to be had.
        let again = account::register(&anonymous, registration(LEO, "Nine-anchors-9", Some(&mail))).await.unwrap();
        assert_eq!(again, Registered::AddressTaken);
    })
    .await;
}

/// E6: a link that is over proves nothing any more; declined by link, without an account.
#[tokio::test]
async fn a_dead_link_proves_nothing() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        house.invite_one(LEO).await;
        let mail = last_mail(&core).await;
        reject_invitation(&core.anonymous(), &link(&mail)).await.unwrap();
        assert_eq!(house.states(None).await, [(LEO.to_owned(), InvitationState::Rejected)]);
        let made = account::register(&core.anonymous(), registration(LEO, PASSWORD, Some(&mail))).await.unwrap();
        assert!(matches!(made, Registered::Created { must_verify: true, .. }));
    })
    .await;
}
