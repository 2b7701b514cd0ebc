//! A state change that a cookie vouches for has to come from our own pages (I6, DESIGN §5).
//!
//! No token in the form: browsers say where a request comes from, and a page without tokens is the same for everybody, can be
//! open in two tabs, and has nothing to leak. The rule, after OWASP's CSRF cheat sheet and Go's `CrossOriginProtection`:
//!
//! 1. `GET`, `HEAD` and `OPTIONS` change nothing, so they pass.
//! 2. `Sec-Fetch-Site` decides where it is sent (every current browser on HTTPS and on this machine): `same-origin` passes,
//!    and so does `none`, which means the person did it, not a page. `same-site` does not: a neighbouring subdomain is
//!    somebody else.
//! 3. Otherwise `Origin` has to be ours.
//! 4. Neither: refused. Go lets these through for the sake of programs, but programs have no business with our forms; they
//!    have the REST API.
//!
//! Only paths below `/do/` are asked: they alone act on the strength of a cookie. `POST /connect/authorize` comes from other
//! sites by its nature (OIDC Core §3.1.2.1) and changes nothing that belongs to a person; protocol endpoints and the REST API
//! look at the `Authorization` header or the body, which no other site can make a browser send for somebody.

use axum::extract::Request;
use http::{HeaderMap, HeaderName, Method, header};

use crate::{ServerState, answer::Refusal};

static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses a state change by cookie that came from elsewhere.
pub(super) fn check(state: &ServerState, request: &Request) -> Result<(), Refusal> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || !request.uri().path().starts_with("/do/") || is_ours(request.headers(), state.origin()) {
        return Ok(());
    }
    tracing::warn!("refused a form that came from another site");
    Err(Refusal::CrossSite)
}

fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get(&FETCH_SITE) {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    headers.get(header::ORIGIN).is_some_and(|found| found.as_bytes() == origin.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_ours(&headers, "https://id.example")
    }

    /// I6: Fetch Metadata decides first, then the origin, and silence is no answer.
    #[test]
    fn only_our_own_pages_pass() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("sec-fetch-site", "none")]));
        assert!(ours(&[("origin", "https://id.example")]));
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://id.example")],
            &[("sec-fetch-site", "")],
            &[("origin", "https://id.example.evil")],
            &[("origin", "http://id.example")],
            &[("origin", "https://id.example:444")],
            &[("origin", "null")],
            &[],
        ] {
            assert!(!ours(refused), "{refused:?}");
        }
    }
}
