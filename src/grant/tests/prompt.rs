//! OIDC Core §3.1.2.1: `prompt`, `max_age`, `id_token_hint`, `claims`: who must do what.

use super::*;
use crate::testing::on_both_engines;

/// B6, D2: what a session of a certain age is worth for each wish.
#[tokio::test]
async fn a_table_of_wishes() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.first_party = true).await;
        let mara = person(&core, "mara@x.example").await;
        // (wish, nobody is signed in, signed in 5 minutes ago)
        for (changes, nobody, five_minutes) in [
            (&[][..], "sign-in", "code"),
            (&[("prompt", "none")], "login_required", "code"),
            (&[("prompt", "login")], "sign-in", "sign-in"),
            (&[("prompt", "consent")], "sign-in", "consent"),
            (&[("prompt", "login consent")], "sign-in", "sign-in"),
            (&[("prompt", "select_account")], "sign-in", "sign-in"),
            (&[("prompt", "create")], "sign-in", "sign-in"),
            (&[("max_age", "0")], "sign-in", "sign-in"),
            (&[("max_age", "299")], "sign-in", "sign-in"),
            (&[("max_age", "300")], "sign-in", "code"),
            (&[("max_age", "299"), ("prompt", "none")], "login_required", "login_required"),
            (&[("max_age", "300"), ("prompt", "none")], "login_required", "code"),
            (&[("max_age", "0"), ("prompt", "none")], "login_required", "login_required"),
            (&[("login_hint", "somebody@x.example")], "sign-in", "sign-in"),
            (&[("login_hint", " MARA@x.example")], "sign-in", "code"),
            (&[("login_hint", "somebody@x.example"), ("prompt", "none")], "login_required", "code"),
            (&[("ui_locales", "sv xx"), ("display", "wap"), ("acr_values", "urn:x")], "sign-in", "code"),
        ] {
            assert_eq!(word(&begin(&core.anonymous(), changes).await.unwrap()), nobody, "{changes:?}");
            let ctx = sign_in(&core, &mara).await;
            core.clock.advance(5 * MINUTE);
            let step = begin(&ctx, changes).await.unwrap();
            assert_eq!(word(&step), five_minutes, "{changes:?}");
            if word(&step) != "sign-in" {
                continue;
            }
            // Coming back with the same session changes nothing; signing in again does, and only once is asked.
            let handle = interaction(step);
            assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "sign-in", "{changes:?}");
            let again = sign_in(&core, &mara).await;
            core.clock.advance(2 * SECOND);
            let expected = if changes.contains(&("prompt", "login consent")) { "consent" } else { "code" };
            assert_eq!(word(&resume(&again, &handle).await.unwrap()), expected, "{changes:?}");
        }
    })
    .await;
}

