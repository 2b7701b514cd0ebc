//! Addresses: where people are sent, who we are, what a token is for.

use super::*;

fuzzed! {
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
}
