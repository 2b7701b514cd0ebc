//! Queries and forms as a whole, and the JSON within them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::*;

/// The value with all its numbers in one notation.
fn floats(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.into_iter().map(floats).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, floats(value))).collect(),
        other => other,
    }
}

fuzzed! {
    /// RFC 6749 Appendix B: what was decoded is text within the limits, and encoding it again gives the same.
    parameters("params.txt", "authorization.txt", "token.txt") |text| {
        let Ok(params) = Params::parse(text.as_bytes()) else { return };
        let pairs: Vec<_> = params.iter().collect();
        assert!(pairs.len() <= Params::MAX_COUNT);
        for (name, value) in &pairs {
            assert!(name.len() <= Params::MAX_NAME_BYTES && (1..=Params::MAX_VALUE_BYTES).contains(&value.len()));
            assert!(!name.contains('\0') && !value.contains('\0'));
        }
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        if encoded.len() <= Params::MAX_BYTES {
            assert!(Params::parse(encoded.as_bytes()).unwrap() == params);
        }
        let twice = |name: &str| pairs.iter().filter(|(other, _)| *other == name).count() > 1;
        assert!(params.refuse_duplicates().is_err() || !pairs.iter().any(|(name, _)| twice(name) && params.single(name).is_ok()));
    }

    /// OIDC Core §5.5: bounded, and the same when it is read back from the store.
    claims("claims.txt") |text| {
        let Ok(claims) = ClaimsRequest::parse(text) else { return };
        let places = [&claims.userinfo, &claims.id_token];
        assert!(places.iter().all(|place| place.len() <= ClaimsRequest::MAX_CLAIMS));
        let asked = || places.iter().flat_map(|place| place.values());
        assert!(asked().all(|claim| claim.values.len() <= ClaimsRequest::MAX_VALUES));
        survives(&claims);
        let _ = (claims.required_subject(), claims.acr().map(|acr| acr.accepts(&Value::Null)));
    }

    /// RFC 9396 §2: objects with a type, bounded, and nothing that was smuggled in beside them.
    authorization_details("details.txt") |text| {
        let pair = url::form_urlencoded::Serializer::new(String::new()).append_pair("authorization_details", text).finish();
        let Ok(params) = Params::parse(pair.as_bytes()) else { return };
        let Ok(details) = authorization_details::parse(&params) else { return };
        assert!(details.len() <= authorization_details::MAX_ENTRIES && text.len() <= authorization_details::MAX_BYTES);
        assert!(details.iter().all(|detail| !authorization_details::type_of(detail).is_empty()));
        if !text.is_empty() {
            let as_floats = |details: &[Value]| details.iter().cloned().map(floats).collect::<Vec<_>>();
            assert_eq!(as_floats(&serde_json::from_str::<Vec<Value>>(text).unwrap()), as_floats(&details));
        }
    }

    /// RFC 6749 §2.3.1: credentials within their limits, whose secret is not shown.
    basic_credentials("basic.txt") |text| {
        for header in [text.to_owned(), format!("Basic {}", STANDARD.encode(text)), format!("Basic {text}")] {
            let Ok(found) = ClientCredentials::parse(Some(&header), &Params::default()) else { continue };
            credentials(&found);
        }
    }

    /// RFC 6749 §3.2, §5.2: the body of every endpoint for programs.
    bodies("token.txt", "params.txt") |text| {
        let Ok(body) = Params::parse(text.as_bytes()) else { return };
        if let Ok(found) = ClientCredentials::parse(None, &body) {
            credentials(&found);
        }
        if let Ok(request) = TokenRequest::parse(&body) {
            assert_eq!(body.get("grant_type"), Some(request.grant_type().as_str()));
        }
        if let Ok(lookup) = TokenLookup::parse(&body) {
            assert_eq!(body.single("token"), Ok(Some(lookup.token.expose())));
        }
    }

    /// RFC 6749 §4.1, JARM: a request survives being stored, and its answer goes where it said and nowhere else.
    authorization_requests("authorization.txt", "params.txt") |text| {
        let Ok(params) = Params::parse(text.as_bytes()) else { return };
        let Ok(target) = AuthorizationTarget::parse(&params) else { return };
        survives(&target);
        assert_ne!(target.response_mode, ResponseMode::Jwt, "a wish is settled when it is read");
        assert!(target.state.as_ref().is_none_or(|state| !state.contains(char::is_control)));
        let issuer = Issuer::parse("https://id.example").unwrap();
        let answer = match AuthorizationRequest::parse(&params, &target) {
            Ok(request) => {
                assert_eq!((&request.target.client_id, &request.target.state), (&target.client_id, &target.state));
                let mut stored = request.clone();
                // See `claims`.
                stored.claims = None;
                stored.authorization_details.clear();
                survives(&stored);
                AuthorizationResponse::code(&request.target, &issuer, "c")
            }
            Err(error) => AuthorizationResponse::error(&target, &issuer, &error),
        };
        let claims = answer.claims_to_sign("app", 1);
        assert_eq!(claims.is_some(), target.response_mode.is_signed());
        let answer = if claims.is_some() { answer.signed("t.t.t".to_owned()) } else { answer };
        match answer.into_delivery() {
            Delivery::Redirect(to) => {
                assert!(to.bytes().all(|byte| byte.is_ascii_graphic()) && to.starts_with(target.redirect_uri.as_str()));
                let (to, registered) = (url::Url::parse(&to).unwrap(), url::Url::parse(target.redirect_uri.as_str()).unwrap());
                assert_eq!((to.scheme(), to.host(), to.port(), to.path()), (registered.scheme(), registered.host(), registered.port(), registered.path()));
            }
            Delivery::FormPost { action, .. } => assert_eq!(action, target.redirect_uri),
        }
    }

    /// RP-Initiated Logout §2, §3: what is asked holds nothing twice and shows no token; the way back leads to the address
    /// that was asked for, with `state` as its last word.
    logout_requests("logout.txt", "params.txt") |text| {
        let Ok(params) = Params::parse(text.as_bytes()) else { return };
        let Ok(request) = LogoutRequest::parse(&params) else { return };
        assert!(params.refuse_duplicates().is_ok());
        let shown = format!("{request:?}");
        if let Some(hint) = request.id_token_hint.as_deref().filter(|hint| hint.len() > 40) {
            let others = [request.client_id.as_deref(), request.post_logout_redirect_uri.as_ref().map(RedirectUri::as_str)];
            assert!(others.into_iter().flatten().any(|other| other.contains(hint)) || !shown.contains(hint), "{shown}");
        }
        let Some(uri) = &request.post_logout_redirect_uri else { return };
        survives(uri);
        let state = request.state.as_deref();
        let back = LogoutRequest::way_back(uri, state);
        assert!(back.starts_with(uri.as_str()) && back.bytes().all(|byte| byte.is_ascii_graphic()), "{back}");
        let (to, asked) = (url::Url::parse(&back).unwrap(), url::Url::parse(uri.as_str()).unwrap());
        assert_eq!((to.scheme(), to.host(), to.port(), to.path()), (asked.scheme(), asked.host(), asked.port(), asked.path()));
        match state {
            Some(state) => assert_eq!(to.query_pairs().last(), Some(("state".into(), state.into())), "{back}"),
            None => assert_eq!(back, uri.as_str()),
        }
    }
}

fn credentials(found: &ClientCredentials) {
    assert!((1..=authorization_request::MAX_CLIENT_ID_BYTES).contains(&found.client_id().len()));
    if let Some(secret) = found.secret() {
        assert!(secret.expose().len() <= 512);
        let shown = format!("{found:?}");
        assert!(
            secret.expose().len() < 8
                || found.client_id().contains(secret.expose())
                || !shown.contains(secret.expose())
        );
    }
}
