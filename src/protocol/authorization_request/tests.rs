//! D2, D13: which requests are understood, and where the refusal of the others goes.

use proptest::prelude::*;

use super::*;
use crate::protocol::{Prompt, Scope};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn params(text: &str) -> Params {
    Params::parse(text.as_bytes()).unwrap()
}

fn base() -> String {
    format!(
        "client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code&scope=openid+email&state=xyz\
         &nonce=n-1&code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
}

fn parse(text: &str) -> Result<AuthorizationRequest, OAuthError> {
    let params = params(text);
    AuthorizationRequest::parse(&params, &AuthorizationTarget::parse(&params).unwrap())
}

fn refusal(extra: &str) -> OAuthErrorCode {
    parse(&format!("{}&{extra}", base())).unwrap_err().code()
}

fn without(name: &str) -> String {
    base().split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).collect::<Vec<_>>().join("&")
}

#[test]
fn a_plain_request() {
    let request = parse(&base()).unwrap();
    assert_eq!(request.target.client_id, "app");
    assert_eq!(request.target.redirect_uri.as_str(), "https://app.example/cb");
    assert_eq!(request.target.response_mode, ResponseMode::Query);
    assert_eq!(request.target.state.as_deref(), Some("xyz"));
    assert!(request.is_openid() && request.scope.contains(&Scope::EMAIL));
    assert_eq!(request.nonce.as_deref(), Some("n-1"));
    assert_eq!(request.code_challenge.unwrap().as_str(), CHALLENGE);
    assert!(request.prompt.is_empty());
}

#[test]
fn a_full_request_survives_storage() {
    let request = parse(&format!(
        "{}&response_mode=form_post&prompt=login+consent&max_age=300&login_hint=ana%40example.org&id_token_hint=a.b.c\
         &acr_values=urn%3Aa+urn%3Ab&ui_locales=fr+de&display=popup\
         &claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%7D%7D%7D",
        base()
    ))
    .unwrap();
    assert_eq!(request.target.response_mode, ResponseMode::FormPost);
    assert!(request.prompt.contains(Prompt::Consent));
    assert_eq!(request.max_age.unwrap().seconds(), 300);
    assert_eq!(request.acr_values, ["urn:a", "urn:b"]);
    assert!(request.claims.as_ref().unwrap().acr().unwrap().essential);
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<AuthorizationRequest>(&json).unwrap(), request);
    let tampered = json.replace("https://app.example/cb", "javascript:alert(1)");
    assert!(serde_json::from_str::<AuthorizationRequest>(&tampered).is_err());
}

#[test]
fn wishes_that_cannot_be_read_are_passed_over() {
    let request = parse(&format!("{}&display=hologram&ui_locales=%22&unknown=1&prompt=", base())).unwrap();
    assert_eq!(request.display, None);
    assert!(request.ui_locales.is_empty());
}

#[test]
fn stage_one_refuses_what_cannot_be_redirected() {
    let target = |text: &str| AuthorizationTarget::parse(&params(text)).unwrap_err();
    assert_eq!(target(&without("client_id")), TargetError::ClientIdMissing);
    assert_eq!(target(&without("redirect_uri")), TargetError::RedirectUriMissing);
    assert_eq!(
        target(&format!("{}&client_id=app", base())),
        TargetError::Params(ParamsError::Duplicated("client_id".to_owned()))
    );
    assert!(matches!(target(&format!("{}&redirect_uri=https://evil.example", base())), TargetError::Params(_)));
    assert_eq!(target("client_id=%0aapp&redirect_uri=https://a.example/"), TargetError::ClientIdMalformed);
    assert_eq!(target("client_id=a&redirect_uri=javascript:x"), TargetError::RedirectUri(RedirectUriError::Scheme));
    assert_eq!(
        target(&format!("client_id={}&redirect_uri=https://a.example/", "a".repeat(256))),
        TargetError::ClientIdMalformed
    );
}

