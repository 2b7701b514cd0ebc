//! D2: exact redirect URI match with the loopback port exception.

use proptest::prelude::*;

use super::*;

fn uri(text: &str) -> RedirectUri {
    RedirectUri::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_may_be_registered() {
    for text in [
        "https://app.example",
        "https://app.example/",
        "https://App.Example/callback?tenant=1&x=%20",
        "https://app.example:8443/cb",
        "https://app.example:443/cb",
        "https://192.0.2.1/cb",
        "https://[2001:db8::1]:8443/cb",
        "http://localhost:8081/callback",
        "http://127.0.0.1/cb",
        "http://[::1]:4711/cb",
        "com.example.app:/oauth2redirect",
        "com.example.app://callback/path",
        "com.example.app:/",
    ] {
        assert_eq!(uri(text).as_str(), text);
    }
}

#[test]
fn what_may_not_be_registered() {
    use RedirectUriError as E;
    let long = format!("https://app.example/{}", "a".repeat(2048));
    for (text, error) in [
        ("", E::NotAbsolute),
        ("/callback", E::NotAbsolute),
        ("//app.example/cb", E::NotAbsolute),
        ("app.example/cb", E::NotAbsolute),
        ("https:app.example/cb", E::Authority),
        ("https:/app.example/cb", E::Authority),
        ("https:///cb", E::Authority),
        ("https://", E::Authority),
        ("https://app.example/cb#", E::Fragment),
        ("https://app.example/cb#x", E::Fragment),
        ("https://user@app.example/cb", E::UserInfo),
        ("https://user:pw@app.example/cb", E::UserInfo),
        ("https://app.example@evil.example/", E::UserInfo),
        ("https://*.app.example/cb", E::Wildcard),
        ("https://app.example/*", E::Wildcard),
        ("http://app.example/cb", E::InsecureScheme),
        ("http://localhost.evil.example/cb", E::InsecureScheme),
        ("http://127.0.0.1.evil.example/cb", E::InsecureScheme),
        ("http://127.0.0.2/cb", E::InsecureScheme),
        ("http://[::2]/cb", E::InsecureScheme),
        ("http://LOCALHOST/cb", E::InsecureScheme),
        ("javascript:alert(1)", E::Scheme),
        ("data:text/html,x", E::Scheme),
        ("vbscript:x", E::Scheme),
        ("file:///etc/passwd", E::Scheme),
        ("about:blank", E::Scheme),
        ("ftp://app.example/", E::Scheme),
        ("myapp://callback", E::Scheme),
        ("urn:ietf:wg:oauth:2.0:oob", E::Scheme),
        ("HTTPS://app.example/", E::Scheme),
        ("com..example:/x", E::Scheme),
        ("com.example.:/x", E::Scheme),
        ("com.example.app:callback", E::NotPlain),
        ("https://app.example:0/cb", E::Authority),
        ("https://app.example:/cb", E::Authority),
        ("https://app.example:65536/cb", E::Authority),
        ("https://app.example:0443/cb", E::Authority),
        ("https://0x7f.1/cb", E::Authority),
        ("https://2130706433/cb", E::Authority),
        ("https://a%2eexample/cb", E::Authority),
        ("https://app;.example/cb", E::Authority),
        ("https://[0:0:0:0:0:0:0:1]/cb", E::Authority),
        ("https://app.example/a/../cb", E::NotPlain),
        ("https://app.example/a/./cb", E::NotPlain),
        ("https://app.example/%2e%2e/cb", E::NotPlain),
        ("https://app.example/cb?a='", E::NotPlain),
        ("https://app.example\\@evil.example/", E::Character),
        ("https://app.example/c b", E::Character),
        (" https://app.example/", E::Character),
        ("https://app.example/\r\nSet-Cookie:x", E::Character),
        ("https://app.example/\t", E::Character),
        ("https://app.example/\0", E::Character),
        ("https://bücher.example/", E::Character),
        ("https://app.example/%zz", E::Character),
        ("https://app.example/%2", E::Character),
        ("https://app.example/{x}", E::Character),
        ("https://app.example/cb?code=1", E::ReservedParameter),
        ("https://app.example/cb?x=1&%73tate=2", E::ReservedParameter),
        (long.as_str(), E::TooLong),
    ] {
        assert_eq!(RedirectUri::parse(text), Err(error), "{text:?}");
    }
}

#[test]
fn the_same_bytes_match_and_nothing_else() {
    let registered = uri("https://app.example/cb?x=1");
    assert!(registered.matches(&registered));
    for other in [
        "https://app.example/cb",
        "https://app.example/cb?x=1&y=2",
        "https://app.example/cb/?x=1",
        "https://App.example/cb?x=1",
        "https://app.example:443/cb?x=1",
        "https://app.example/c%62?x=1",
        "https://app.example.evil.example/cb?x=1",
    ] {
        assert!(!registered.matches(&uri(other)), "{other}");
    }
    assert!(!uri("https://app.example").matches(&uri("https://app.example/")));
}

#[test]
fn only_the_port_of_a_loopback_address_is_free() {
    for (registered, requested, expected) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
        ("http://127.0.0.1:1/cb", "http://127.0.0.1/cb", true),
        ("http://[::1]:8080/cb?x=1", "http://[::1]:9/cb?x=1", true),
        ("http://127.0.0.1", "http://127.0.0.1:5", true),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb2", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb?x", false),
        ("http://127.0.0.1/cb", "http://[::1]/cb", false),
        ("http://127.0.0.1/cb", "http://localhost/cb", false),
        ("http://127.0.0.1/cb", "https://127.0.0.1/cb", false),
        ("http://localhost:8081/cb", "http://localhost:8082/cb", false),
        ("http://localhost/cb", "http://localhost:8082/cb", false),
        ("https://127.0.0.1/cb", "https://127.0.0.1:8443/cb", false),
        ("https://app.example/cb", "https://app.example:8443/cb", false),
    ] {
        assert_eq!(uri(registered).matches(&uri(requested)), expected, "{registered} {requested}");
    }
}

