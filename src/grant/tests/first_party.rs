//! D5: tokens of our own REST API.

use super::*;
use crate::testing::on_both_engines;

/// D5, A8: 24 hours, `sub`, `preferred_username`, `email`; good for `/api/v1`, and gone with the session.
#[tokio::test]
async fn tokens_of_our_own_api() {
    on_both_engines(async |core: TestCore| {
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in_as(&core, &mara, SessionKind::Api).await;
        assert!(matches!(issue_first_party_tokens(&core.anonymous()).await, Err(FirstPartyError::Denied(_))));
        let issued = issue_first_party_tokens(&ctx).await.unwrap();
        assert_eq!(issued.expires_in, 24 * 60 * 60);
        let told = claims(&issued.access_token);
        for (name, expected) in [
            ("sub", mara.id.to_string()),
            ("preferred_username", "mara".to_owned()),
            ("email", "mara@x.example".to_owned()),
            ("sid", session_of(&ctx).to_string()),
            ("client_id", "ostiary".to_owned()),
        ] {
            assert_eq!(told[name], expected, "{name}");
        }
        let actor = authenticate_first_party(&core, &issued.access_token).await.unwrap().unwrap();
        assert_eq!(Some(&actor), ctx.user());

        core.clock.advance(HOUR);
        let old = issued.refresh_token.as_ref().unwrap().expose();
        let next = refresh_first_party(&core.anonymous(), SecretString::from(old)).await.unwrap();
        let again = refresh_first_party(&core.anonymous(), SecretString::from(old)).await.unwrap();
        assert_eq!(again.refresh_token, next.refresh_token);
        assert_eq!(next.expires_in, 24 * 60 * 60);
        assert!(authenticate_first_party(&core, &next.access_token).await.unwrap().is_some());
        for wrong in ["", "x", next.refresh_token.as_ref().unwrap().expose()] {
            assert_eq!(authenticate_first_party(&core, wrong).await.unwrap(), None);
        }
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(authenticate_first_party(&core, &next.access_token).await.unwrap(), None);
        let token = SecretString::from(next.refresh_token.as_ref().unwrap().expose());
        assert_eq!(refusal(refresh_first_party(&core.anonymous(), token).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// An application's tokens are no key to the account, and ours are none to applications.
#[tokio::test]
async fn applications_and_our_own_api_are_kept_apart() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let theirs = tokens(&core, &ctx, "openid offline_access").await;
        assert_eq!(authenticate_first_party(&core, &theirs.access_token).await.unwrap(), None);
        let token = SecretString::from(theirs.refresh_token.as_ref().unwrap().expose());
        assert_eq!(refusal(refresh_first_party(&core.anonymous(), token).await), OAuthErrorCode::InvalidGrant);

        let ours = issue_first_party_tokens(&sign_in_as(&core, &mara, SessionKind::Api).await).await.unwrap();
        let refused = rotate(&core, &app, ours.refresh_token.as_ref().unwrap()).await;
        assert_eq!(refusal(refused), OAuthErrorCode::InvalidGrant);
        assert!(!is_active(&core, &app, &ours.access_token).await);
        let info = user_info(&core.anonymous(), &ours.access_token).await;
        assert!(matches!(info, Err(UserInfoError::InsufficientScope)));
    })
    .await;
}

/// The session of our own API may lie idle too long; then its tokens are worth nothing.
#[tokio::test]
async fn an_idle_session_ends_our_own_tokens() {
    on_both_engines(async |core: TestCore| {
        let ctx = sign_in_as(&core, &person(&core, "mara@x.example").await, SessionKind::Api).await;
        let issued = issue_first_party_tokens(&ctx).await.unwrap();
        core.clock.advance(core.config().sessions.stay_idle);
        let token = SecretString::from(issued.refresh_token.as_ref().unwrap().expose());
        assert_eq!(refusal(refresh_first_party(&core.anonymous(), token).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}
