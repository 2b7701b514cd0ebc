//! Strict decoding of `application/x-www-form-urlencoded` queries and bodies (RFC 6749 §3.1, §3.2 and
//! Appendix B).
//!
//! Bytes that are not UTF-8, a broken percent escape, a NUL and anything beyond the limits are
//! refused, never replaced: two parsers that repair differently are how requests get smuggled.
//! A parameter without a value counts as not sent. One that is sent twice is kept as found, because
//! whether the refusal may travel back to the client depends on *which* one it was: see
//! [`Params::single`] and [`Params::refuse_duplicates`].

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode;
use zeroize::Zeroize as _;

/// Why a query or body was refused. Names come from the request: show them escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    /// More than [`Params::MAX_BYTES`] in all.
    #[error("the request is longer than 64 KiB")]
    TooLarge,
    /// More than [`Params::MAX_COUNT`] parameters.
    #[error("the request has more than 64 parameters")]
    TooMany,
    /// A name that is longer than [`Params::MAX_NAME_BYTES`] or not text.
    #[error("the request has a parameter whose name cannot be read")]
    Name,
    /// A value longer than [`Params::MAX_VALUE_BYTES`].
    #[error("the parameter {0} is longer than 8 KiB")]
    ValueTooLong(String),
    /// A value that is not UTF-8, holds a NUL or a broken percent escape.
    #[error("the parameter {0} is not encoded as UTF-8 text")]
    Encoding(String),
    /// A parameter sent more than once (RFC 6749 §3.1).
    #[error("the parameter {0} is sent more than once")]
    Duplicated(String),
}

/// Parameters that may repeat: RFC 8707 §2, RFC 8693 §2.1.
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// Decoded parameters with non-empty values, in the order they were sent. `Debug` shows names only,
/// and values are wiped when dropped: secrets pass through here.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Most bytes of a query or body, still encoded.
    pub const MAX_BYTES: usize = 64 * 1024;
    /// Most parameters, empty ones included.
    pub const MAX_COUNT: usize = 64;
    /// Longest decoded name in bytes.
    pub const MAX_NAME_BYTES: usize = 128;
    /// Longest decoded value in bytes.
    pub const MAX_VALUE_BYTES: usize = 8 * 1024;

    /// Decodes a query string (without its `?`) or a form body.
    ///
    /// # Errors
    /// Too large, too many, or not text; never [`ParamsError::Duplicated`].
    pub fn parse(input: &[u8]) -> Result<Self, ParamsError> {
        if input.len() > Self::MAX_BYTES {
            return Err(ParamsError::TooLarge);
        }
        let mut params = Self::default();
        let mut count = 0;
        for pair in input.split(|&b| b == b'&').filter(|pair| !pair.is_empty()) {
            count += 1;
            if count > Self::MAX_COUNT {
                return Err(ParamsError::TooMany);
            }
            let mut halves = pair.splitn(2, |&b| b == b'=');
            let name = decode(halves.next().unwrap_or_default()).ok_or(ParamsError::Name)?;
            if name.len() > Self::MAX_NAME_BYTES {
                return Err(ParamsError::Name);
            }
            let value = decode(halves.next().unwrap_or_default()).ok_or_else(|| ParamsError::Encoding(name.clone()))?;
            if value.len() > Self::MAX_VALUE_BYTES {
                return Err(ParamsError::ValueTooLong(name));
            }
            if !value.is_empty() {
                params.0.push((name, value));
            }
        }
        Ok(params)
    }

    /// Adds a parameter that came by another way, with the same limits.
    ///
    /// # Errors
    /// Too many, too long, or a NUL in it.
    pub fn add(&mut self, name: &str, value: &str) -> Result<(), ParamsError> {
        if self.0.len() >= Self::MAX_COUNT {
            return Err(ParamsError::TooMany);
        }
        if name.len() > Self::MAX_NAME_BYTES || name.contains('\0') {
            return Err(ParamsError::Name);
        }
        if value.len() > Self::MAX_VALUE_BYTES {
            return Err(ParamsError::ValueTooLong(name.to_owned()));
        }
        if value.contains('\0') {
            return Err(ParamsError::Encoding(name.to_owned()));
        }
        if !value.is_empty() {
            self.push(name, value);
        }
        Ok(())
    }

    /// Adds a parameter of our own.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of `name`, in the order they were sent.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The one value of `name`.
    ///
    /// # Errors
    /// [`ParamsError::Duplicated`] when there are several.
    pub fn single(&self, name: &str) -> Result<Option<&str>, ParamsError> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(ParamsError::Duplicated(name.to_owned())),
        }
    }

    /// Checks the rule of RFC 6749 §3.1 for the whole request, unknown parameters included. Only
    /// `resource` (RFC 8707) and `audience` (RFC 8693) may repeat.
    ///
    /// # Errors
    /// [`ParamsError::Duplicated`] with the first name that is there twice.
    pub fn refuse_duplicates(&self) -> Result<(), ParamsError> {
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let twice = names.iter().zip(names.iter().skip(1)).find(|(a, b)| a == b && !REPEATABLE.contains(*a));
        match twice {
            Some((name, _)) => Err(ParamsError::Duplicated((*name).to_owned())),
            None => Ok(()),
        }
    }

    /// Names and values in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Form-decodes one name or value; `None` when it is not text.
