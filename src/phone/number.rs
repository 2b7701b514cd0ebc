//! The number itself.

use std::fmt;

use serde_json::{Map, Value};

use crate::text::TextError;

/// A telephone number as ITU-T E.164 writes it: `+`, the country, and the rest, 8 to 15 digits in all. Whether anybody has
/// it, or a message can reach it, a code tells and no table: plans of numbers change, and a table of them would be most of
/// this program.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// With the plus sign.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without it.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// The last two digits: enough for whoever has the number, useless to everybody else.
    pub fn ending(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default()
    }

    /// The number in the claims of a profile (OIDC Core §5.1), if it is confirmed.
    pub(crate) fn verified_in(profile: &Value) -> Option<Self> {
        let is_verified = profile.get(VERIFIED).and_then(Value::as_bool) == Some(true);
        let number = profile.get(NUMBER).and_then(Value::as_str).filter(|_| is_verified)?;
        Self::try_from(number).ok()
    }

    /// The profile that was `before` with this number in it, confirmed; without any when there is none.
    pub(super) fn put_into(number: Option<&Self>, before: Value) -> Value {
        let mut claims = if let Value::Object(claims) = before { claims } else { Map::new() };
        claims.remove(NUMBER);
        claims.remove(VERIFIED);
        if let Some(number) = number {
            claims.insert(NUMBER.to_owned(), number.as_str().into());
            claims.insert(VERIFIED.to_owned(), true.into());
        }
        Value::Object(claims)
    }
}

/// The claims (OIDC Core §5.1).
const NUMBER: &str = "phone_number";
const VERIFIED: &str = "phone_number_verified";

impl TryFrom<&str> for PhoneNumber {
    type Error = TextError;

    /// Spaces, hyphens, dots, slashes and brackets, with which people group digits, are overlooked; `00` for the plus sign
    /// is not, for it means something else in half of the world. A zero in brackets, dialled at home only, is not either.
    ///
    /// # Errors
    /// [`TextError`] when there is nothing, too much, or no number with its country.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > 40 {
            return Err(TextError::TooLong);
        }
        let is_grouping =
            |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2013}' | '.' | '/' | '(' | ')');
        let kept: String = text.chars().filter(|c| !is_grouping(*c)).collect();
        let digits = kept.strip_prefix('+').ok_or(TextError::Malformed)?;
        let is_number = (8..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
            && !text.contains("(0)");
        if is_number { Ok(Self(kept)) } else { Err(TextError::Malformed) }
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    /// How it ends only: logs are read by people whom it does not concern.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber(…{})", self.ending())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A9: E.164, however its digits are grouped.
    #[test]
    fn numbers_have_a_country_and_no_more_than_fifteen_digits() {
        for good in [
            "+4520123456",
            "+45 20 12 34 56",
            " +45-20-12-34-56 ",
            "+1 (425) 555-1212",
            "+46.70/174\u{a0}06 05",
            "+123456789012345",
        ] {
            let number = PhoneNumber::try_from(good).unwrap();
            assert!(number.as_str().bytes().skip(1).all(|byte| byte.is_ascii_digit()), "{good}");
        }
        for bad in [
            "20123456",
            "004520123456",
            "+0520123456",
            "+1234567",
            "+1234567890123456",
            "+45 20 12 34 5x",
            "++4520123456",
            "+٤٥٢٠١٢٣٤٥٦",
            "+4520123456\0",
            "+45\n20123456",
            "+49 (0) 30 123456",
            "+4520123456;ext=1",
            "+",
            "()",
        ] {
            assert_eq!(PhoneNumber::try_from(bad), Err(TextError::Malformed), "{bad:?}");
        }
        assert_eq!(PhoneNumber::try_from("  "), Err(TextError::Missing));
        assert_eq!(PhoneNumber::try_from(format!("+{}", "1".repeat(10_000))), Err(TextError::TooLong));
    }

    /// A9: who may not know a number learns two digits of it.
    #[test]
    fn a_number_is_shown_by_its_end() {
        let number = PhoneNumber::try_from("+45 20 12 34 56").unwrap();
        assert_eq!((number.as_str(), number.digits(), number.ending()), ("+4520123456", "4520123456", "56"));
        assert_eq!(format!("{number:?}"), "PhoneNumber(…56)");
    }

    /// A9: only a confirmed number is one that codes go to; other claims stay as they are.
    #[test]
    fn a_profile_says_whether_its_number_is_confirmed() {
        let of = |profile: &Value| PhoneNumber::verified_in(profile).map(String::from);
        let profile = json!({ "phone_number": "+45 20 12 34 56", "phone_number_verified": true, "locale": "da" });
        assert_eq!(of(&profile).as_deref(), Some("+4520123456"));
        for other in [
            json!({ "phone_number": "+4520123456" }),
            json!({ "phone_number": "+4520123456", "phone_number_verified": false }),
            json!({ "phone_number": "+4520123456", "phone_number_verified": "true" }),
            json!({ "phone_number": "20123456", "phone_number_verified": true }),
            json!({ "phone_number": 4_520_123_456_u64, "phone_number_verified": true }),
            json!({ "phone_number_verified": true }),
            json!(null),
        ] {
            assert_eq!(of(&other), None, "{other}");
        }
        let other = PhoneNumber::try_from("+4611111111").unwrap();
        let after = PhoneNumber::put_into(Some(&other), profile.clone());
        assert_eq!(after, json!({ "phone_number": "+4611111111", "phone_number_verified": true, "locale": "da" }));
        assert_eq!(PhoneNumber::put_into(None, after), json!({ "locale": "da" }));
        assert_eq!(PhoneNumber::put_into(None, Value::Null), json!({}));
    }
}
