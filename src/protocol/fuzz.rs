//! Every parser of this room against text that somebody else wrote (DESIGN §5): what is known to be tricky
//! (`corpus/`), the same bent and broken at random, and plain noise.
//!
//! Not panicking is the least of it. What was accepted keeps its limits, means the same when it is written down
//! and read again, and shows no secret in `Debug`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;

/// What breaks things when it is put somewhere: separators, escapes, ends, numbers at their limits, text that looks
/// like other text.
const BITS: [&str; 44] = [
    "",
    "\0",
    "%",
    "%00",
    "%zz",
    "%2e",
    "%C3%A9",
    "%ff",
    "&",
    "=",
    "+",
    " ",
    "  ",
    "\t",
    "\r\n",
    "\"",
    "\\",
    "'",
    "<",
    "#",
    "?",
    "/",
    "/../",
    "//",
    "@",
    "*",
    ":",
    ":0",
    ",",
    ".",
    "..",
    "[",
    "]",
    "{",
    "}",
    "null",
    "-1",
    "1e400",
    "18446744073709551616",
    "é",
    "\u{202e}",
    "\u{ff0e}",
    "AAAA",
    "none",
];

/// One way to break a text.
#[derive(Debug, Clone)]
enum Change {
    /// Takes a piece out.
    Cut(Index, Index),
    /// Puts something in.
    Insert(Index, &'static str),
    /// Says a piece again, and again.
    Repeat(Index, Index, usize),
    /// Ends early and goes on with another text.
    Splice(Index, Index, Index),
    /// One character becomes another.
    Swap(Index, char),
    /// Letters change their case.
    Shout(Index, Index),
}

impl Change {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            (at(), at()).prop_map(|(from, to)| Self::Cut(from, to)),
            (at(), prop::sample::select(&BITS[..])).prop_map(|(at, bit)| Self::Insert(at, bit)),
            (at(), at(), prop::sample::select(&[1, 2, 40, 400][..]))
                .prop_map(|(from, to, times)| Self::Repeat(from, to, times)),
            (at(), at(), at()).prop_map(|(end, other, start)| Self::Splice(end, other, start)),
            (at(), any::<char>()).prop_map(|(at, new)| Self::Swap(at, new)),
            (at(), at()).prop_map(|(from, to)| Self::Shout(from, to)),
        ]
    }

    fn apply(&self, text: &str, corpus: &[&str]) -> String {
        let chars: Vec<char> = text.chars().collect();
        let place = |index: &Index| index.index(chars.len() + 1);
        let range = |a: &Index, b: &Index| (place(a).min(place(b)), place(a).max(place(b)));
        let text = |chars: &[char]| chars.iter().collect::<String>();
        match self {
            Self::Cut(a, b) => {
                let (from, to) = range(a, b);
                text(&chars[..from]) + &text(&chars[to..])
            }
            Self::Insert(at, bit) => text(&chars[..place(at)]) + bit + &text(&chars[place(at)..]),
            Self::Repeat(a, b, times) => {
                let (from, to) = range(a, b);
                text(&chars[..to]) + &text(&chars[from..to]).repeat(*times) + &text(&chars[to..])
            }
            Self::Splice(end, other, start) => {
                let other: Vec<char> = corpus[other.index(corpus.len())].chars().collect();
                text(&chars[..place(end)]) + &text(&other[start.index(other.len() + 1)..])
            }
            Self::Swap(at, new) if !chars.is_empty() => {
                let mut changed = chars.clone();
                changed[at.index(chars.len())] = *new;
                text(&changed)
            }
            Self::Swap(..) => String::new(),
            Self::Shout(a, b) => {
                let (from, to) = range(a, b);
                text(&chars[..from]) + &text(&chars[from..to]).to_uppercase() + &text(&chars[to..])
            }
        }
    }
}

/// Runs `check` on the corpus, on what becomes of it, and on noise. Nothing is written to disk: what is found goes into
/// the corpus by hand.
fn fuzz(corpus: &'static str, check: fn(&str)) {
    let lines: Vec<&str> = corpus.lines().filter(|line| !line.starts_with('#')).chain([""]).collect();
    for line in &lines {
        check(line);
    }
    let bent = (any::<Index>(), prop::collection::vec(Change::any(), 1..5)).prop_map({
        let lines = lines.clone();
        move |(line, changes)| {
            let start = lines[line.index(lines.len())].to_owned();
            let bent = changes.iter().fold(start, |text, change| change.apply(&text, &lines));
            // Limits lie at 64 KiB at most; beyond twice that there is nothing new.
            bent.chars().take(128 * 1024).collect::<String>()
        }
    });
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    // More for whoever sets PROPTEST_CASES and has time.
    config.cases = config.cases.max(400);
    let run = |text: String| {
        check(&text);
        Ok(())
    };
    TestRunner::new(config.clone()).run(&bent, run).unwrap_or_else(|failure| panic!("{failure}"));
    TestRunner::new(config).run(&any::<String>(), run).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A value that is stored as JSON is read back as itself.
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let stored = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&stored).unwrap(), value, "{stored}");
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

