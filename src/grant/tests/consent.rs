//! D10: who is asked for what, and what an answer is worth.

use super::*;
use crate::{
    client::{ClientUse, ClientUseError, count_client_use},
    testing::on_both_engines,
};

fn answer(handle: &PlainToken, allow: bool, optional: &[Scope], remember: bool) -> DecideConsent {
    DecideConsent { interaction: handle.clone(), allow, granted_optional: optional.to_vec(), remember }
}

/// D10: the page shows who asks whom for what; offline access, phone and address can be left out, the rest is needed.
#[tokio::test]
async fn the_page_shows_who_asks_whom_for_what() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let asked = [
            ("scope", "api:read offline_access openid profile"),
            ("claims", r#"{"userinfo":{"email":null,"address":null,"groups":null},"id_token":{"auth_time":null}}"#),
        ];
        let handle = interaction(begin(&ctx, &asked).await.unwrap());
        let shown = get_consent(&ctx, &handle).await.unwrap();
        assert_eq!((shown.client_name.as_str(), shown.client_domain.as_deref()), ("Name of app", Some("app.example")));
        assert_eq!((shown.person.id, shown.person.email.as_str()), (mara.id, "mara@x.example"));
        let lines: Vec<_> = shown.scopes.iter().map(|line| (line.scope.as_str(), line.optional)).collect();
        // `address` is not among what the client is registered for, so its claim is not asked for either.
        let expected =
            [("openid", false), ("profile", false), ("email", false), ("api:read", false), ("offline_access", true)];
        assert_eq!(lines, expected);
        assert!(matches!(get_consent(&core.anonymous(), &handle).await, Err(GetConsentError::SignIn)));
    })
    .await;
}

/// D10: no is `access_denied`, and nothing is kept of it but the record.
#[tokio::test]
async fn a_denial_is_told() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[]).await.unwrap());
        decide_consent(&ctx, answer(&handle, false, &[], true)).await.unwrap();
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "access_denied");
        assert!(matches!(resume(&ctx, &handle).await, Err(AuthorizationRefused::Gone)));
        assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "consent");
        assert_eq!((audited(&core, "consent_denied").await, audited(&core, "consent_given").await), (1, 0));
        assert_eq!(count(&core, "SELECT COUNT(*) FROM consents").await, 0);
    })
    .await;
}

/// D10: as long as the application is not answered, the last word counts; pressing twice is no mistake.
#[tokio::test]
async fn the_last_word_counts() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[]).await.unwrap());
        for allow in [true, true, false] {
            decide_consent(&ctx, answer(&handle, allow, &[], false)).await.unwrap();
        }
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "access_denied");
    })
    .await;
}

/// D10: what is left out is not granted; what is not optional, or was not asked for, cannot be chosen by the form.
#[tokio::test]
async fn the_form_chooses_among_the_optional_scopes_only() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let scope = ("scope", "openid email offline_access phone");
        for (optional, expected) in [
            (&[][..], "email openid"),
            (&[Scope::PHONE], "email openid phone"),
            (&[Scope::OFFLINE_ACCESS], "email offline_access openid"),
            // Scopes from elsewhere are not listened to.
            (&[Scope::PROFILE, Scope::parse("api:write").unwrap()], "email openid"),
        ] {
            let handle = interaction(begin(&ctx, &[scope]).await.unwrap());
            decide_consent(&ctx, answer(&handle, true, optional, false)).await.unwrap();
            let code = code(&resume(&ctx, &handle).await.unwrap());
            let issued = exchange(&core, &app, &code).await.unwrap();
            assert_eq!(issued.scope.to_string(), expected);
            // D3: `offline_access` governs the issue of refresh tokens.
            assert_eq!(issued.refresh_token.is_some(), optional.contains(&Scope::OFFLINE_ACCESS));
            assert_eq!(claims(&issued.access_token)["scope"], expected);
        }
    })
    .await;
}

