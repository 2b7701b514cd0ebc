//! The registered claims of such a token (RFC 7519 §4.1).

use serde_json::{Map, Value};

use crate::protocol::jwt::JwtError;

/// The claims of a token of somebody else. That the registered ones are of the right form is known from the start.
#[derive(Clone, Copy)]
pub struct ForeignClaims<'a> {
    claims: &'a Map<String, Value>,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl<'a> ForeignClaims<'a> {
    /// Takes the claims that [`ForeignJws::verify`](super::ForeignJws::verify) handed out.
    ///
    /// # Errors
    /// [`JwtError::Claims`] when `exp`, `nbf` or `iat` is no number, or `aud` neither text nor an array of text.
    pub fn new(claims: &'a Map<String, Value>) -> Result<Self, JwtError> {
        let is_audience = match claims.get("aud") {
            None | Some(Value::String(_)) => true,
            Some(Value::Array(several)) => several.iter().all(Value::is_string),
            Some(_) => false,
        };
        if !is_audience {
            return Err(JwtError::Claims);
        }
        let date = |name| claims.get(name).map(numeric_date).transpose();
        Ok(Self { claims, exp: date("exp")?, nbf: date("nbf")?, iat: date("iat")? })
    }

    /// A claim that is text, if it is there.
    ///
    /// # Errors
    /// [`JwtError::Claims`] when it is something else.
    pub fn str(&self, name: &str) -> Result<Option<&'a str>, JwtError> {
        self.claims.get(name).map(|value| value.as_str().ok_or(JwtError::Claims)).transpose()
    }

    /// A claim that must be there and be text that is not empty.
    ///
    /// # Errors
    /// [`JwtError::Claims`] when it is not.
    pub fn required_str(&self, name: &str) -> Result<&'a str, JwtError> {
        self.str(name)?.filter(|text| !text.is_empty()).ok_or(JwtError::Claims)
    }

    /// `exp`, in whole seconds since the epoch.
    pub const fn exp(&self) -> Option<i64> {
        self.exp
    }

    /// `nbf`, in whole seconds since the epoch.
    pub const fn nbf(&self) -> Option<i64> {
        self.nbf
    }

    /// `iat`, in whole seconds since the epoch.
    pub const fn iat(&self) -> Option<i64> {
        self.iat
    }

    /// Whom the token is for; none when it does not say.
    pub fn audiences(&self) -> Vec<&'a str> {
        match self.claims.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether `aud` is an array, even of one: some profiles want the plain form.
    pub fn aud_is_array(&self) -> bool {
        self.claims.get("aud").is_some_and(Value::is_array)
    }

    /// Compares the times that are there with `now`; clocks may differ by `leeway` seconds. Which of them must be there,
    /// and how long a token may live, is for the caller.
    ///
    /// # Errors
    /// [`JwtError::Expired`] or [`JwtError::NotYet`].
    pub fn check_times(&self, now: i64, leeway: i64) -> Result<(), JwtError> {
        // RFC 7519 §4.1.4: the current time must be *before* `exp`.
        if self.exp.is_some_and(|exp| now.saturating_sub(leeway) >= exp) {
            return Err(JwtError::Expired);
        }
        let latest = now.saturating_add(leeway);
        if [self.nbf, self.iat].into_iter().flatten().any(|moment| moment > latest) {
            return Err(JwtError::NotYet);
        }
        Ok(())
    }
}

impl std::fmt::Debug for ForeignClaims<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignClaims").finish_non_exhaustive()
    }
}

/// `NumericDate` of RFC 7519 §2: seconds, perhaps with a fraction, which is dropped.
fn numeric_date(value: &Value) -> Result<i64, JwtError> {
    /// Up to here every whole second is a whole `f64`.
    const LARGEST: f64 = 9_007_199_254_740_992.0;

    if let Some(seconds) = value.as_i64() {
        return Ok(seconds);
    }
    let seconds = value.as_f64().filter(|seconds| seconds.abs() <= LARGEST).ok_or(JwtError::Claims)?;
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked and the fraction is to go")]
    Ok(seconds.floor() as i64)
}
