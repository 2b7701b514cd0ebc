//! What a gateway is sent: a JSON document with gaps.
//!
//! The document is read first and its gaps are filled afterwards, so whatever stands in a message stays text: there is
//! nothing to escape, and nothing to forget.

use serde_json::Value;
use url::form_urlencoded;

use crate::phone::PhoneNumber;

/// A document with gaps.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Template {
    document: Value,
    /// Its members are the fields of a form.
    is_form: bool,
}

/// What a gap is filled with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Number,
    Digits,
    Text,
}

impl Gap {
    fn named(name: &str) -> Option<Self> {
        match name {
            "number" => Some(Self::Number),
            "digits" => Some(Self::Digits),
            "text" => Some(Self::Text),
            _ => None,
        }
    }
}

/// A piece of a text.
enum Piece<'a> {
    Plain(&'a str),
    /// What stands between braces, if it could be a name.
    Named(&'a str),
}

impl Template {
    /// Reads a template for this content type.
    ///
    /// # Errors
    /// What is wrong with it, in words for an operator.
    pub(super) fn parse(text: &str, content_type: &str) -> Result<Self, String> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_form = kind == "application/x-www-form-urlencoded";
        if !is_form && kind != "application/json" && !(kind.starts_with("application/") && kind.ends_with("+json")) {
            return Err(
                "sms.http.content_type must be application/json or application/x-www-form-urlencoded".to_owned()
            );
        }
        let document: Value =
            serde_json::from_str(text).map_err(|cause| format!("sms.http.body is no JSON: {cause}"))?;
        let is_flat = document.as_object().is_some_and(|members| members.values().all(Value::is_string));
        if is_form && !is_flat {
            return Err(
                "sms.http.body must be an object of texts, for its members become the fields of a form".to_owned()
            );
        }
        let mut gaps = Vec::new();
        find_gaps(&document, &mut gaps)?;
        if !gaps.contains(&Gap::Text) || !(gaps.contains(&Gap::Number) || gaps.contains(&Gap::Digits)) {
            return Err("sms.http.body must hold {text}, and {number} or {digits}".to_owned());
        }
        Ok(Self { document, is_form })
    }

    /// The document for one message.
    pub(super) fn fill(&self, to: &PhoneNumber, text: &str) -> String {
        let mut document = self.document.clone();
        fill(&mut document, to, text);
        match document {
            Value::Object(members) if self.is_form => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, value) in &members {
                    form.append_pair(name, value.as_str().unwrap_or_default());
                }
                form.finish()
            }
            document => document.to_string(),
        }
    }
}

/// Every gap in the texts of a document.
fn find_gaps(document: &Value, gaps: &mut Vec<Gap>) -> Result<(), String> {
    match document {
        Value::String(text) => {
            for piece in pieces(text) {
                if let Piece::Named(name) = piece {
                    let gap = Gap::named(name).ok_or_else(|| {
                        format!("sms.http.body holds {{{name}}}; known are {{number}}, {{digits}} and {{text}}")
                    })?;
                    gaps.push(gap);
                }
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| find_gaps(item, gaps)),
        Value::Object(members) => members.values().try_for_each(|item| find_gaps(item, gaps)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn fill(document: &mut Value, to: &PhoneNumber, text: &str) {
    match document {
        Value::String(template) => {
            let filled = pieces(template).map(|piece| match piece {
                Piece::Plain(plain) => plain,
                Piece::Named(name) => match Gap::named(name) {
                    Some(Gap::Number) => to.as_str(),
                    Some(Gap::Digits) => to.digits(),
                    Some(Gap::Text) => text,
                    None => "",
                },
            });
            *template = filled.collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, to, text)),
        Value::Object(members) => members.values_mut().for_each(|item| fill(item, to, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Cuts a text at its gaps. A brace that opens no name is a brace.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}'))
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            rest = after;
            return Some(Piece::Named(name));
        }
        // At least one character, so that a lone brace is passed.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest.get(first..).and_then(|later| later.find('{')).map_or(rest.len(), |at| first + at);
        let (plain, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Plain(plain))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const JSON: &str = "application/json";
    const FORM: &str = "application/x-www-form-urlencoded";

    fn number() -> PhoneNumber {
        PhoneNumber::try_from("+4520123456").unwrap()
    }

    /// B4: gaps are filled wherever texts stand, once, and whatever is put in stays text.
    #[test]
    fn what_is_put_in_stays_text() {
        let body =
            r#"{"to": [{"n": "{number}"}, "tel:{digits}"], "body": "<{text}>", "unicode": true, "{x": "{ {} }"}"#;
        let template = Template::parse(body, JSON).unwrap();
        let nasty = "a\"b\\c\n{number}\u{0}\",\"to\":\"x {digits} é";
        let filled: Value = serde_json::from_str(&template.fill(&number(), nasty)).unwrap();
        let expected = json!({
            "to": [{ "n": "+4520123456" }, "tel:4520123456"], "body": format!("<{nasty}>"), "unicode": true, "{x": "{ {} }",
        });
        assert_eq!(filled, expected);
    }

    /// B4: the same as the fields of a form.
    #[test]
    fn a_form_is_escaped() {
        let template = Template::parse(r#"{"To": "{number}", "Body": "{text}", "From": "Ostiary"}"#, FORM).unwrap();
        let filled = template.fill(&number(), "1 & 2=3\n@x #1");
        let mut fields: Vec<_> = form_urlencoded::parse(filled.as_bytes()).into_owned().collect();
        fields.sort();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [field("Body", "1 & 2=3\n@x #1"), field("From", "Ostiary"), field("To", "+4520123456")];
        assert_eq!(fields, expected);
    }

    /// B4 I3: what cannot work refuses to start.
    #[test]
    fn a_wrong_template_refuses_to_start() {
        for (body, kind, why) in [
            ("{", JSON, "no JSON"),
            (r#"{"to": "{number}"}"#, JSON, "must hold {text}"),
            (r#"{"text": "{text}"}"#, JSON, "{number} or {digits}"),
            (r#"{"to": "{number}", "text": "{text} {sender}"}"#, JSON, "holds {sender}"),
            (r#"{"to": "{number}", "text": "{text}", "n": 1}"#, FORM, "fields of a form"),
            (r#"["{number}", "{text}"]"#, FORM, "fields of a form"),
            (r#"["{number}", "{text}"]"#, "text/plain", "content_type"),
        ] {
            let problem = Template::parse(body, kind).unwrap_err();
            assert!(problem.contains(why), "{body}: {problem}");
        }
        for kind in ["Application/JSON; charset=utf-8", "application/vnd.gateway+json"] {
            assert!(Template::parse(r#"["{digits}", "{text}"]"#, kind).is_ok(), "{kind}");
        }
    }
}
