//! C4: what a person let in, and taking it back.

use super::*;
use crate::testing::on_both_engines;

async fn revoke_app(ctx: &Ctx, client_id: &str) -> Result<(), RevokeApplicationError> {
    revoke_application(ctx, RevokeApplication { client_id: client_id.to_owned() }).await
}

fn scopes_of(view: &ApplicationView) -> Vec<&str> {
    view.may.scopes.iter().map(|line| line.scope.as_str()).collect()
}

/// Says yes for good.
async fn remember(ctx: &Ctx, changes: &[(&str, &str)]) {
    let handle = interaction(begin(ctx, changes).await.unwrap());
    decide_consent(ctx, DecideConsent { remember: true, ..allow(&handle) }).await.unwrap();
}

/// C4: what is remembered and what is held make one line each application, and nobody sees somebody else's.
#[tokio::test]
async fn the_list_says_who_may_do_what() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        client(&core, "other", |settings| settings.first_party = true).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let stranger = sign_in(&core, &person(&core, "jonas@x.example").await).await;
        assert_eq!(list_applications(&ctx).await.unwrap(), []);
        assert_eq!(list_applications(&core.anonymous()).await.unwrap(), []);

        remember(&ctx, &[("scope", "openid api:read")]).await;
        let since = core.now();
        let only_remembered = list_applications(&ctx).await.unwrap();
        assert_eq!((only_remembered[0].is_remembered, only_remembered[0].holds_tokens), (true, false));
        assert_eq!(only_remembered[0].last_used_at, None);

        core.clock.advance(HOUR);
        tokens(&core, &ctx, "openid email offline_access").await;
        core.clock.advance(MINUTE);
        authorize(&ctx, &[("client_id", "other"), ("scope", "openid")]).await;
        let list = list_applications(&ctx).await.unwrap();
        let ids: Vec<_> = list.iter().map(|view| view.client_id.as_str()).collect();
        assert_eq!(ids, ["other", "app"], "the last used first");
        assert!(list[0].is_first_party && list[0].holds_tokens && !list[0].is_remembered);
        let app = &list[1];
        assert_eq!(scopes_of(app), ["openid", "email", "api:read", "offline_access"]);
        assert_eq!(
            (app.may.client_name.as_str(), app.may.client_domain.as_deref()),
            ("Name of app", Some("app.example"))
        );
        assert!(app.is_remembered && app.holds_tokens && !app.is_first_party && !app.is_self_registered && !app.is_off);
        assert_eq!((app.since, app.last_used_at), (since, Some(since + HOUR)));
        assert_eq!(list_applications(&stranger).await.unwrap(), []);
    })
    .await;
}

/// C4, C3, A8: what has ended is not told as if it were alive.
#[tokio::test]
async fn what_ended_is_not_listed() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        tokens(&core, &ctx, "openid offline_access").await;
        let again = sign_in(&core, &mara).await;
        assert_eq!(list_applications(&again).await.unwrap().len(), 1);
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(list_applications(&again).await.unwrap(), [], "its session was ended");

        tokens(&core, &again, "openid").await;
        assert_eq!(list_applications(&again).await.unwrap().len(), 1);
        core.clock.advance(DAY);
        assert_eq!(list_applications(&again).await.unwrap(), [], "its tokens are too old");
        assert!(matches!(revoke_app(&again, "app").await, Err(RevokeApplicationError::NotFound)));
    })
    .await;
}

/// C4: taking it back ends the consent, the codes, the refresh tokens and the access tokens of this application and this
/// person, at once, and nothing else.
#[tokio::test]
async fn taking_back_ends_everything_of_it() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let other = client(&core, "other", |_| {}).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let stranger = sign_in(&core, &person(&core, "jonas@x.example").await).await;
        remember(&ctx, &[("scope", "openid email offline_access")]).await;
        let first = tokens(&core, &ctx, "openid email offline_access").await;
        let elsewhere = tokens(&core, &sign_in(&core, &mara).await, "openid offline_access").await;
        let pending = authorize(&ctx, &[]).await;
        let beside = exchange(&core, &other, &authorize(&ctx, &[("client_id", "other")]).await).await.unwrap();
        let theirs = tokens(&core, &stranger, "openid").await;
        for issued in [&first, &elsewhere, &theirs] {
            assert!(is_active(&core, &app, &issued.access_token).await);
        }

        revoke_app(&ctx, "app").await.unwrap();
        for issued in [&first, &elsewhere] {
            assert!(!is_active(&core, &app, &issued.access_token).await);
            let token = issued.refresh_token.as_ref().unwrap();
            assert_eq!(refusal(rotate(&core, &app, token).await), OAuthErrorCode::InvalidGrant);
        }
        assert_eq!(refusal(exchange(&core, &app, &pending).await), OAuthErrorCode::InvalidGrant);
        assert!(is_active(&core, &app, &theirs.access_token).await, "somebody else's stays");
        assert!(is_active(&core, &other, &beside.access_token).await, "another application stays");
        assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "consent", "it has to ask again");
        assert_eq!(audited(&core, "application_revoked").await, 1);
        let left: Vec<_> = list_applications(&ctx).await.unwrap().into_iter().map(|view| view.client_id).collect();
        assert_eq!(left, ["other"]);
    })
    .await;
}

/// C4: what is not there, our own API, and what cannot be an id are all the same; nobody takes anything back for others.
#[tokio::test]
async fn what_is_not_there_cannot_be_taken_back() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let stranger = sign_in(&core, &person(&core, "jonas@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid offline_access").await;
        let api = issue_first_party_tokens(&sign_in_as(&core, &mara, SessionKind::Api).await).await.unwrap();
        for id in ["app", "nobody", "", "ostiary", "app\0"] {
            assert!(matches!(revoke_app(&stranger, id).await, Err(RevokeApplicationError::NotFound)), "{id:?}");
        }
        assert!(matches!(revoke_app(&ctx, "ostiary").await, Err(RevokeApplicationError::NotFound)));
        assert!(authenticate_first_party(&core, &api.access_token).await.unwrap().is_some());
        assert!(matches!(revoke_app(&core.anonymous(), "app").await, Err(RevokeApplicationError::Denied(_))));
        assert!(is_active(&core, &app, &issued.access_token).await);
        revoke_app(&ctx, "app").await.unwrap();
        assert!(matches!(revoke_app(&ctx, "app").await, Err(RevokeApplicationError::NotFound)), "it is gone");
    })
    .await;
}

/// C4, RFC 9396: what was allowed in detail is told, and each once, however often it was.
#[tokio::test]
async fn details_are_told_once() {
    let configure = |config: &mut crate::config::Config| {
        let payment = crate::config::DetailsType {
            kind: "payment".to_owned(),
            name: "Make a payment".to_owned(),
            members: vec!["actions".to_owned()],
            ..crate::config::DetailsType::default()
        };
        config.authorization.details_types = vec![payment];
    };
    crate::testing::on_both_engines_with(configure, async |core: TestCore| {
        client(&core, "app", |settings| settings.authorization_details_types = vec!["payment".to_owned()]).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let payment = ("authorization_details", r#"[{"type":"payment","actions":["initiate"]}]"#);
        for _ in 0..2 {
            authorize(&ctx, &[payment]).await;
        }
        let list = list_applications(&ctx).await.unwrap();
        let details: Vec<_> = list[0].may.details.iter().map(|detail| detail.name.as_str()).collect();
        assert_eq!((list.len(), details), (1, vec!["Make a payment"]));
        assert_eq!(scopes_of(&list[0]), ["openid", "email"]);
    })
    .await;
}
