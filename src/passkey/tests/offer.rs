//! Offering a passkey.

use super::*;

const DAY: Duration = Duration::from_hours(24);

/// B8: asked until there is one.
#[tokio::test]
async fn who_has_none_is_asked() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        assert!(wants_offer(&mara, user_id(&mara)).await.unwrap());
        key_of(&mara).await;
        assert!(!wants_offer(&mara, user_id(&mara)).await.unwrap());
    })
    .await;
}

/// B8: "not now" is asked again after two weeks, "never" is not, and each may be said after the other.
#[tokio::test]
async fn answers_are_kept() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        answer_offer(&mara, OfferAnswer::NotNow).await.unwrap();
        assert!(!wants_offer(&mara, user_id(&mara)).await.unwrap());
        assert!(wants_offer(&ivo, user_id(&ivo)).await.unwrap(), "each for themselves");
        core.clock.advance(13 * DAY);
        assert!(!wants_offer(&mara, user_id(&mara)).await.unwrap());
        core.clock.advance(DAY);
        assert!(wants_offer(&mara, user_id(&mara)).await.unwrap());
        answer_offer(&mara, OfferAnswer::Never).await.unwrap();
        core.clock.advance(1000 * DAY);
        assert!(!wants_offer(&mara, user_id(&mara)).await.unwrap());
        assert!(answer_offer(&core.anonymous(), OfferAnswer::Never).await.is_err());
    })
    .await;
}

/// B8: not where there are no passkeys, and not where the house does not want it.
#[tokio::test]
async fn a_house_may_not_want_it() {
    on_both_engines_with(
        |config| config.passkeys.offer = false,
        async |core| {
            let mara = member(&core, MARA).await;
            assert!(!wants_offer(&mara, user_id(&mara)).await.unwrap());
        },
    )
    .await;
}