#[test]
fn stage_one_knows_how_to_answer_errors() {
    let target = |text: &str| AuthorizationTarget::parse(&params(text)).unwrap();
    let start = "client_id=a&redirect_uri=https://a.example/";
    assert_eq!(target(start).response_mode, ResponseMode::Query);
    assert_eq!(target(&format!("{start}&response_mode=form_post")).response_mode, ResponseMode::FormPost);
    assert_eq!(target(&format!("{start}&response_mode=smoke")).response_mode, ResponseMode::Query);
    assert_eq!(target(&format!("{start}&response_type=code+id_token")).response_mode, ResponseMode::Fragment);
    // JARM §2.3.4: errors are signed, too.
    assert_eq!(target(&format!("{start}&response_mode=jwt&response_type=code")).response_mode, ResponseMode::QueryJwt);
    let implicit = target(&format!("{start}&response_mode=jwt&response_type=id_token"));
    assert_eq!(implicit.response_mode, ResponseMode::FragmentJwt);
    assert_eq!(target(&format!("{start}&state=a&state=b")).state, None);
    assert_eq!(target(&format!("{start}&state=a%0d%0ab")).state, None);
    assert_eq!(target(&format!("{start}&state=%C3%A9")).state.as_deref(), Some("é"));
}

#[test]
fn stage_two_answers_with_the_registered_codes() {
    use OAuthErrorCode as C;
    for (extra, code) in [
        ("state=again", C::InvalidRequest),
        ("foreign=1&foreign=2", C::InvalidRequest),
        ("resource=api", C::InvalidTarget),
        ("authorization_details=%7B%7D", C::InvalidAuthorizationDetails),
        ("request_uri=urn:x", C::RequestUriNotSupported),
        ("registration=%7B%7D", C::RegistrationNotSupported),
        ("response_mode=smoke.jwt", C::InvalidRequest),
        ("prompt=none+login", C::InvalidRequest),
        ("prompt=sing", C::InvalidRequest),
        ("max_age=-1", C::InvalidRequest),
        ("max_age=soon", C::InvalidRequest),
        ("claims=%5B%5D", C::InvalidRequest),
        ("login_hint=a%0d%0aB", C::InvalidRequest),
    ] {
        assert_eq!(refusal(extra), code, "{extra}");
    }
    let changed = |from: &str, to: &str| parse(&base().replace(from, to)).unwrap_err().code();
    assert_eq!(changed("response_type=code", "response_type=token"), C::UnsupportedResponseType);
    assert_eq!(changed("response_type=code&", ""), C::InvalidRequest);
    assert_eq!(changed("scope=openid", "scope=%22"), C::InvalidScope);
    assert_eq!(changed("nonce=n-1", &format!("nonce={}", "n".repeat(1025))), C::InvalidRequest);
    assert_eq!(changed("state=xyz", &format!("state={}", "s".repeat(4097))), C::InvalidRequest);
    assert_eq!(changed("=S256", "=plain"), C::InvalidRequest);
    assert_eq!(changed("&code_challenge_method=S256", ""), C::InvalidRequest);
    assert_eq!(changed(&format!("code_challenge={CHALLENGE}&"), ""), C::InvalidRequest);
    assert_eq!(changed(CHALLENGE, "short"), C::InvalidRequest);
}

#[test]
fn pkce_may_be_absent_here() {
    let text = without("code_challenge").replace("&code_challenge_method=S256", "");
    assert_eq!(parse(&text).unwrap().code_challenge, None);
}

proptest! {
    #[test]
    fn arbitrary_parameters_never_panic_and_stored_requests_come_back(
        extra in prop::collection::vec((
            prop::sample::select(vec!["scope", "state", "nonce", "prompt", "max_age", "claims", "acr_values",
                "login_hint", "id_token_hint", "response_mode", "response_type", "ui_locales", "display"]),
            "[ -~é\n]{0,24}|login|none|query|fragment|code|[0-9]{1,4}|\\{\\}"), 0..6),
    ) {
        let text = url::form_urlencoded::Serializer::new(
            "client_id=a&redirect_uri=https://a.example/&response_type=code".to_owned()).extend_pairs(extra).finish();
        let params = Params::parse(text.as_bytes()).unwrap();
        let target = AuthorizationTarget::parse(&params).unwrap();
        if let Ok(request) = AuthorizationRequest::parse(&params, &target) {
            let json = serde_json::to_string(&request).unwrap();
            prop_assert_eq!(serde_json::from_str::<AuthorizationRequest>(&json).unwrap(), request);
        }
    }
}
