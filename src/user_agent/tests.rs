//! Tests of the device names.

use proptest::prelude::*;

use super::*;

/// C3: what people see in their list of sessions.
#[test]
fn devices_are_named() {
    use DeviceKind::*;
    for (raw, text, kind) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox on Windows",
            Desktop,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
            Phone,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
            "Safari on iPad",
            Tablet,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            "Safari on macOS",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
            Desktop,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Chrome on Android",
            Tablet,
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android", Phone),
        ("Mozilla/5.0 (Android 15; Tablet; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox on Android", Tablet),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
            Phone,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
            "Chrome on Linux",
            Desktop,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Chrome on ChromeOS",
            Desktop,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/126.0.0.0",
            "Opera on Linux",
            Desktop,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
            Phone,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15",
            "Firefox on iPhone",
            Phone,
        ),
    ] {
        let found = UserAgent::describe(raw);
        assert_eq!((found.to_string().as_str(), found.kind), (text, kind), "{raw}");
    }
}

/// C3: programs are called so; what is not understood is unknown.
#[test]
fn tools_and_strangers() {
    for tool in [
        "curl/8.14.1",
        "Wget/1.25.0",
        "python-requests/2.32.5",
        "Go-http-client/2.0",
        "node",
        "undici",
        "openid-client/v6.8.1",
        "okhttp/5.1.0",
        "PostmanRuntime/7.49.1",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ] {
        let found = UserAgent::describe(tool);
        assert_eq!((found.to_string().as_str(), found.kind), ("A program", DeviceKind::Tool), "{tool}");
    }
    for stranger in ["", " ", "-", "Mozilla/5.0", "<script>alert(1)</script>", "\u{202e}xoferiF", "curly hair"] {
        assert_eq!(UserAgent::describe(stranger), DeviceDescription::UNKNOWN, "{stranger}");
        assert_eq!(UserAgent::describe(stranger).to_string(), "Unknown browser");
    }
}

/// Only the first 512 characters count, whatever their width in bytes.
#[test]
fn input_is_capped() {
    let browser = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0";
    let late = format!("{}{browser}", "é".repeat(MAX_CHARS));
    assert_eq!(UserAgent::describe(&late), DeviceDescription::UNKNOWN);
    let long = format!("{browser}{}", "é".repeat(1_000_000));
    assert_eq!(UserAgent::describe(&long).to_string(), "Firefox on Windows");
}

proptest! {
    /// No header makes the reader panic, and what it shows comes from our own words.
    #[test]
    fn any_header_is_described(
        raw in any::<String>(),
        near in "(Mozilla/5\\.0 )?\\(?(Windows NT|iPhone|iPad|Android|KDDI-|Macintosh|CrOS|PSP|DoCoMo/|SoftBank/|BlackBerry)[^a-z]{0,30}(;|\\)| |/)*(Chrome|Firefox|Version|Edg|OPR|Trident|MSIE)/?[0-9._ ]{0,8}.{0,40}"
    ) {
        for raw in [raw, near] {
            let shown = UserAgent::describe(&raw).to_string();
            prop_assert!(shown.chars().all(|c| c.is_ascii_alphanumeric() || c == ' '), "{}", shown);
        }
    }
}
