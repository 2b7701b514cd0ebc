//! Backchannel authentication requests (OpenID CIBA Core §7.1): the same parameters, as a form or as the claims of a
//! signed request (§7.1.1). `resource` (RFC 8707) and `authorization_details` (RFC 9396 §2) are read as everywhere.

use serde_json::{Map, Value};

use super::{
    authorization_request::read_acr_values,
    error::{OAuthError, OAuthErrorCode},
    params::Params,
    request_object::to_params,
    scope::{Scope, ScopeSet},
    token_request::TokenAim,
};

/// The longest message that is shown, in characters: more is read by nobody who compares two screens.
pub const MAX_BINDING_MESSAGE: usize = 128;

/// What may stand beside a signed request: it, and what proves who the client is (§7.1.1).
const BESIDE_SIGNED: [&str; 5] = ["request", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

/// Parameters that are text in a signed request, too.
const TEXT: [&str; 6] = ["scope", "acr_values", "login_hint", "id_token_hint", "login_hint_token", "binding_message"];

/// How the client says whom it means: exactly one way (§7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackchannelHint {
    /// `login_hint`: address, username or id of the account.
    Login(String),
    /// `id_token_hint`: an ID token that we issued to the client.
    IdToken(String),
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq)]
pub struct BackchannelRequest {
    /// What it wants; `openid` is in it.
    pub scope: ScopeSet,
    /// What the tokens are to be for.
    pub aim: TokenAim,
    /// Authentication contexts wanted, best first. A wish: the `acr` of the ID token tells what it was (§7.1).
    pub acr_values: Vec<String>,
    /// Whom it means.
    pub hint: BackchannelHint,
    /// Shown on both sides.
    pub binding_message: Option<String>,
    /// How many seconds the request should live.
    pub requested_expiry: Option<u64>,
}

impl BackchannelRequest {
    /// Reads a form. Whether it had to be signed is for the caller.
    ///
    /// # Errors
    /// The error to answer (§13; RFC 8707 §2, RFC 9396 §5).
    pub fn from_form(params: &Params) -> Result<Self, OAuthError> {
        let get = |name| params.get(name).map(str::to_owned);
        let scope = ScopeSet::parse(params.get("scope").unwrap_or_default())
            .map_err(|error| OAuthError::new(OAuthErrorCode::InvalidScope, error.to_string()))?;
        if !scope.contains(&Scope::OPENID) {
            return Err(OAuthError::new(OAuthErrorCode::InvalidScope, "scope must hold openid"));
        }
        let hint = match (get("login_hint"), get("id_token_hint"), get("login_hint_token")) {
            (Some(hint), None, None) => BackchannelHint::Login(hint),
            (None, Some(token), None) => BackchannelHint::IdToken(token),
            (None, None, Some(_)) => {
                return Err(OAuthError::invalid_request(
                    "login_hint_token is not offered: use login_hint or id_token_hint",
                ));
            }
            (None, None, None) => return Err(OAuthError::invalid_request("login_hint or id_token_hint is missing")),
            _ => return Err(OAuthError::invalid_request("there must be exactly one hint about the person")),
        };
        let binding_message = get("binding_message");
        if binding_message.as_deref().is_some_and(|text| !is_showable(text)) {
            let why = "binding_message must be one visible line of at most 128 characters";
            return Err(OAuthError::new(OAuthErrorCode::InvalidBindingMessage, why));
        }
        Ok(Self {
            scope,
            aim: TokenAim::parse(params)?,
            acr_values: read_acr_values(params)?,
            hint,
            binding_message,
            requested_expiry: params.get("requested_expiry").map(read_expiry).transpose()?,
        })
    }

    /// Reads the claims of a signed request that was verified. What is text in a form is text there, too; only a number
    /// may come as one (§7.1.1), and lists as lists.
    ///
    /// # Errors
    /// The error to answer (§13; RFC 8707 §2, RFC 9396 §5).
    pub fn from_claims(claims: &Map<String, Value>) -> Result<Self, OAuthError> {
        if let Some(name) = TEXT.iter().find(|name| claims.get(**name).is_some_and(|value| !value.is_string())) {
            return Err(OAuthError::invalid_request(format!("{name} of the request object must be text")));
        }
        let params = to_params(claims).map_err(|error| OAuthError::invalid_request(error.to_string()))?;
        Self::from_form(&params)
    }

    /// The first parameter beside a signed request that has no place there.
    pub fn stray_beside_signed(params: &Params) -> Option<&str> {
        params.iter().map(|(name, _)| name).find(|name| !BESIDE_SIGNED.contains(name))
    }
}

fn read_expiry(text: &str) -> Result<u64, OAuthError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|seconds| digits && *seconds > 0);
    seconds.ok_or_else(|| OAuthError::invalid_request("requested_expiry must be a positive whole number"))
}

