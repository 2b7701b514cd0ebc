//! How fields travel: `application/x-www-form-urlencoded`, read strictly.
//!
//! A field that is there twice (unless it is a list), that is missing, or that is not UTF-8 makes the form unreadable; the
//! decoder that Leptos would take by itself guesses instead.

use axum::body::Bytes;
use http::{HeaderMap, header};
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use percent_encoding::percent_decode;
use serde::de::DeserializeOwned;

/// The `input` of every server function.
pub(super) type Form = Post<HtmlForm>;

/// Fields of an HTML form.
pub(crate) struct HtmlForm;

/// Why a form could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Not UTF-8 behind the percent signs.
    #[error("the form is not UTF-8")]
    NotText,
    /// A field is missing, there twice, or of the wrong kind.
    #[error("{0}")]
    Fields(#[from] serde_html_form::de::Error),
    /// Nothing of ours calls server functions from a script.
    #[error("forms are only read here")]
    ReadOnly,
}

impl ContentType for HtmlForm {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl FormatType for HtmlForm {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: DeserializeOwned> Decodes<T> for HtmlForm {
    type Error = Unreadable;

    fn decode(bytes: Bytes) -> Result<T, Unreadable> {
        // Percent signs never cut a character in two fields: the separators are ASCII.
        percent_decode(&bytes).decode_utf8().map_err(|_| Unreadable::NotText)?;
        Ok(serde_html_form::from_bytes(&bytes)?)
    }
}

impl<T> Encodes<T> for HtmlForm {
    type Error = Unreadable;

    fn encode(_: &T) -> Result<Bytes, Unreadable> {
        Err(Unreadable::ReadOnly)
    }
}

/// Whether the request says that its body is a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(HtmlForm::CONTENT_TYPE)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Fields {
        name: String,
        #[serde(default)]
        scope: Vec<String>,
        i: Option<String>,
    }

    fn read(text: &'static str) -> Result<Fields, Unreadable> {
        HtmlForm::decode(Bytes::from_static(text.as_bytes()))
    }

    #[test]
    fn forms_are_read_strictly() {
        let fields = read("name=a+b%C3%A9&scope=x&scope=y&extra=1").unwrap();
        assert_eq!(fields, Fields { name: "a bé".to_owned(), scope: vec!["x".to_owned(), "y".to_owned()], i: None });
        for bad in ["", "name=a&name=b", "name=%FF", "scope=x", "name=a&i=1&i=2", "name=%C3&x=%A9"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_forms_are_forms() {
        for (kind, is) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=utf-8", true),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_form(&headers), is, "{kind}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
