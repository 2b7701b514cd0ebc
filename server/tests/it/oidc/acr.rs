//! D5, D8: authentication contexts (OIDC Core §3.1.2.1, §5.5.1.1).

use crate::harness::{App, EMAIL, PASSWORD, authorize, parameter};

const PWD: &str = "urn:ostiary:acr:pwd";

/// OIDC Core §5.5.1.1: an essential `acr` that cannot be reached is an error; one that can, and every wish, is no obstacle.
/// `oidcc-ensure-request-with-acr-values-succeeds`, `fapi2-sp-…test-essential-acr-sca-claim`
#[tokio::test]
async fn essential_contexts_are_met_or_told() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let mut browser = app.signed_in(EMAIL).await;
    let essential = |acr: &str| format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{acr}"]}}}}}}"#);
    let bare = r#"{"id_token":{"acr":{"essential":true}}}"#;
    let wish = r#"{"id_token":{"acr":{"values":["urn:x:hardware"]}}}"#;
    for (extra, error) in [
        (("acr_values", "urn:x:hardware urn:x:more"), None),
        (("claims", wish), None),
        (("claims", bare), None),
        (("claims", &*essential(PWD)), None),
        (("claims", &*essential("urn:x:hardware")), Some("unmet_authentication_requirements")),
    ] {
        let answer = browser.get(&authorize(&client, &[extra])).await;
        assert_eq!(parameter(answer.is(303).location(), "error").as_deref(), error, "{extra:?}");
    }
}

/// OIDC Registration §2: `default_max_age` stands where a request names none; a request that does is kept to.
#[tokio::test]
async fn a_default_max_age_stands_for_a_missing_one() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app
        .client_with(|settings| {
            settings.first_party = true;
            settings.default_max_age = Some(60);
            settings.default_acr_values = vec!["urn:x:hardware".to_owned()];
        })
        .await;
    let mut browser = app.signed_in(EMAIL).await;
    let has_code = |location: &str| parameter(location, "code").is_some();
    assert!(has_code(browser.get(&authorize(&client, &[])).await.is(303).location()));
    app.core.clock.advance(std::time::Duration::from_secs(61));
    assert!(has_code(browser.get(&authorize(&client, &[("max_age", "600")])).await.is(303).location()));
    let to = browser.get(&authorize(&client, &[])).await.is(303).location().to_owned();
    assert!(to.starts_with("/sign-in?i="), "{to}");
    let interaction = parameter(&to, "i").unwrap();
    let fields = [("username", EMAIL), ("password", PASSWORD), ("i", interaction.as_str())];
    let resumed = browser.post("/do/sign-in", &fields).await.is(303).location().to_owned();
    assert!(has_code(browser.get(&resumed).await.is(303).location()));
}
