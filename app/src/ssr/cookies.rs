//! Cookies: their names and attributes (C1). All but the browser state are `HttpOnly` and `SameSite=Lax`.
//!
//! On HTTPS they are `Secure` and carry a prefix that browsers enforce (RFC 6265bis §4.1.3): `__Host-` where we have the
//! host to ourselves, `__Secure-` where the issuer has a path, since `__Host-` would share the cookie with other paths.

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

/// The names and the common attributes of our cookies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieNames {
    session: String,
    said: String,
    mail: String,
    state: String,
    device: String,
    step: String,
    trusted: String,
    browser: String,
    goes_back: String,
    invitation: String,
    path: String,
    secure: bool,
}

impl CookieNames {
    /// For an issuer on HTTPS or not, with a path or (`""`) without.
    pub fn new(https: bool, base_path: &str) -> Self {
        let prefix = match (https, base_path) {
            (false, _) => "",
            (true, "") => "__Host-",
            (true, _) => "__Secure-",
        };
        Self {
            session: format!("{prefix}ostiary"),
            said: format!("{prefix}ostiary-said"),
            mail: format!("{prefix}ostiary-mail"),
            state: format!("{prefix}ostiary-state"),
            device: format!("{prefix}ostiary-device"),
            step: format!("{prefix}ostiary-step"),
            trusted: format!("{prefix}ostiary-trusted"),
            browser: format!("{prefix}ostiary-browser"),
            goes_back: format!("{prefix}ostiary-return"),
            invitation: format!("{prefix}ostiary-invitation"),
            path: if base_path.is_empty() { "/".to_owned() } else { base_path.to_owned() },
            secure: https,
        }
    }

    /// The cookie that stands for the browser.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The cookie that carries what one page has to tell the next.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// The cookie that remembers where the mail went.
    pub fn mail(&self) -> &str {
        &self.mail
    }

    /// The cookie that remembers which device's code was typed.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// The cookie that remembers a sign-in which waits for its second factor.
    pub fn step(&self) -> &str {
        &self.step
    }

    /// The cookie by which a browser is trusted with accounts (B7).
    pub fn trusted(&self) -> &str {
        &self.trusted
    }

    /// The cookie that a browser is known by (B9).
    pub fn browser(&self) -> &str {
        &self.browser
    }

    /// The cookie that remembers where somebody is sent back to after signing in (I7).
    pub fn goes_back(&self) -> &str {
        &self.goes_back
    }

    /// The cookie that remembers which invitation's link was followed (E6).
    pub fn invitation(&self) -> &str {
        &self.invitation
    }

    /// The cookie that the script of the check-session page reads (OIDC Session Management §3.3).
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The path all of them are sent to.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Only ever sent over HTTPS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// A `Set-Cookie` header. `max_age` in seconds; `None` keeps it until the browser is closed.
    pub(super) fn set(&self, name: &str, value: &str, max_age: Option<u64>) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let max_age: Cow<'_, str> = max_age.map_or("".into(), |seconds| format!("; Max-Age={seconds}").into());
        let path = &self.path;
        HeaderValue::try_from(format!("{name}={value}; Path={path}{max_age}; HttpOnly; SameSite=Lax{secure}")).ok()
    }

    /// A `Set-Cookie` header for the browser state; none takes it away. Scripts may read it, and on HTTPS it is there inside
    /// of other sites' pages, too, where browsers still allow that. It says nothing but that something changed.
    pub(super) fn set_state(&self, state: Option<&str>, max_age: Option<u64>) -> Option<HeaderValue> {
        let attributes = if self.secure { "SameSite=None; Secure" } else { "SameSite=Lax" };
        let (value, max_age) = state.map_or(("", Some(0)), |state| (state, max_age));
        let max_age: Cow<'_, str> = max_age.map_or("".into(), |seconds| format!("; Max-Age={seconds}").into());
        HeaderValue::try_from(format!("{}={value}; Path={}{max_age}; {attributes}", self.state, self.path)).ok()
    }

    /// A `Set-Cookie` header that takes the cookie away.
    pub(super) fn unset(&self, name: &str) -> Option<HeaderValue> {
        self.set(name, "", Some(0))
    }
}

/// The value of the first cookie with this name.
pub(super) fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C1
    #[test]
    fn names_and_attributes_follow_the_address() {
        let host = CookieNames::new(true, "");
        assert_eq!(host.session(), "__Host-ostiary");
        let state = host.set_state(Some("s"), None).unwrap();
        assert_eq!(state, "__Host-ostiary-state=s; Path=/; SameSite=None; Secure");
        assert_eq!(host.set("a", "b", None).unwrap(), "a=b; Path=/; HttpOnly; SameSite=Lax; Secure");
        let below = CookieNames::new(true, "/auth");
        assert_eq!(below.session(), "__Secure-ostiary");
        assert_eq!(below.unset("a").unwrap(), "a=; Path=/auth; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
        let plain = CookieNames::new(false, "");
        assert_eq!(plain.session(), "ostiary");
        assert_eq!(plain.set("a", "b", Some(300)).unwrap(), "a=b; Path=/; Max-Age=300; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn the_first_of_that_name_is_found() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "x=1; ostiary=two; ostiary=three".parse().unwrap());
        headers.append(header::COOKIE, "y=4".parse().unwrap());
        assert_eq!(find(&headers, "ostiary"), Some("two"));
        assert_eq!(find(&headers, "y"), Some("4"));
        assert_eq!(find(&headers, "stiary"), None);
    }
}
