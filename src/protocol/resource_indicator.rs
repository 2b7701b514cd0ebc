//! `resource`: the APIs that tokens are for (RFC 8707 §2).

use super::error::{OAuthError, OAuthErrorCode};
use super::params::Params;

/// Most resources that one request may name.
pub const MAX_RESOURCES: usize = 8;
/// Longest identifier in bytes.
const MAX_BYTES: usize = 512;

/// Reads every `resource` of a request, in the order they were sent and each once.
///
/// # Errors
/// `invalid_target` for one that is not an absolute URI without fragment, or for too many.
pub fn parse_all(params: &Params) -> Result<Vec<String>, OAuthError> {
    let refuse = |why: &'static str| OAuthError::new(OAuthErrorCode::InvalidTarget, why);
    let mut found: Vec<String> = Vec::new();
    for resource in params.all("resource") {
        if !is_absolute_uri(resource) {
            return Err(refuse("resource is not an absolute URI without fragment"));
        }
        if !found.iter().any(|known| known == resource) {
            found.push(resource.to_owned());
        }
    }
    if found.len() > MAX_RESOURCES {
        return Err(refuse("there are more than 8 resources"));
    }
    Ok(found)
}

/// Whether `text` is an absolute URI without fragment (RFC 3986 §4.3).
pub fn is_absolute_uri(text: &str) -> bool {
    text.len() <= MAX_BYTES
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !text.contains('#')
        && url::Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Vec<String>, OAuthErrorCode> {
        parse_all(&Params::parse(query.as_bytes()).unwrap()).map_err(|error| error.code())
    }

    /// D8, RFC 8707 §2: absolute URIs, several of them, each once.
    #[test]
    fn resources_are_absolute_uris() {
        assert_eq!(parse("").unwrap(), Vec::<String>::new());
        let two = "resource=https://api.example/v1&resource=urn:x:y&resource=https://api.example/v1";
        assert_eq!(parse(two).unwrap(), ["https://api.example/v1", "urn:x:y"]);
        for bad in ["api", "/v1", "//api.example", "https://api.example/%23x#y", "https://a%20b/", "é:x", "https://"] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("resource", bad).finish();
            assert_eq!(parse(&query), Err(OAuthErrorCode::InvalidTarget), "{bad}");
        }
        let long = format!("resource=https://api.example/{}", "x".repeat(512));
        assert_eq!(parse(&long), Err(OAuthErrorCode::InvalidTarget));
        let many: Vec<_> = (0..9).map(|n| format!("resource=urn:x:{n}")).collect();
        assert_eq!(parse(&many.join("&")), Err(OAuthErrorCode::InvalidTarget));
    }
}