/// D10: remembered per person, client and scope set; asked again when it grows, or when the client wants it.
#[tokio::test]
async fn an_answer_is_remembered_until_more_is_wanted() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        client(&core, "other", |_| {}).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let wide = ("scope", "openid email offline_access");
        let handle = interaction(begin(&ctx, &[wide]).await.unwrap());
        assert_eq!(word(&begin(&ctx, &[wide, ("prompt", "none")]).await.unwrap()), "consent_required");
        decide_consent(&ctx, answer(&handle, true, &[], true)).await.unwrap();
        resume(&ctx, &handle).await.unwrap();

        let word_of = async |ctx: &Ctx, changes: &[(&str, &str)]| word(&begin(ctx, changes).await.unwrap());
        assert_eq!(word_of(&ctx, &[wide]).await, "code");
        assert_eq!(word_of(&ctx, &[("scope", "openid")]).await, "code");
        assert_eq!(word_of(&ctx, &[wide, ("prompt", "none")]).await, "code");
        assert_eq!(word_of(&ctx, &[wide, ("prompt", "consent")]).await, "consent");
        assert_eq!(word_of(&ctx, &[("scope", "openid email profile")]).await, "consent");
        assert_eq!(word_of(&ctx, &[wide, ("claims", r#"{"userinfo":{"name":null}}"#)]).await, "consent");
        assert_eq!(word_of(&ctx, &[wide, ("claims", r#"{"userinfo":{"groups":null}}"#)]).await, "code");
        assert_eq!(word_of(&ctx, &[wide, ("claims", r#"{"userinfo":{"email":null}}"#)]).await, "code");
        assert_eq!(word_of(&ctx, &[wide, ("client_id", "other")]).await, "consent");
        let aiko = sign_in(&core, &person(&core, "aiko@x.example").await).await;
        assert_eq!(word_of(&aiko, &[wide]).await, "consent");
        let again = sign_in(&core, &mara).await;
        assert_eq!(word_of(&again, &[wide]).await, "code");

        // What was left out then stays left out.
        let issued = tokens(&core, &ctx, wide.1).await;
        assert_eq!((issued.scope, issued.refresh_token.is_some()), (scopes("openid email"), false));

        // More is remembered beside what was.
        let handle = interaction(begin(&ctx, &[("scope", "openid profile")]).await.unwrap());
        let shown = get_consent(&ctx, &handle).await.unwrap();
        let before: Vec<_> = shown.scopes.iter().map(|line| line.granted_before).collect();
        assert_eq!(before, [true, false]);
        decide_consent(&ctx, answer(&handle, true, &[], true)).await.unwrap();
        assert_eq!(word_of(&ctx, &[("scope", "openid profile email")]).await, "code");
        assert_eq!(count(&core, "SELECT COUNT(*) FROM consents").await, 1);
    })
    .await;
}

/// D10: first-party clients skip it, unless they want it asked.
#[tokio::test]
async fn a_first_party_client_is_not_asked_about() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.first_party = true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid offline_access").await;
        assert!(issued.refresh_token.is_some());
        assert_eq!(count(&core, "SELECT COUNT(*) FROM interactions").await, 0);
        assert_eq!(word(&begin(&ctx, &[("prompt", "consent")]).await.unwrap()), "consent");
    })
    .await;
}

/// OIDC Core §11: a client that may not use refresh tokens is given no `offline_access`, and is not told off for it.
#[tokio::test]
async fn offline_access_is_ignored_for_a_client_without_refresh_tokens() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.grant_types = vec![GrantType::AuthorizationCode]).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let issued = tokens(&core, &ctx, "openid offline_access").await;
        assert_eq!((issued.scope, issued.refresh_token.is_some()), (scopes("openid"), false));
    })
    .await;
}

/// D10: nobody decides for somebody else. A decision counts for the person and the session it was taken in.
#[tokio::test]
async fn a_decision_is_worth_nothing_to_others() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let maras = sign_in(&core, &mara).await;
        let aikos = sign_in(&core, &person(&core, "aiko@x.example").await).await;
        // Aiko says yes to a request that Mara's browser began: Mara is still asked.
        let handle = interaction(begin(&maras, &[]).await.unwrap());
        decide_consent(&aikos, allow(&handle)).await.unwrap();
        assert_eq!(word(&resume(&maras, &handle).await.unwrap()), "consent");
        // And Aiko gets an answer about herself only.
        let issued = {
            let app = find_client(&core, "app").await.unwrap().unwrap();
            exchange(&core, &app, &code(&resume(&aikos, &handle).await.unwrap())).await.unwrap()
        };
        assert_eq!(claims(&issued.access_token)["sub"], aikos.user().unwrap().user_id.to_string());

        // Nobody's session: nobody's decision.
        let handle = interaction(begin(&maras, &[]).await.unwrap());
        let nobody = decide_consent(&core.anonymous(), allow(&handle)).await;
        assert!(matches!(nobody, Err(DecideConsentError::SignIn)));
        // A yes in one session is none in the next.
        decide_consent(&maras, allow(&handle)).await.unwrap();
        let next = sign_in(&core, &mara).await;
        assert_eq!(word(&resume(&next, &handle).await.unwrap()), "consent");
        // A session that ended meanwhile decides nothing.
        session::sign_out(&maras).await.unwrap();
        assert!(matches!(decide_consent(&maras, allow(&handle)).await, Err(DecideConsentError::SignIn)));
        assert_eq!(word(&resume(&maras, &handle).await.unwrap()), "sign-in");
    })
    .await;
}