/// One line that looks the same on both screens: nothing that breaks it, hides in it or turns it round.
fn is_showable(text: &str) -> bool {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    };
    text.chars().count() <= MAX_BINDING_MESSAGE && !text.trim().is_empty() && !text.chars().any(is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<BackchannelRequest, OAuthErrorCode> {
        BackchannelRequest::from_form(&Params::parse(text.as_bytes()).unwrap()).map_err(|error| error.code())
    }

    /// CIBA §7.1
    #[test]
    fn exactly_one_hint_and_openid() {
        let request = parse("scope=email+openid&login_hint=mara&binding_message=W4SCT&requested_expiry=30").unwrap();
        assert_eq!(request.hint, BackchannelHint::Login("mara".to_owned()));
        assert_eq!((request.binding_message.as_deref(), request.requested_expiry), (Some("W4SCT"), Some(30)));
        for (text, code) in [
            ("login_hint=mara", OAuthErrorCode::InvalidScope),
            ("scope=email&login_hint=mara", OAuthErrorCode::InvalidScope),
            ("scope=openid", OAuthErrorCode::InvalidRequest),
            ("scope=openid&login_hint=a&id_token_hint=b", OAuthErrorCode::InvalidRequest),
            ("scope=openid&login_hint_token=a", OAuthErrorCode::InvalidRequest),
            ("scope=openid&login_hint=a&requested_expiry=0", OAuthErrorCode::InvalidRequest),
            ("scope=openid&login_hint=a&requested_expiry=%2B1", OAuthErrorCode::InvalidRequest),
            ("scope=openid&login_hint=a&requested_expiry=1.5", OAuthErrorCode::InvalidRequest),
        ] {
            assert_eq!(parse(text), Err(code), "{text}");
        }
    }

    /// CIBA §13: what cannot be shown as it is, is refused and never cut.
    #[test]
    fn binding_messages_can_be_shown() {
        let with = |message: &str| {
            let text: String = url::form_urlencoded::byte_serialize(message.as_bytes()).collect();
            parse(&format!("scope=openid&login_hint=a&binding_message={text}"))
        };
        for fine in ["1234", "Überweisung: 12,50 €", "品川 👍🏿", &"x".repeat(128)] {
            assert_eq!(with(fine).unwrap().binding_message.as_deref(), Some(fine));
        }
        for bad in ["a\nb", "a\u{202e}b", "a\u{200b}b", " ", "\u{feff}", &"x".repeat(129)] {
            assert_eq!(with(bad), Err(OAuthErrorCode::InvalidBindingMessage), "{bad:?}");
        }
    }

    /// CIBA §7.1, RFC 8707 §2, RFC 9396 §2: as at the authorization endpoint, and alike as a form and as claims.
    #[test]
    fn wishes_and_targets_are_read_as_everywhere() {
        let details = r#"[{"actions":["initiate"],"type":"payment"}]"#;
        let base = [("scope", "openid"), ("login_hint", "mara")];
        let with = |more: &[(&str, &str)]| {
            parse(&url::form_urlencoded::Serializer::new(String::new()).extend_pairs(base).extend_pairs(more).finish())
        };
        let form = with(&[
            ("acr_values", "urn:a  urn:b"),
            ("resource", "https://a.example/"),
            ("resource", "https://b.example/"),
            ("authorization_details", details),
        ])
        .unwrap();
        assert_eq!(form.acr_values, ["urn:a", "urn:b"]);
        assert_eq!(form.aim.resources, ["https://a.example/", "https://b.example/"]);
        assert_eq!(Value::from(form.aim.authorization_details.clone()).to_string(), details);
        let claims = serde_json::json!({
            "scope": "openid", "login_hint": "mara", "acr_values": "urn:a urn:b",
            "resource": ["https://a.example/", "https://b.example/"],
            "authorization_details": [{ "type": "payment", "actions": ["initiate"] }],
        });
        assert_eq!(BackchannelRequest::from_claims(claims.as_object().unwrap()), Ok(form));
        let long = "x".repeat(9_000);
        for (name, bad, code) in [
            ("acr_values", "urn:a\nurn:b", OAuthErrorCode::InvalidRequest),
            ("resource", "api", OAuthErrorCode::InvalidTarget),
            ("authorization_details", "{}", OAuthErrorCode::InvalidAuthorizationDetails),
        ] {
            assert_eq!(with(&[(name, bad)]), Err(code), "{name}");
            for claim in [Value::from(bad), Value::from(7), Value::from(long.clone())] {
                let mut claims = claims.clone();
                claims[name] = claim;
                assert!(BackchannelRequest::from_claims(claims.as_object().unwrap()).is_err(), "{claims}");
            }
        }
    }

    /// CIBA §7.1.1: text and, for the expiry, a number.
    #[test]
    fn claims_are_read_alike() {
        let read = |value: Value| BackchannelRequest::from_claims(value.as_object().unwrap()).map_err(|e| e.code());
        let base = serde_json::json!({ "scope": "openid", "login_hint": "mara" });
        for expiry in [Value::from(30), Value::from("30")] {
            let mut claims = base.clone();
            claims["requested_expiry"] = expiry;
            assert_eq!(read(claims).unwrap().requested_expiry, Some(30));
        }
        for (name, bad) in [
            ("requested_expiry", Value::from(-1)),
            ("scope", Value::from(1)),
            ("login_hint", true.into()),
            ("acr_values", Value::Null),
        ] {
            let mut claims = base.clone();
            claims[name] = bad;
            assert_eq!(read(claims), Err(OAuthErrorCode::InvalidRequest), "{name}");
        }
    }

    #[test]
    fn nothing_stands_beside_a_signed_request() {
        let stray = |text: &str| {
            let params = Params::parse(text.as_bytes()).unwrap();
            BackchannelRequest::stray_beside_signed(&params).map(str::to_owned)
        };
        assert_eq!(stray("request=x&client_id=a&client_assertion=b&client_assertion_type=c"), None);
        assert_eq!(stray("request=x&login_hint=a").as_deref(), Some("login_hint"));
    }
}
