//! Proxies that ask who comes (I7).

use serde::Deserialize;
use url::Url;

/// `[forward_auth]` (I7)
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardAuth {
    /// Origins that people are sent back to after signing in, such as `https://wiki.example`. Our own is always one.
    pub origins: Vec<Url>,
}

impl ForwardAuth {
    /// What cannot work, in words for an operator.
    pub(crate) fn problems(&self) -> Vec<String> {
        let is_origin = |url: &&Url| {
            matches!(url.scheme(), "https" | "http")
                && url.path() == "/"
                && url.query().is_none()
                && url.host().is_some()
        };
        let wrong = self.origins.iter().filter(|url| !is_origin(url));
        wrong.map(|url| format!("forward_auth.origins: {url} is no origin")).collect()
    }

    /// Whether people may be sent to this address; `own` is our own.
    pub fn may_return_to(&self, to: &Url, own: &Url) -> bool {
        let is_clean = to.username().is_empty() && to.password().is_none();
        is_clean && self.origins.iter().chain([own]).any(|known| known.origin() == to.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I7: nobody is sent where no operator said.
    #[test]
    fn only_known_origins() {
        let url = |text: &str| Url::parse(text).unwrap();
        let own = url("https://id.example/auth");
        let settings = ForwardAuth { origins: vec![url("https://wiki.example")] };
        for good in ["https://wiki.example/page?a=b", "https://id.example/", "https://wiki.example:443/"] {
            assert!(settings.may_return_to(&url(good), &own), "{good}");
        }
        for bad in [
            "http://wiki.example/",
            "https://wiki.example:444/",
            "https://wiki.example.evil/",
            "https://wiki.example@evil.example/",
            "https://a:b@wiki.example/",
            "javascript:alert(1)",
            "data:text/html,x",
        ] {
            assert!(!settings.may_return_to(&url(bad), &own), "{bad}");
        }
        assert!(ForwardAuth { origins: vec![url("https://wiki.example/path")] }.problems().len() == 1);
    }
}
