//! What people say about themselves beside their name (A9): standard claims of OIDC Core §5.1.

use serde_json::{Map, Value};
use url::Url;

use crate::text::{DisplayName, TextError};

macro_rules! claims {
    ($($(#[$doc:meta])* $name:ident, $most:literal, $is_right:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// As it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = TextError;

            /// # Errors
            /// [`TextError`] when the text is empty, too long, or not of the right form.
            fn try_from(text: &str) -> Result<Self, TextError> {
                let text = text.trim();
                if text.is_empty() {
                    return Err(TextError::Missing);
                }
                if text.chars().count() > $most {
                    return Err(TextError::TooLong);
                }
                if $is_right(text) { Ok(Self(text.to_owned())) } else { Err(TextError::Malformed) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::try_from(text.as_str())
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+};
}

pub(super) use claims;

claims! {
    /// A language and perhaps a region, such as `en-GB` (BCP 47), of at most 35 characters.
    Locale, 35, is_locale;
    /// A time zone by its name in the IANA database, such as `Europe/Copenhagen`, of at most 64 characters. Whether there is
    /// one of this name is not looked up: the database grows.
    ZoneName, 64, is_zone;
    /// Where a picture is: an https address of at most 1024 characters, without a name or a password. We never fetch it.
    PictureUrl, 1024, is_picture;
}

/// RFC 5646 §2.1, as far as its grammar is the same for all tags: subtags of one to eight letters and digits, the first a
/// language of ISO 639, in two or three letters. Longer languages are provided for there, and none is registered: what is
/// longer is a word such as "English".
fn is_locale(text: &str) -> bool {
    let mut subtags = text.split('-');
    let is_language =
        |first: &str| (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    subtags.next().is_some_and(is_language)
        && subtags.all(|tag| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_zone(text: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-'))
    };
    text.split('/').count() <= 3 && text.split('/').all(is_part)
}

fn is_picture(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    // What browsers would overlook or change on the way does not pass: everybody is to see the same address.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\'));
    let is_whole = text.split_at_checked(8).is_some_and(|(start, rest)| {
        start.eq_ignore_ascii_case("https://") && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
    });
    is_plain && is_whole && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
}

/// What people say about themselves beside their name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// `given_name`
    pub given_name: Option<DisplayName>,
    /// `family_name`
    pub family_name: Option<DisplayName>,
    /// `locale`
    pub locale: Option<Locale>,
    /// `zoneinfo`
    pub zone: Option<ZoneName>,
    /// `picture`
    pub picture: Option<PictureUrl>,
}

impl Profile {
    /// The profile that was `before` with this in it. Other claims of it stay as they are.
    pub(super) fn put_into(self, before: Value) -> Value {
        let mut claims = if let Value::Object(claims) = before { claims } else { Map::new() };
        let values = [
            ("given_name", self.given_name.map(String::from)),
            ("family_name", self.family_name.map(String::from)),
            ("locale", self.locale.map(String::from)),
            ("zoneinfo", self.zone.map(String::from)),
            ("picture", self.picture.map(String::from)),
        ];
        for (name, value) in values {
            match value {
                Some(value) => claims.insert(name.to_owned(), value.into()),
                None => claims.remove(name),
            };
        }
        Value::Object(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A9
    #[test]
    fn only_what_is_of_the_right_form_is_taken() {
        for good in ["en", "en-GB", "de-CH-1996", "zh-Hant-TW", "sl-rozaj-biske", "en-x-private"] {
            assert!(Locale::try_from(good).is_ok(), "{good}");
        }
        for bad in ["e", "1en", "en_GB", "en-", "en--GB", "en GB", "English", "en-\0", "é", "en-GB-toolongsubtag"] {
            assert_eq!(Locale::try_from(bad), Err(TextError::Malformed), "{bad:?}");
        }
        for good in
            ["UTC", "Europe/Copenhagen", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "America/Port-au-Prince"]
        {
            assert!(ZoneName::try_from(good).is_ok(), "{good}");
        }
        for bad in ["/Europe", "Europe/", "Europe//Paris", "../etc/passwd", "Europe/Ködnitz", "a/b/c/d", "+01:00"] {
            assert_eq!(ZoneName::try_from(bad), Err(TextError::Malformed), "{bad:?}");
        }
        for good in [
            "https://x.example/a.png",
            "HTTPS://x.example",
            "https://x.example:8443/a?b=c#d",
            "https://xn--bcher-kva.example/é".trim_end_matches('é'),
        ] {
            assert!(PictureUrl::try_from(good).is_ok(), "{good}");
        }
        for bad in [
            "http://x.example/a.png",
            "//x.example/a.png",
            "/a.png",
            "data:image/png;base64,AA",
            "javascript:alert(1)",
            "https://mara@x.example/",
            "https://mara:secret@x.example/",
            "https:x.example",
            "https://",
            "https:///x",
            "https://x.example/a b",
            "https://x.example/\"onload=x",
            "https://x.example/\0",
            "https:\\\\x.example/",
        ] {
            assert_eq!(PictureUrl::try_from(bad), Err(TextError::Malformed), "{bad:?}");
        }
        assert_eq!(PictureUrl::try_from(""), Err(TextError::Missing));
        let long = format!("https://x.example/{}", "a".repeat(1024));
        assert_eq!(PictureUrl::try_from(long), Err(TextError::TooLong));
    }

    #[test]
    fn what_is_left_out_goes_and_other_claims_stay() {
        let before = serde_json::json!({ "given_name": "M", "locale": "da", "birthdate": "1990-01-01" });
        let name = DisplayName::try_from("Mara").unwrap();
        let after = Profile { given_name: Some(name), ..Profile::default() }.put_into(before);
        assert_eq!(after, serde_json::json!({ "given_name": "Mara", "birthdate": "1990-01-01" }));
        assert_eq!(Profile::default().put_into(Value::Null), serde_json::json!({}));
    }
}
