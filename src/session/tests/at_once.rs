//! Several sessions at once: of several people in one browser (C2), of one person in several (C6).

use super::*;
use crate::{config::BeyondMost, testing::on_both_engines_with};

/// C1, C2: signing in again takes the place of the session that was there and hands over what applications hold; somebody
/// else's stays beside it.
#[tokio::test]
async fn signing_in_again() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let jonas = person(&core, "jonas@nordhavn.example").await;
        let first = sign_in(&core, &mara, false).await;
        let kept = grant(&core, &mara, first, "atlas").await;
        let ctx = ctx_of(&core, first).await;
        let second = sign_in(&core, &mara, false).await;
        let beside = replace_session(&ctx, second, &[first]).await.unwrap();
        assert_eq!(beside, Beside { sessions: vec![], stay: true });
        assert_eq!(replace_session(&ctx, second, &[second]).await.unwrap().sessions, []);
        assert!(!is_alive(&core, first).await);
        assert!(is_alive(&core, second).await);
        assert!(!is_revoked(&core, kept).await);
        let ctx = ctx_of(&core, second).await;
        assert_eq!(list_sessions(&ctx).await.unwrap()[0].applications.len(), 1);

        let other = sign_in(&core, &jonas, false).await;
        let beside = replace_session(&ctx, other, &[first, second]).await.unwrap();
        assert_eq!(beside, Beside { sessions: vec![second], stay: false }, "what ended is forgotten");
        assert!(is_alive(&core, second).await && is_alive(&core, other).await);
        assert!(!is_revoked(&core, kept).await);
    })
    .await;
}

/// C2: so many accounts are signed in in one browser and no more; what lies idle stays known, and what ended does not.
#[tokio::test]
async fn accounts_of_a_browser() {
    on_both_engines(async |core| {
        let mut held = Vec::new();
        for n in 0..=MOST_ACCOUNTS {
            let one = person(&core, &format!("person{n}@nordhavn.example")).await;
            let new = sign_in(&core, &one, n != 2).await;
            let beside = replace_session(&core.anonymous(), new, &held).await.unwrap();
            assert_eq!(beside.stay, n < 3, "{n}: one that ends with the browser ends the cookie with it");
            held = [beside.sessions, vec![new]].concat();
        }
        assert_eq!(held.len(), MOST_ACCOUNTS);
        let names = |accounts: Vec<BrowserAccount>| {
            accounts.into_iter().map(|one| (one.user.email, one.is_live)).collect::<Vec<_>>()
        };
        let found = names(list_accounts(&core, &held).await.unwrap());
        assert_eq!(found[0], ("person1@nordhavn.example".to_owned(), true), "the first was signed out");
        core.clock.advance(core.config().sessions.idle);
        let found = names(list_accounts(&core, &held).await.unwrap());
        assert_eq!(found[1], ("person2@nordhavn.example".to_owned(), false));
        assert!(found[2].1);
        let ctx = ctx_of(&core, held[2]).await;
        sign_out(&ctx).await.unwrap();
        let found = names(list_accounts(&core, &held).await.unwrap());
        assert_eq!(found.len(), MOST_ACCOUNTS - 1);
        assert!(!found.iter().any(|(email, _)| email == "person3@nordhavn.example"));
        assert_eq!(list_accounts(&core, &[core.new_id()]).await.unwrap(), []);
        let new = sign_in(&core, &person(&core, "last@nordhavn.example").await, true).await;
        let beside = replace_session(&core.anonymous(), new, &[held[1], held[3]]).await.unwrap();
        assert_eq!(beside, Beside { sessions: vec![held[1], held[3]], stay: true }, "what is over needs no cookie");
    })
    .await;
}

/// C6: beyond the limit the oldest session ends; one that is over takes no room, and signing in again where one is signed in
/// needs none.
#[tokio::test]
async fn beyond_the_limit_the_oldest_ends() {
    on_both_engines_with(
        |config| config.sessions.most = 2,
        async |core| {
            let mara = person(&core, "mara@nordhavn.example").await;
            let jonas = person(&core, "jonas@nordhavn.example").await;
            let other = sign_in(&core, &jonas, false).await;
            let first = sign_in(&core, &mara, false).await;
            core.clock.advance(MINUTE);
            let second = sign_in(&core, &mara, false).await;
            let kept = grant(&core, &mara, first, "atlas").await;
            core.clock.advance(MINUTE);
            let third = sign_in(&core, &mara, false).await;
            assert!(!is_alive(&core, first).await && is_revoked(&core, kept).await);
            assert!(is_alive(&core, second).await && is_alive(&core, third).await && is_alive(&core, other).await);
            let again = sign_in_as(&ctx_of(&core, third).await, &mara, false).await.unwrap();
            replace_session(&ctx_of(&core, third).await, again, &[third]).await.unwrap();
            assert!(is_alive(&core, second).await && is_alive(&core, again).await);
            core.clock.advance(core.config().sessions.idle);
            let (one, two) = (sign_in(&core, &mara, false).await, sign_in(&core, &mara, false).await);
            assert!(is_alive(&core, one).await && is_alive(&core, two).await);
        },
    )
    .await;
}

/// C6: or the new one is refused, and nothing is changed.
#[tokio::test]
async fn beyond_the_limit_nobody_comes_in() {
    let refuses = |config: &mut crate::config::Config| {
        config.sessions.most = 1;
        config.sessions.beyond_most = BeyondMost::RefuseNew;
    };
    on_both_engines_with(refuses, async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let first = sign_in(&core, &mara, false).await;
        let full = sign_in_as(&core.anonymous(), &mara, false).await.unwrap_err();
        assert!(matches!(full, OpenError::Full { most: 1 }));
        assert!(is_alive(&core, first).await);
        sign_in_as(&ctx_of(&core, first).await, &mara, false).await.unwrap();
        end_other_sessions(&ctx_of(&core, first).await).await.unwrap();
        sign_out(&ctx_of(&core, first).await).await.unwrap();
        sign_in(&core, &mara, false).await;
    })
    .await;
}