#[test]
fn the_policy_source_names_scheme_host_and_port() {
    assert_eq!(uri("https://app.example:8443/cb?x").csp_source(), "https://app.example:8443");
    assert_eq!(uri("https://app.example?x=/").csp_source(), "https://app.example");
    assert_eq!(uri("https://app.example").csp_source(), "https://app.example");
    assert_eq!(uri("com.example.app:/cb").csp_source(), "com.example.app:");
    assert_eq!(uri("com.example.app:/cb").host(), None);
    assert_eq!(uri("https://app.example:8443/cb").host(), Some("app.example"));
}

#[test]
fn json_is_checked_on_the_way_in() {
    assert!(serde_json::from_str::<RedirectUri>(r#""https://app.example/cb""#).is_ok());
    assert!(serde_json::from_str::<RedirectUri>(r#""javascript:alert(1)""#).is_err());
}

/// Registrable URIs of every kind.
fn any_uri() -> impl Strategy<Value = String> {
    let origin = prop_oneof![
        "https://[a-z]{1,8}\\.example(:[1-9][0-9]{0,3})?",
        "http://(127\\.0\\.0\\.1|\\[::1\\]|localhost)(:[1-9][0-9]{0,3})?",
        "com\\.[a-z]{1,8}:",
    ];
    (origin, "/[a-zA-Z0-9_/]{0,12}", "(\\?x[a-z0-9=&]{0,8})?").prop_map(|(o, p, q)| format!("{o}{p}{q}"))
}

/// The URI without the digits of a loopback address's port: all that `matches` may overlook.
fn without_loopback_port(uri: &str) -> String {
    let Ok(url) = Url::parse(uri) else { return uri.to_owned() };
    match (url.scheme(), url.host_str(), url.port()) {
        ("http", Some(host @ ("127.0.0.1" | "[::1]")), Some(port)) => uri.replacen(&format!("{host}:{port}"), host, 1),
        _ => uri.to_owned(),
    }
}

proptest! {
    #[test]
    fn a_registered_uri_matches_itself(text in any_uri()) {
        prop_assume!(RedirectUri::parse(&text).is_ok());
        prop_assert!(uri(&text).matches(&uri(&text)));
    }

    /// A single byte changed, added or removed anywhere is another URI, but for a loopback port.
    #[test]
    fn any_differing_byte_is_refused(text in any_uri(), at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f, what in 0..3) {
        prop_assume!(RedirectUri::parse(&text).is_ok());
        let mut bytes = text.clone().into_bytes();
        let index = at.index(bytes.len());
        match what {
            0 => bytes[index] = byte,
            1 => bytes.insert(index, byte),
            _ => { bytes.remove(index); }
        }
        let changed = String::from_utf8(bytes).unwrap();
        if let Ok(requested) = RedirectUri::parse(&changed) {
            let same = without_loopback_port(&changed) == without_loopback_port(&text);
            prop_assert_eq!(uri(&text).matches(&requested), same, "{} {}", text, changed);
        }
    }

    #[test]
    fn two_unrelated_uris_match_only_when_equal_but_for_a_loopback_port(a in any_uri(), b in any_uri()) {
        prop_assume!(RedirectUri::parse(&a).is_ok() && RedirectUri::parse(&b).is_ok());
        prop_assert_eq!(uri(&a).matches(&uri(&b)), without_loopback_port(&a) == without_loopback_port(&b));
    }

    #[test]
    fn arbitrary_text_never_panics_and_what_passes_is_plain(text in any::<String>()) {
        if let Ok(accepted) = RedirectUri::parse(&text) {
            prop_assert!(accepted.as_str().bytes().all(|b| b.is_ascii_graphic()));
            prop_assert!(!accepted.csp_source().contains([';', ',', ' ']));
        }
    }
}