/// B6: the page knows whether it asks somebody again, and where `prompt=create` begins.
#[tokio::test]
async fn the_sign_in_page_knows_why() {
    on_both_engines(async |core: TestCore| {
        client(&core, "app", |settings| settings.first_party = true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let handle = interaction(begin(&ctx, &[("prompt", "login"), ("login_hint", "mara@x.example")]).await.unwrap());
        let view = find_interaction(&ctx, &handle).await.unwrap().unwrap();
        assert!(view.reauthenticate && !view.signed_in && !view.create);
        assert_eq!(view.login_hint.as_deref(), Some("mara@x.example"));
        let view = find_interaction(&core.anonymous(), &handle).await.unwrap().unwrap();
        assert!(!view.reauthenticate && !view.signed_in);
        let step = begin(&core.anonymous(), &[("prompt", "create")]).await.unwrap();
        assert!(matches!(step, AuthorizationStep::SignIn { at: SignInAt::Registration, .. }));
        let handle = interaction(begin(&ctx, &[("prompt", "select_account")]).await.unwrap());
        assert!(!find_interaction(&ctx, &handle).await.unwrap().unwrap().reauthenticate);
    })
    .await;
}

/// C2, OIDC Core §3.1.2.1: whoever is chosen among the accounts of the browser is not asked again; choosing proves nothing.
#[tokio::test]
async fn an_account_is_chosen() {
    on_both_engines(async |core: TestCore| {
        let house = client(&core, "app", |settings| settings.first_party = true).await;
        let mara = person(&core, "mara@x.example").await;
        let aiko = person(&core, "aiko@x.example").await;
        let (maras, aikos) = (sign_in(&core, &mara).await, sign_in(&core, &aiko).await);
        let hint = exchange(&core, &house, &authorize(&maras, &[]).await).await.unwrap().id_token.unwrap();
        core.clock.advance(SECOND);
        let step = begin(&maras, &[("prompt", "select_account")]).await.unwrap();
        assert!(matches!(step, AuthorizationStep::SignIn { at: SignInAt::Chooser, .. }));
        let handle = interaction(step);
        assert!(find_interaction(&maras, &handle).await.unwrap().unwrap().choose);
        choose_account(&core.anonymous(), &handle, None).await.unwrap();
        assert_eq!(word(&resume(&maras, &handle).await.unwrap()), "sign-in");
        choose_account(&aikos, &handle, None).await.unwrap();
        assert!(!find_interaction(&aikos, &handle).await.unwrap().unwrap().choose);
        assert_eq!(word(&resume(&maras, &handle).await.unwrap()), "sign-in", "she was not chosen");
        assert_eq!(word(&resume(&aikos, &handle).await.unwrap()), "code");
        choose_account(&aikos, &handle, None).await.unwrap();
        assert!(resume(&aikos, &handle).await.is_err(), "it is answered");

        let handle = interaction(begin(&maras, &[("prompt", "select_account login")]).await.unwrap());
        choose_account(&maras, &handle, None).await.unwrap();
        assert!(find_interaction(&maras, &handle).await.unwrap().unwrap().reauthenticate, "choosing is no proof");

        let handle = interaction(begin(&aikos, &[("id_token_hint", &hint)]).await.unwrap());
        choose_account(&aikos, &handle, None).await.unwrap();
        assert_eq!(word(&resume(&aikos, &handle).await.unwrap()), "login_required", "the application means Mara");
        let handle = interaction(begin(&aikos, &[("id_token_hint", &hint)]).await.unwrap());
        choose_account(&maras, &handle, None).await.unwrap();
        assert_eq!(word(&resume(&maras, &handle).await.unwrap()), "code");
    })
    .await;
}

/// OIDC Core §3.1.2.2: an answer is about the person of the hint, or it is an error.
#[tokio::test]
async fn a_hint_names_the_person() {
    on_both_engines(async |core: TestCore| {
        let house = client(&core, "app", |settings| settings.first_party = true).await;
        client(&core, "other", |settings| settings.first_party = true).await;
        let mara = person(&core, "mara@x.example").await;
        let aiko = person(&core, "aiko@x.example").await;
        let maras = sign_in(&core, &mara).await;
        let code = authorize(&maras, &[]).await;
        let hint = exchange(&core, &house, &code).await.unwrap().id_token.unwrap();
        let access = exchange(&core, &house, &authorize(&maras, &[]).await).await.unwrap().access_token;
        core.clock.advance(HOUR);

        // It has expired, which is no matter.
        assert_eq!(word(&begin(&maras, &[("id_token_hint", &hint)]).await.unwrap()), "code");
        assert_eq!(word(&begin(&maras, &[("id_token_hint", &hint), ("prompt", "none")]).await.unwrap()), "code");
        let aikos = sign_in(&core, &aiko).await;
        let silent = begin(&aikos, &[("id_token_hint", &hint), ("prompt", "none")]).await.unwrap();
        assert_eq!(word(&silent), "login_required");
        core.clock.advance(SECOND);
        let handle = interaction(begin(&aikos, &[("id_token_hint", &hint)]).await.unwrap());
        // She may sign in as Mara; as herself again, the application is told.
        let again = sign_in(&core, &aiko).await;
        let right = sign_in(&core, &mara).await;
        let second = interaction(begin(&aikos, &[("id_token_hint", &hint)]).await.unwrap());
        core.clock.advance(SECOND);
        assert_eq!(word(&resume(&again, &handle).await.unwrap()), "login_required");
        assert_eq!(word(&resume(&right, &second).await.unwrap()), "code");

        // `sub` in the claims parameter says the same.
        let sub = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, mara.id);
        assert_eq!(word(&begin(&right, &[("claims", &sub)]).await.unwrap()), "code");
        assert_eq!(word(&begin(&aikos, &[("claims", &sub), ("prompt", "none")]).await.unwrap()), "login_required");

        // What is no ID token for this client is refused: an access token, another client's, a changed one.
        for wrong in [access.as_str(), &format!("{hint}x"), "x"] {
            assert_eq!(word(&begin(&maras, &[("id_token_hint", wrong)]).await.unwrap()), "invalid_request");
        }
        let foreign = begin(&maras, &[("client_id", "other"), ("id_token_hint", &hint)]).await.unwrap();
        assert_eq!(word(&foreign), "invalid_request");
    })
    .await;
}
