//! Backchannel authentication requests (OpenID CIBA Core §7.1): the same parameters, as a form or as the claims of a
//! signed request (§7.1.1).

use serde_json::{Map, Value};

use super::{
    error::{OAuthError, OAuthErrorCode},
    params::Params,
    scope::{Scope, ScopeSet},
};

/// The longest message that is shown, in characters: more is read by nobody who compares two screens.
pub const MAX_BINDING_MESSAGE: usize = 128;

/// What may stand beside a signed request: it, and what proves who the client is (§7.1.1).
const BESIDE_SIGNED: [&str; 5] = ["request", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

/// How the client says whom it means: exactly one way (§7.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackchannelHint {
    /// `login_hint`: address, username or id of the account.
    Login(String),
    /// `id_token_hint`: an ID token that we issued to the client.
    IdToken(String),
}

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackchannelRequest {
    /// What it wants; `openid` is in it.
    pub scope: ScopeSet,
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
    /// The error to answer (§13).
    pub fn from_form(params: &Params) -> Result<Self, OAuthError> {
        Self::read(|name| Ok(params.get(name).map(str::to_owned)))
    }

    /// Reads the claims of a signed request that was verified.
    ///
    /// # Errors
    /// The error to answer (§13).
    pub fn from_claims(claims: &Map<String, Value>) -> Result<Self, OAuthError> {
        Self::read(|name| match claims.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            // §7.1.1: a positive integer may come as a number or as text.
            Some(Value::Number(number)) if name == "requested_expiry" => Ok(Some(number.to_string())),
            Some(_) => Err(OAuthError::invalid_request(format!("{name} of the request object must be text"))),
        })
    }

    /// The first parameter beside a signed request that has no place there.
    pub fn stray_beside_signed(params: &Params) -> Option<&str> {
        params.iter().map(|(name, _)| name).find(|name| !BESIDE_SIGNED.contains(name))
    }

    fn read(get: impl Fn(&str) -> Result<Option<String>, OAuthError>) -> Result<Self, OAuthError> {
        let scope = ScopeSet::parse(&get("scope")?.unwrap_or_default())
            .map_err(|error| OAuthError::new(OAuthErrorCode::InvalidScope, error.to_string()))?;
        if !scope.contains(&Scope::OPENID) {
            return Err(OAuthError::new(OAuthErrorCode::InvalidScope, "scope must hold openid"));
        }
        let hint = match (get("login_hint")?, get("id_token_hint")?, get("login_hint_token")?) {
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
        let binding_message = get("binding_message")?;
        if binding_message.as_deref().is_some_and(|text| !is_showable(text)) {
            let why = "binding_message must be one visible line of at most 128 characters";
            return Err(OAuthError::new(OAuthErrorCode::InvalidBindingMessage, why));
        }
        let requested_expiry = get("requested_expiry")?.map(|text| read_expiry(&text)).transpose()?;
        Ok(Self { scope, hint, binding_message, requested_expiry })
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
        for (name, bad) in
            [("requested_expiry", Value::from(-1)), ("scope", Value::from(1)), ("login_hint", true.into())]
        {
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