macro_rules! fuzzed {
    ($($(#[$doc:meta])* $name:ident($($corpus:literal),+) $check:expr)+) => {
        $($(#[$doc])*
        #[test]
        fn $name() {
            $(fuzz(include_str!(concat!("corpus/", $corpus)), $check);)+
        })+
    };
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

    /// RFC 6749 §3.3: a set means the same written down, and holds nothing that could leave a header or a list.
    scopes("words.txt") |text| {
        if let Ok(scope) = Scope::parse(text) {
            assert!(is_visible(scope.as_str()) && !scope.as_str().contains(['"', '\\', ' ']) && scope.as_str() == text);
        }
        let Ok(set) = ScopeSet::parse(text) else { return };
        survives(&set);
        assert!(set.to_string().len() <= ScopeSet::MAX_BYTES);
        assert_eq!(ScopeSet::parse(&set.to_string()).unwrap(), set);
        assert!(set.iter().all(|scope| text.contains(scope.as_str())));
    }

    /// OIDC Core §3.1.2.1: `none` is alone.
    prompts("words.txt") |text| {
        let Ok(prompts) = PromptSet::parse(text) else { return };
        survives(&prompts);
        assert!(!prompts.contains(Prompt::None) || prompts.iter().count() == 1);
        assert_eq!(PromptSet::parse(&prompts.to_string()), Ok(prompts));
    }

    /// OIDC Core §3.1.2.1: digits and tags.
    small_words("words.txt") |text| {
        if let Ok(age) = MaxAge::parse(text) {
            survives(&age);
            let number: u64 = text.parse().unwrap();
            assert_eq!(u64::from(age.seconds()), number.min(u32::MAX.into()));
        }
        let locales = ui_locales::parse(text);
        assert!(locales.len() <= 16 && locales.iter().all(|tag| text.contains(tag.as_str()) && is_visible(tag)));
        assert_eq!(ui_locales::parse(&locales.join(" ")), locales);
        if let Ok(mode) = text.parse::<ResponseMode>() {
            assert_eq!(mode.as_str(), text);
        }
        assert_ne!(response_type::default_mode_of_unknown(text), ResponseMode::FormPost);
    }

    /// RFC 7636 §4: a challenge has one spelling, and a verifier meets its own.
    proof_keys("words.txt") |text| {
        if let Ok(challenge) = CodeChallenge::parse(text) {
            survives(&challenge);
            assert_eq!(URL_SAFE_NO_PAD.encode(URL_SAFE_NO_PAD.decode(text).unwrap()), text);
        }
        if let Ok(verifier) = CodeVerifier::parse(text) {
            assert!((43..=128).contains(&text.len()) && is_visible(text));
            assert!(verifier.challenge().verify(&verifier));
            assert!(!format!("{verifier:?}").contains(text));
        }
    }

    /// RFC 6750 §2: one token of its characters; challenges stay one header whatever they quote.
    bearer_tokens("words.txt", "tokens.txt") |text| {
        if let Ok(token) = BearerToken::parse(text) {
            assert!(token.expose() == text && !text.contains([' ', '"', ',']));
            assert!(text.len() < 12 || !format!("{token:?}").contains(text));
            let header = format!("bEaReR  {text}");
            assert_eq!(BearerToken::find(Some(&header), None, None).unwrap().expose(), text);
        }
        let _ = BearerToken::find(Some(text), None, None);
        let error = OAuthError::invalid_request(text.to_owned());
        assert!(error.description().is_none_or(|text| is_visible(text) && text.len() <= OAuthError::MAX_DESCRIPTION_BYTES));
        let challenge = BearerChallenge { realm: text, error: Some(&error), scope: None }.to_string();
        assert!(is_visible(&challenge) && http_quotes_are_closed(&challenge), "{challenge}");
    }

    /// RFC 8252, RFC 9700 §2.1: what may be registered is what every browser takes it for, to the byte.
    redirect_uris("uris.txt") |text| {
        let Ok(uri) = RedirectUri::parse(text) else { return };
        survives(&uri);
        assert!(uri.as_str() == text && uri.matches(&uri) && text.len() <= RedirectUri::MAX_BYTES);
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '*', '\\', '<', '"']));
        let url = url::Url::parse(text).unwrap();
        assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        assert!(matches!(url.scheme(), "https" | "http") || url.scheme().contains('.'));
        if let Some(host) = uri.host() {
            assert!(url.host_str().unwrap().eq_ignore_ascii_case(host));
            assert!(text.starts_with(uri.csp_source()));
        }
    }

    /// RFC 8414 §2: an issuer has one spelling.
    issuers("uris.txt") |text| {
        let Ok(issuer) = Issuer::parse(text) else { return };
        survives(&issuer);
        assert_eq!(Issuer::parse(issuer.as_str()).as_ref(), Ok(&issuer));
        assert_eq!([issuer.origin(), issuer.path()].concat(), issuer.as_str());
        assert!(!issuer.as_str().contains(['?', '#']) && !issuer.origin().contains('@') && !issuer.path().contains("//"));
        assert!(url::Url::parse(&issuer.endpoint("/connect/token")).is_ok());
    }

    /// OIDC Core §5.5: bounded, and the same when it is read back from the store.
    claims("claims.txt") |text| {
        let Ok(claims) = ClaimsRequest::parse(text) else { return };
        let places = [&claims.userinfo, &claims.id_token];
        assert!(places.iter().all(|place| place.len() <= ClaimsRequest::MAX_CLAIMS));
        let asked = || places.iter().flat_map(|place| place.values());
        assert!(asked().all(|claim| claim.values.len() <= ClaimsRequest::MAX_VALUES));
        let has_fraction = |value: &Value| value.to_string().contains(['.', 'e', 'E']);
        // The last digit of a fraction may change on the way.
        if !asked().flat_map(|claim| claim.value.iter().chain(&claim.values)).any(has_fraction) {
            survives(&claims);
        }
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
            assert_eq!(serde_json::from_str::<Vec<Value>>(text).unwrap(), details);
        }
    }

    /// RFC 8707 §2: absolute, without fragment, each once.
    resources("uris.txt") |text| {
        let pair = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("resource", text), ("resource", "https://api.example"), ("resource", text)])
            .finish();
        let Ok(params) = Params::parse(pair.as_bytes()) else { return };
        let Ok(found) = resource_indicator::parse_all(&params) else { return };
        assert!(found.len() <= resource_indicator::MAX_RESOURCES && found.iter().any(|one| one == "https://api.example"));
        assert!(found.iter().all(|one| is_visible(one) && !one.contains('#') && url::Url::parse(one).is_ok()));
    }

    /// RFC 7515: a token is what it was, and nothing is believed without a key that fits.
    tokens_of_others("tokens.txt", "words.txt") |text| {
        signed_text(text);
    }

    /// RFC 7515 §4, RFC 7519 §4: whatever a header and claims say.
    headers_and_claims("jws.txt") |text| {
        let (header, claims) = text.split_once('\t').unwrap_or((text, "{}"));
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        signed_text(&format!("{}.AAAA", parts.join(".")));
        if let Some(members) = strict_json::object(claims.as_bytes()) {
            // Where it is strict it only ever refuses.
            assert_eq!(serde_json::from_str::<Value>(claims).unwrap(), Value::Object(members));
        }
    }

    /// RFC 7517: a set that was read holds public keys only, and is read again as the same.
    key_sets("jwks.txt") |text| {
        let Ok(document) = serde_json::from_str::<Value>(text) else { return };
        let Ok(keys) = ForeignKeys::parse(&document) else { return };
        survives(&keys);
        assert!(keys.iter().count() <= 32);
        for key in keys.iter() {
            assert_eq!(key.thumbprint().len(), 43);
            assert!(key.signing_algs().iter().all(|alg| !alg.is_symmetric()));
            assert!(key.signing_algs().is_empty() || !key.is_for_encryption());
            let json = key.to_json();
            assert!(["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().all(|name| json.get(name).is_none()));
            assert_eq!(ForeignKey::parse(&json).as_ref(), Ok(key));
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
}

fn signed_text(text: &str) {
    if let Ok(header) = jwt::decode_unverified_header(text) {
        assert_eq!(header.kid.is_none(), header.alg.is_symmetric());
    }
    let Ok(token) = ForeignJws::parse(text) else { return };
    assert!(text.len() <= jwt::MAX_TOKEN_BYTES && text.matches('.').count() == 2);
    assert!(token.typ().is_none_or(|typ| !typ.contains(|c: char| c.is_ascii_uppercase())));
    let stranger = ForeignKeys::from_secret(&"somebody else's secret, 32 bytes".into());
    assert!(token.verify(&stranger, SigningAlg::ALL).is_err());
    assert_eq!(token.verify(&stranger, &[]), Err(JwtError::Header));
    if let Some(key) = token.embedded_key() {
        assert!(ForeignKey::parse(&key.to_json()).as_ref() == Ok(key));
        let _ = token.verify(&ForeignKeys::one(key.clone()), SigningAlg::ASYMMETRIC);
    }
    if let Ok(claims) = ForeignClaims::new(token.unverified()) {
        let _ = (claims.audiences(), claims.check_times(i64::MAX, i64::MAX), claims.check_times(i64::MIN, 0));
        assert!(claims.required_str("iss").is_err() || claims.str("iss").is_ok_and(|iss| iss.is_some()));
    }
    assert!(!format!("{token:?}").contains("iss"));
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

/// Whether every quoted string of a header ends.
fn http_quotes_are_closed(header: &str) -> bool {
    let mut chars = header.chars();
    let mut is_open = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => is_open = !is_open,
            '\\' if is_open => drop(chars.next()),
            _ => {}
        }
    }
    !is_open
}