fn decode(encoded: &[u8]) -> Option<String> {
    if !escapes_are_whole(encoded) {
        return None;
    }
    let spaced: Cow<'_, [u8]> = if encoded.contains(&b'+') {
        Cow::Owned(encoded.iter().map(|&b| if b == b'+' { b' ' } else { b }).collect())
    } else {
        Cow::Borrowed(encoded)
    };
    let text = percent_decode(&spaced).decode_utf8().ok()?;
    (!text.contains('\0')).then(|| text.into_owned())
}

/// Whether two hexadecimal digits follow every percent sign.
pub(super) fn escapes_are_whole(encoded: &[u8]) -> bool {
    encoded
        .split(|&b| b == b'%')
        .skip(1)
        .all(|after| matches!(after, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()))
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Drop for Params {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn params(text: &str) -> Params {
        Params::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn values_are_decoded_and_empty_ones_count_as_not_sent() {
        let params = params("a=1&b=x+y%2Bz&&c=&d&a%62=%C3%A9&e=1=2");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.get("b"), Some("x y+z"));
        assert_eq!(params.get("c"), None);
        assert_eq!(params.get("d"), None);
        assert_eq!(params.get("ab"), Some("é"));
        assert_eq!(params.get("e"), Some("1=2"));
        assert_eq!(Params::parse(b"").unwrap(), Params::default());
    }

    #[test]
    fn what_is_not_text_is_refused_by_name() {
        let encoding =
            |input: &[u8]| assert_eq!(Params::parse(input), Err(ParamsError::Encoding("a".to_owned())), "{input:?}");
        encoding(b"a=%ff");
        encoding(b"a=\xff");
        encoding(b"a=%C3");
        encoding(b"a=%00");
        encoding(b"a=%zz");
        encoding(b"a=100%");
        encoding(b"a=%4");
        assert_eq!(Params::parse(b"%ff=a"), Err(ParamsError::Name));
        assert_eq!(Params::parse(format!("{}=1", "n".repeat(129)).as_bytes()), Err(ParamsError::Name));
    }

    #[test]
    fn sizes_are_bounded() {
        let fits = format!("a={}", "x".repeat(8192));
        let long = format!("a={}", "x".repeat(8193));
        assert!(Params::parse(fits.as_bytes()).is_ok());
        assert_eq!(Params::parse(long.as_bytes()), Err(ParamsError::ValueTooLong("a".to_owned())));
        assert!(Params::parse("a=1&".repeat(64).as_bytes()).is_ok());
        assert_eq!(Params::parse("a=&".repeat(65).as_bytes()), Err(ParamsError::TooMany));
        assert_eq!(Params::parse(&vec![b'&'; 64 * 1024 + 1]), Err(ParamsError::TooLarge));
    }

    #[test]
    fn duplicates_are_found() {
        let twice = params("a=1&b=2&a=3&resource=x&resource=y");
        assert_eq!(twice.single("a"), Err(ParamsError::Duplicated("a".to_owned())));
        assert_eq!(twice.single("b"), Ok(Some("2")));
        assert_eq!(twice.single("c"), Ok(None));
        assert_eq!(twice.refuse_duplicates(), Err(ParamsError::Duplicated("a".to_owned())));
        assert_eq!(twice.all("a").collect::<Vec<_>>(), ["1", "3"]);
        assert!(params("a=1&A=2&resource=x&resource=y&z=&z=").refuse_duplicates().is_ok());
        assert!(params("a=1&%61=1").refuse_duplicates().is_err());
    }

    #[test]
    fn values_stay_out_of_debug() {
        assert_eq!(format!("{:?}", params("client_secret=hush")), r#"{"client_secret"}"#);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(input in prop::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(params) = Params::parse(&input) {
                let _ = params.refuse_duplicates();
                prop_assert!(params.iter().all(|(_, value)| !value.is_empty() && !value.contains('\0')));
            }
        }

        #[test]
        fn what_is_encoded_comes_back(pairs in prop::collection::vec(("[^\0]{0,20}", "[^\0]{1,40}"), 0..20)) {
            let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
            let params = Params::parse(encoded.as_bytes()).unwrap();
            let back: Vec<(String, String)> = params.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            prop_assert_eq!(back, pairs);
        }
    }
}