/// D10: a yes to less is no yes to more, should the stored request ever be another one than was shown.
#[tokio::test]
async fn a_decision_covers_what_the_page_showed() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[("scope", "openid")]).await.unwrap());
        decide_consent(&ctx, allow(&handle)).await.unwrap();
        let wider = interaction(begin(&ctx, &[("scope", "openid email api:write")]).await.unwrap());
        // As if somebody who can write to the database, or a fault of ours, had swapped the two requests.
        let mut tx = core.db().write().await.unwrap();
        tx.query(
            "UPDATE interactions SET request = (SELECT i.request FROM interactions i WHERE i.digest = $2) \
             WHERE digest = $1",
        )
        .bind(handle.digest())
        .bind(wider.digest())
        .execute()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "consent");
    })
    .await;
}

/// D10: a decision before `prompt=login` is fulfilled is not taken.
#[tokio::test]
async fn nobody_decides_before_they_have_proved_who_they_are() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[("prompt", "login")]).await.unwrap());
        assert!(matches!(get_consent(&ctx, &handle).await, Err(GetConsentError::SignIn)));
        assert!(matches!(decide_consent(&ctx, allow(&handle)).await, Err(DecideConsentError::SignIn)));
    })
    .await;
}

/// D11: before a client is removed it is known who uses it: people with a live authorization, and remembered answers.
#[tokio::test]
async fn who_depends_on_a_client_is_counted() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let used = async || count_client_use(&core.operator(), "app").await.unwrap();
        assert_eq!(used().await, ClientUse { people: 0, consents: 0 });
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        for remember in [true, false] {
            let handle = interaction(begin(&ctx, &[("prompt", "consent")]).await.unwrap());
            decide_consent(&ctx, answer(&handle, true, &[], remember)).await.unwrap();
            code(&resume(&ctx, &handle).await.unwrap());
        }
        assert_eq!(used().await.people, 1, "of several authorizations of one person");
        assert_eq!(used().await.consents, count(&core, "SELECT COUNT(*) FROM consents").await);
        core.clock.advance(200 * DAY);
        assert_eq!(used().await.people, 0, "what is over counts no more");
        let nothing = ClientUse::default();
        assert_eq!(count_client_use(&core.operator(), "app\0").await.unwrap(), nothing);
        assert!(matches!(count_client_use(&core.anonymous(), "app").await, Err(ClientUseError::Denied(_))));
    })
    .await;
}
