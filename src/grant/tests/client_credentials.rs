//! D4: tokens for an application itself.

use super::*;
use crate::testing::on_both_engines;

async fn ask(
    core: &TestCore,
    client: &Arc<Client>,
    scope: Option<&str>,
    audience: &[&str],
) -> Result<IssuedTokens, TokenError> {
    let cmd = ClientCredentialsGrant {
        client: Arc::clone(client),
        scope: scope.map(scopes),
        audience: audience.iter().map(|&audience| audience.to_owned()).collect(),
        authorization_details: Vec::new(),
        confirmation: Confirmation::NONE,
    };
    client_credentials(&core.anonymous(), cmd).await
}

/// D4, RFC 9068 §2.2: the client is its own subject; there is no refresh token and no ID token.
#[tokio::test]
async fn a_client_acts_for_itself() {
    on_both_engines(async |core: TestCore| {
        let job = client(&core, "job", |settings| settings.grant_types = vec![GrantType::ClientCredentials]).await;
        let issued = ask(&core, &job, Some("api:read"), &[]).await.unwrap();
        assert!(issued.refresh_token.is_none() && issued.id_token.is_none());
        let told = claims(&issued.access_token);
        assert_eq!((&told["sub"], &told["client_id"]), (&"job".into(), &"job".into()));
        assert_eq!((&told["scope"], &told["aud"]), (&"api:read".into(), &core.config().issuer().into()));
        assert!(told.get("sid").is_none() && told.get("auth_time").is_none());
        assert_eq!(told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(), issued.expires_in);
        // Without a scope: everything it may have for itself.
        assert_eq!(ask(&core, &job, None, &[]).await.unwrap().scope, scopes("api:read api:write"));
        assert!(is_active(&core, &job, &issued.access_token).await);
        let info = user_info(&core.anonymous(), &issued.access_token).await;
        assert!(matches!(info, Err(UserInfoError::InvalidToken)));
        assert_eq!(authenticate_first_party(&core, &issued.access_token).await.unwrap(), None);
    })
    .await;
}

/// D4: what it is not registered for, and what is about people, it does not get.
#[tokio::test]
async fn what_a_client_may_not_have() {
    on_both_engines(async |core: TestCore| {
        let grants = vec![GrantType::ClientCredentials];
        let job = client(&core, "job", |settings| {
            settings.grant_types = grants.clone();
            settings.audiences = vec!["https://a.example".to_owned(), "https://b.example".to_owned()];
        })
        .await;
        for scope in ["api:all", "openid", "api:read offline_access"] {
            assert_eq!(refusal(ask(&core, &job, Some(scope), &[]).await), OAuthErrorCode::InvalidScope, "{scope}");
        }
        assert_eq!(refusal(ask(&core, &job, None, &["https://c.example"]).await), OAuthErrorCode::InvalidTarget);
        let one = ask(&core, &job, None, &["https://a.example"]).await.unwrap();
        assert_eq!(claims(&one.access_token)["aud"], "https://a.example");
        let both = ask(&core, &job, None, &[]).await.unwrap();
        assert_eq!(claims(&both.access_token)["aud"], serde_json::json!(["https://a.example", "https://b.example"]));
        let app = app(&core).await;
        assert_eq!(refusal(ask(&core, &app, None, &[]).await), OAuthErrorCode::UnauthorizedClient);
        // A public client cannot be registered so; if it were, it would get nothing.
        let public = reconfigure(&core, "job", |settings| settings.auth_method = TokenEndpointAuthMethod::None).await;
        assert_eq!(refusal(ask(&core, &public, None, &[]).await), OAuthErrorCode::UnauthorizedClient);
    })
    .await;
}

/// D6: such a token can be given back, and dies with its client.
#[tokio::test]
async fn its_tokens_end_too() {
    on_both_engines(async |core: TestCore| {
        let settings = |settings: &mut ClientSettings| settings.grant_types = vec![GrantType::ClientCredentials];
        let job = client(&core, "job", settings).await;
        let (one, two) = (ask(&core, &job, None, &[]).await.unwrap(), ask(&core, &job, None, &[]).await.unwrap());
        assert!(is_active(&core, &job, &one.access_token).await && is_active(&core, &job, &two.access_token).await);
        let cmd = Revoke { client: Arc::clone(&job), token: SecretString::from(one.access_token.as_str()), hint: None };
        revoke(&core.anonymous(), cmd).await.unwrap();
        assert!(!is_active(&core, &job, &one.access_token).await);
        assert!(is_active(&core, &job, &two.access_token).await);
        let cmd = crate::client::DeleteClient { client_id: "job".to_owned(), version: None };
        crate::client::delete_client(&core.operator(), cmd).await.unwrap();
        assert!(!is_active(&core, &job, &two.access_token).await);
    })
    .await;
}
