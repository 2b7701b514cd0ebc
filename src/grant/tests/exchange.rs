//! D8: token exchange (RFC 8693).

use super::*;
use crate::{
    client::{AccessTokenFormat, TokenExchangePolicy},
    protocol::{ExchangeTokenType, TokenExchangeRequest},
    testing::on_both_engines,
};

fn exchange_of(client: &Arc<Client>, token: &str) -> ExchangeToken {
    ExchangeToken {
        client: Arc::clone(client),
        request: TokenExchangeRequest {
            subject_token: SecretString::from(token),
            subject_token_type: ExchangeTokenType::AccessToken,
            actor: None,
            requested_token_type: None,
            audience: Vec::new(),
            scope: None,
        },
        resources: Vec::new(),
        confirmation: Confirmation::NONE,
    }
}

async fn service(core: &Core, id: &str, format: AccessTokenFormat) -> Arc<Client> {
    client(core, id, |settings| {
        settings.grant_types.push(GrantType::TokenExchange);
        settings.access_token_format = format;
        settings.token_exchange = TokenExchangePolicy {
            delegation: true,
            subject_clients: vec!["app".to_owned(), "service".to_owned()],
            ..TokenExchangePolicy::default()
        };
    })
    .await
}

/// RFC 8693 §2.2: in either form, what comes out ends with the person's grant, session and account, and no later than what
/// went in; a chain of actors has an end.
#[tokio::test]
async fn what_comes_out_lives_no_longer_than_what_went_in() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@nordhavn.example").await;
        for (id, format) in [("service", AccessTokenFormat::Jwt), ("opaque", AccessTokenFormat::Opaque)] {
            let service = service(&core, id, format).await;
            let ctx = sign_in(&core, &mara).await;
            let issued = tokens(&core, &ctx, "openid api:read").await;
            core.clock.advance(4 * MINUTE);
            let traded = exchange_token(&core.anonymous(), exchange_of(&service, &issued.access_token)).await.unwrap();
            assert_eq!(traded.expires_in, 6 * 60, "{id}");
            assert_eq!(traded.issued_token_type, Some("urn:ietf:params:oauth:token-type:access_token"));
            assert!(is_active(&core, &service, &traded.access_token).await, "{id}");
            session::sign_out(&ctx).await.unwrap();
            assert!(!is_active(&core, &service, &traded.access_token).await, "{id}");
            let again = exchange_token(&core.anonymous(), exchange_of(&service, &issued.access_token)).await;
            assert_eq!(refusal(again), OAuthErrorCode::InvalidRequest, "{id}");
        }
        let service = find_client(&core, "service").await.unwrap().unwrap();
        let mut token = tokens(&core, &sign_in(&core, &mara).await, "openid api:read").await.access_token;
        for _ in 0..10 {
            token = exchange_token(&core.anonymous(), exchange_of(&service, &token)).await.unwrap().access_token;
        }
        let longer = exchange_token(&core.anonymous(), exchange_of(&service, &token)).await;
        assert_eq!(refusal(longer), OAuthErrorCode::InvalidRequest);
    })
    .await;
}
